import PCCore

extension BootPlan {
    /// The options that say what the machine is, of those that were given.
    static func machineOptions(_ options: BootOptions) -> Set<String> {
        let all: [(String, Bool)] = [
            ("--machine", options.machine != nil), ("--cpu", options.cpu != nil), ("--memory", options.memory != nil),
            ("--mips", options.mips != nil), ("--bios", options.bios != nil), ("--vga-bios", options.vgaBIOS != nil),
            ("--rtc", options.rtc != nil), ("--disk-timing", options.diskTiming != nil), ("--no-fpu", options.noFPU),
            ("--no-reboot", options.noReboot), ("--serial-mouse", options.serialMouse != nil),
            ("--parallel", options.parallel ?? "none" != "none"), ("--debug-exit", options.debugExit),
            ("--boot", options.boot != nil), ("--kernel", options.kernel != nil),
        ]
        return Set(all.filter(\.1).map(\.0))
    }

    /// This plan for the machine of a state. An option that asks for another machine is refused.
    func machine(of file: StateFile, _ path: String) throws(BadInput) -> BootPlan {
        do throws(StateFault) {
            try check(file.description)
        } catch {
            throw error.input(path)
        }
        let state = file.description
        var plan = self
        plan.cpu = state.cpu
        plan.memory = state.memory
        plan.rate = state.rate
        plan.startTime = state.startTime
        plan.realDiskTiming = state.realDiskTiming
        plan.coprocessor = state.coprocessor
        plan.noReboot = state.noReboot
        plan.debugExit = state.debugExit
        plan.mouse = state.mouse
        plan.boot = state.boot
        plan.kernel = kernel ?? state.kernel?.plan
        return plan
    }

    private func check(_ state: MachineDescription) throws(StateFault) {
        let same: [(name: String, isSame: Bool, instead: String)] = [
            ("--machine", cpu == state.cpu && memory == state.memory && nominal == state.rate, "another one"),
            ("--cpu", cpu == state.cpu, state.cpu.rawValue),
            ("--memory", memory == state.memory, "\(state.memory >> 10)K"),
            ("--mips", nominal == state.rate, "\(state.rate) instructions a second"),
            ("--rtc", startTime == state.startTime, "another start time"),
            ("--disk-timing", realDiskTiming == state.realDiskTiming, state.realDiskTiming ? "real" : "fast"),
            ("--no-fpu", coprocessor == state.coprocessor, "a coprocessor"),
            ("--no-reboot", noReboot == state.noReboot, "a reset"),
            ("--debug-exit", debugExit == state.debugExit, "no port F4h"),
            ("--serial-mouse", mouse == state.mouse, state.mouse.name),
            ("--parallel", state.hasPrinter, "no printer"),
            ("--boot", boot == state.boot, state.boot?.rawValue ?? "any"),
            ("--kernel", state.kernel != nil, "none"),
            ("--bios", try isROM(biosPath, state.bios), "another one"),
            ("--vga-bios", try isROM(vgaBIOSPath, state.vgaBIOS), "another one"),
        ]
        for (name, isSame, instead) in same where askedOptions.contains(name) && !isSame {
            throw StateFault("\(name) asks for another machine than it was saved from (\(instead)); leave \(name) out")
        }
        if state.mouse == .com1, serial != .none {
            throw StateFault("has the mouse at COM1; leave --serial out")
        }
    }

    private var nominal: UInt64 { rate ?? cpu.nominalRate }

    private func isROM(_ path: String?, _ digest: String) throws(StateFault) -> Bool {
        guard let path else { return true }
        do {
            return SHA256Text.of(try HostFile.read(path, limit: 16 << 20)) == digest
        } catch {
            throw StateFault(of: error)
        }
    }
}

extension StateFault {
    /// Something else is wrong, which says itself what.
    init(of input: BadInput) { self.init("cannot be loaded: \(input.message)") }
}
