import Foundation
import PCCore

/// Swift86 as one of those that run cases.
final class OwnCPU {
    private static let size = 0x40_0000
    /// The page directory and the one page table.
    private static let directory: UInt32 = 0x3F_0000
    private static let table: UInt32 = 0x3F_1000

    let form: BareMachine.Form
    let machine: BareMachine
    // SAFETY: as large as the machine's memory.
    private let shadow: UnsafeMutableRawPointer
    private var mode = FuzzMode.protected32
    private var pages: [UInt32] = []
    private var hasFloat = false
    /// A case in real mode has loaded a segment register: it may have written anywhere below `realModeEnd`.
    private var hasWandered = false
    private static let realModeEnd = 0x11_0000
    /// Pages that are not zero, or were not.
    private var used: Set<UInt32> = []

    init(_ form: BareMachine.Form) {
        self.form = form
        machine = BareMachine(model: .pentiumII, memory: Self.size)
        machine.use(form)
        machine.catchesExceptions = true
        shadow = .allocate(byteCount: Self.size, alignment: 64)
        shadow.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
    }

    deinit { shadow.deallocate() }

    // MARK: Running

    /// Runs `fuzzCase` instruction by instruction.
    func run(_ fuzzCase: FuzzCase) -> CaseResult {
        start(fuzzCase)
        var result = CaseResult()
        for _ in 0..<fuzzCase.steps {
            guard step(&result) else { break }
        }
        return result
    }

    /// Runs one instruction and appends its state; false where that was an exception.
    func step(_ result: inout CaseResult) -> Bool {
        machine.step()
        if let vector = machine.takeCaught() {
            result.end = .exception
            result.vector = vector
            result.faultAddress = vector == 14 ? machine.faultAddress : 0
        } else {
            result.steps += 1
        }
        result.states.append(StepState(registers: registers, fpu: float, changes: takeChanges()))
        return result.end == .done
    }

    /// Runs `fuzzCase` for `slots` in one piece. The result holds only the last state, with all changes.
    func run(_ fuzzCase: FuzzCase, inOnePiece slots: UInt64) -> CaseResult {
        start(fuzzCase)
        machine.run(for: slots)
        var result = CaseResult()
        if let vector = machine.takeCaught() {
            result.end = .exception
            result.vector = vector
            result.faultAddress = vector == 14 ? machine.faultAddress : 0
        }
        result.states = [StepState(registers: registers, fpu: float, changes: takeChanges())]
        return result
    }

    var registers: Registers { Registers(values: machine.registerFile) }
    /// The x87's registers, where they take part in the case.
    var float: FloatRegisters? { hasFloat ? machine.cpu.fpu : nil }

    // MARK: Memory

    /// Puts the machine into the initial state of `fuzzCase`.
    func start(_ fuzzCase: FuzzCase) {
        if hasWandered { clearRealMode() }
        if pages.isEmpty || fuzzCase.mode != mode { enter(fuzzCase.mode) }
        for page in used { memset(machine.memory + Int(page), 0, 0x1000) }
        let before = used
        used.removeAll(keepingCapacity: true)
        for run in fuzzCase.memory { put(run) }
        for page in before.union(used) {
            memcpy(shadow + Int(page), machine.memory + Int(page), 0x1000)
            machine.pageWritten(page)
        }
        machine.restart(
            isProtected: mode.isProtected, segments: mode.segments,
            directory: mode.isProtected ? Self.directory : nil)
        machine.load(fuzzCase.registers.values)
        hasFloat = fuzzCase.fpu != nil
        if let fpu = fuzzCase.fpu { machine.cpu.fpu = fpu }
    }

    private func clearRealMode() {
        hasWandered = false
        memset(machine.memory, 0, Self.realModeEnd)
        memset(shadow, 0, Self.realModeEnd)
        for page in stride(from: 0, to: Self.realModeEnd, by: 0x1000) { machine.pageWritten(UInt32(page)) }
    }

    private func put(_ run: MemoryRun) {
        for (i, byte) in run.bytes.enumerated() {
            let address = run.address &+ UInt32(i)
            guard isThere(address) else { continue }
            used.insert(address & 0xFFFF_F000)
            // SAFETY: `isThere` has found the address in a page of memory.
            machine.memory.storeBytes(of: byte, toByteOffset: Int(address), as: UInt8.self)
        }
    }

    func isThere(_ address: UInt32) -> Bool { pages.contains(address & 0xFFFF_F000) }

    /// Maps the pages of `newMode` and nothing else.
    private func enter(_ newMode: FuzzMode) {
        mode = newMode
        pages = newMode.pages
        for page in used {
            memset(machine.memory + Int(page), 0, 0x1000)
            memset(shadow + Int(page), 0, 0x1000)
            machine.pageWritten(page)
        }
        used.removeAll(keepingCapacity: true)
        memset(machine.memory + Int(Self.directory), 0, 0x2000)
        // SAFETY: directory and table stand below the machine's memory size, as do all `pages`.
        machine.memory.storeBytes(of: Self.table | 7, toByteOffset: Int(Self.directory), as: UInt32.self)
        for page in pages {
            machine.memory.storeBytes(of: page | 0x67, toByteOffset: Int(Self.table) + Int(page >> 10), as: UInt32.self)
        }
    }

    private func takeChanges() -> [StepState.Change] {
        if mode == .real16, !hasWandered {
            let registers = registers
            hasWandered = mode.selectors.indices.contains { registers[10 + $0] != mode.selectors[$0] }
        }
        var changes: [StepState.Change] = []
        for page in pages {
            let now = machine.memory + Int(page)
            let before = shadow + Int(page)
            guard memcmp(now, before, 0x1000) != 0 else { continue }
            used.insert(page)
            for i in 0..<0x1000 {
                let byte = now.load(fromByteOffset: i, as: UInt8.self)
                guard byte != before.load(fromByteOffset: i, as: UInt8.self) else { continue }
                // SAFETY: both pages have 1000h bytes.
                before.storeBytes(of: byte, toByteOffset: i, as: UInt8.self)
                changes.append(StepState.Change(address: page + UInt32(i), value: byte))
            }
        }
        return changes
    }

    /// A byte of memory as it is, 0 where none is.
    func byte(_ address: UInt32) -> UInt8 {
        isThere(address) ? machine.memory.load(fromByteOffset: Int(address), as: UInt8.self) : 0
    }

    /// Puts code where the machine is about to go on, without leaving its state.
    func place(_ bytes: [UInt8], at address: UInt32) {
        put(MemoryRun(address: address, bytes: bytes))
        for page in Set(bytes.indices.map { (address &+ UInt32($0)) & 0xFFFF_F000 }) where isThere(page) {
            machine.pageWritten(page)
        }
        for i in bytes.indices where isThere(address &+ UInt32(i)) {
            // SAFETY: `isThere` has found the address in a page of memory.
            shadow.storeBytes(of: bytes[i], toByteOffset: Int(address &+ UInt32(i)), as: UInt8.self)
        }
    }
}
