@testable import PCCore

/// A whole machine before the first instruction of a program at 1000h, in real mode or flat at level 0.
final class StopBench {
    static let start: UInt32 = 0x1000
    let pc: PC

    init(_ code: [UInt8], model: CPUModel = .pentiumII, isFlat: Bool = false) {
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.memory = 4 << 20
        configuration.bios = [UInt8](repeating: 0xF4, count: 0x1_0000)
        pc = PC(configuration)
        put(code, at: Self.start)
        for register in [Register.cs, .ss, .ds, .es] { pc.cpu[register] = 0 }
        if isFlat { pc.cpu.enterFlatProtectedMode() }
        pc.cpu.fpu = FloatRegisters()
        pc.cpu[.esp] = 0x8000
        pc.cpu[.eip] = Self.start
        // INT n leads to IRET.
        for vector: UInt32 in 0..<256 { put([0, 0, 0, 0x06], at: vector * 4) }
        put([0xCF], at: 0x6000)
    }

    func put(_ bytes: [UInt8], at address: UInt32) {
        for (i, byte) in bytes.enumerated() { pc.bus.memory.poke(address + UInt32(i), byte) }
    }

    func put32(_ value: UInt32, at address: UInt32) {
        put((0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }, at: address)
    }

    func get32(_ address: UInt32) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(pc.bus.memory.peek(address + $1) ?? 0) << ($1 * 8) }
    }

    /// Watches memory.
    func watch(_ first: UInt32, _ count: UInt32 = 1, isPhysical: Bool = false, _ kinds: AccessKinds = .write) {
        pc.stops.memory.append(MemoryWatch(first: first, count: count, isPhysical: isPhysical, kinds: kinds))
    }

    /// Turns paging on: the first 4 MB where they are, by a directory at 10000h and a table at 11000h.
    func enablePaging() {
        put32(0x1_1007, at: 0x1_0000)
        for page: UInt32 in 0..<1024 { put32(page << 12 | 7, at: 0x1_1000 + page * 4) }
        pc.cpu[.cr3] = 0x1_0000
        pc.cpu[.cr0] = pc.cpu[.cr0] | Core.CR0.paging
    }

    /// Runs to the next stop; nil where the limit comes first.
    func next(_ limit: UInt64 = 100_000) -> StopHit? {
        guard case .stopped(let hit) = pc.run(instructions: limit) else { return nil }
        return hit
    }

    /// The cause of an access to memory, without what is seldom of interest.
    static func write(_ address: UInt32, _ width: Int, _ old: UInt32, _ new: UInt32, watch: Int = 0) -> StopHit.Cause {
        .memory(
            address: address, physical: address, width: width, isWrite: true, old: old, new: new, watch: watch)
    }

    static func read(_ address: UInt32, _ width: Int, _ value: UInt32, watch: Int = 0) -> StopHit.Cause {
        .memory(
            address: address, physical: address, width: width, isWrite: false, old: value, new: value, watch: watch)
    }
}
