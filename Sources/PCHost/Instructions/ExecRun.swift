import PCCore

/// A plan carried out on a bare machine, and what came of it.
public final class ExecRun {
    /// Why the run is over.
    enum Ending: Equatable {
        case steps, reached, halted, shutDown, limit
        case caught(CaughtEvent)

        var name: String {
            switch self {
            case .steps: "steps"
            case .reached: "reached"
            case .halted: "halted"
            case .shutDown: "shutdown"
            case .limit: "limit"
            case .caught: "exception"
            }
        }
    }

    let plan: ExecPlan
    let machine: BareMachine
    let ending: Ending
    /// Whole instructions that were executed.
    let steps: Int
    let traceLines: [String]

    /// Sets the machine up and runs it. The code runs up to its end unless the plan says otherwise.
    public init(_ plan: ExecPlan) throws(BadInput) {
        self.plan = plan
        let machine = BareMachine(model: plan.cpu, memory: plan.memory, allocator: .mapped)
        self.machine = machine
        let setup = ExecSetup(plan, machine)
        let start = try setup.prepare()
        var end: UInt32?
        if let until = plan.until {
            end = try setup.codeAddress(until, option: "--until")
        } else if plan.steps == nil {
            end = start &+ UInt32(truncatingIfNeeded: plan.code.count)
        }
        machine.catchesExceptions = !plan.delivers
        machine.markState()
        var outcome = BareMachine.Outcome(ending: .steps, steps: 0)
        if plan.traces {
            traceLines = machine.trace { outcome = machine.run(steps: plan.steps ?? plan.limit, until: end) }
        } else {
            traceLines = []
            outcome = machine.run(steps: plan.steps ?? plan.limit, until: end)
        }
        steps = outcome.steps
        ending =
            switch outcome.ending {
            case .steps: plan.steps == nil ? .limit : .steps
            case .reached: .reached
            case .halted: .halted
            case .shutDown: .shutDown
            case .caught(let event): .caught(event)
            }
    }

    /// 0 where the run came as far as was asked for. HLT is an end like another unless a place was named.
    public var status: ExitStatus {
        switch ending {
        case .steps, .reached: .success
        case .halted: plan.until == nil ? .success : .unmet
        case .caught: .unmet
        case .shutDown: .dead
        case .limit: .limit
        }
    }
}

/// Puts what a plan says into a bare machine.
private struct ExecSetup {
    let plan: ExecPlan
    let machine: BareMachine

    init(_ plan: ExecPlan, _ machine: BareMachine) {
        self.plan = plan
        self.machine = machine
    }

    /// Gives the physical address of the code.
    func prepare() throws(BadInput) -> UInt32 {
        machine.enter(plan.mode, privilege: plan.privilege)
        if plan.mode == .real, plan.delivers { machine.installRealHandlers() }
        try placeCode()
        let start = machine.codeAddress
        try checkRoom(start, plan.code.count, "--at: the code")
        machine.write(plan.code, at: start)
        for (address, bytes, text) in plan.content {
            let linear = try dataAddress(address, option: "--mem \(text)")
            try checkRoom(linear, bytes.count, "--mem \(text):")
            machine.write(bytes, at: linear)
        }
        for (register, value, text) in plan.settings {
            if isProtected, register.isSelector, !machine.hasDescriptor(UInt16(truncatingIfNeeded: value)) {
                throw BadInput("--set \(text): there is no such descriptor; the GDT has 8 to 7F8h")
            }
            register.write(value, to: machine)
        }
        return start
    }

    private var isProtected: Bool { plan.mode == .protected16 || plan.mode == .protected32 }

    private func placeCode() throws(BadInput) {
        switch plan.at {
        case .segmented(let selector, let offset):
            if isProtected, selector & 0xFFFC == 0 || !machine.hasDescriptor(selector) {
                throw BadInput("--at: the GDT has no code segment \(HexText.number(selector, digits: 4))h")
            }
            try checkOffset(offset, "--at")
            machine[.cs] = UInt32(selector)
            machine.cpu[.eip] = offset
        case .linear(let address):
            if isProtected {
                try checkOffset(address, "--at")
                machine.cpu[.eip] = address
            } else if address <= 0xFFFF {
                machine.cpu[.eip] = address
            } else {
                guard address <= 0xF_FFFF else {
                    throw BadInput("--at: \(plan.mode.rawValue) mode reaches addresses up to FFFFFh")
                }
                machine[.cs] = address >> 4
                machine.cpu[.eip] = address & 15
            }
        }
    }

    private func checkOffset(_ offset: UInt32, _ option: String) throws(BadInput) {
        guard plan.mode == .protected32 || offset <= 0xFFFF else {
            throw BadInput("\(option): an offset of \(plan.mode.rawValue) mode is at most FFFFh")
        }
    }

    private func checkRoom(_ address: UInt32, _ count: Int, _ what: String) throws(BadInput) {
        guard Int(address) + count <= plan.memory else {
            throw BadInput(
                "\(what) does not fit into memory, which ends at \(HexText.number(UInt32(plan.memory - 1), digits: 5))h"
            )
        }
    }

    /// The address that stands for a place in the code segment.
    func codeAddress(_ address: OptionValue.Address, option: String) throws(BadInput) -> UInt32 {
        if case .linear(let offset) = address, isProtected { return machine[segment: .cs].base &+ offset }
        return try dataAddress(address, option: option)
    }

    func dataAddress(_ address: OptionValue.Address, option: String) throws(BadInput) -> UInt32 {
        switch address {
        case .linear(let address): return address
        case .segmented(let selector, let offset):
            guard let base = machine.base(of: selector) else {
                throw BadInput("\(option): the GDT has no segment \(HexText.number(selector, digits: 4))h")
            }
            return base &+ offset
        }
    }
}
