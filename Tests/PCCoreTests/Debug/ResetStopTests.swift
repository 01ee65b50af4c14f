import Testing

@testable import PCCore

/// The guest resets its CPU: told where it did so, with the CPU at its reset vector.
@Suite struct ResetStopTests {
    private static func noted(_ cause: StopHit.ResetCause, _ code: [UInt8], at instruction: UInt64, _ offset: UInt32) {
        let bench = StopBench(code)
        bench.pc.stops.resets = true
        let hit = bench.next()
        #expect(hit?.cause == .reset(cause))
        #expect(hit?.instruction == instruction && hit?.selector == 0 && hit?.offset == offset)
        #expect(hit?.linear == offset)
        #expect(bench.pc.cpu.codeAddress == 0xFFFF_FFF0)
        #expect(bench.pc.instructionCount == instruction + 1)
        // Nobody asks: it goes on.
        let free = StopBench(code)
        #expect(free.next() == nil)
        // Others do not see it.
        let other = StopBench(code)
        other.pc.stops.interrupts = [0x99]
        #expect(other.next() == nil)
    }

    @Test func port92() {
        // MOV AL, 1 / OUT 92h, AL
        Self.noted(.requested, [0xB0, 0x01, 0xE6, 0x92, 0xEB, 0xFE], at: 1, 0x1002)
    }

    @Test func keyboardController() {
        // MOV AL, FEh / OUT 64h, AL
        Self.noted(.requested, [0xB0, 0xFE, 0xE6, 0x64, 0xEB, 0xFE], at: 1, 0x1002)
    }

    @Test func tripleFault() {
        // NOP / LIDT [1010h], of one byte / INT 3
        let code: [UInt8] = [0x90, 0x0F, 0x01, 0x1E, 0x10, 0x10, 0xCC] + [UInt8](repeating: 0, count: 16)
        Self.noted(.tripleFault, code, at: 2, 0x1006)
    }

    /// With `noReboot` it is told before the end.
    @Test func withoutReboot() {
        var configuration = PCConfiguration()
        configuration.bios = [UInt8](repeating: 0x90, count: 0x1_0000)
        configuration.bios.replaceSubrange(0xFFF0..<0xFFF4, with: [0xB0, 0x01, 0xE6, 0x92])
        configuration.noReboot = true
        let pc = PC(configuration)
        pc.stops.resets = true
        guard case .stopped(let hit) = pc.run(instructions: 10) else { return #expect(Bool(false)) }
        #expect(hit.cause == .reset(.requested))
        #expect(pc.run(instructions: 10) == .shutdown)
    }

    /// Looking back, the last one is kept, and nothing else is different.
    @Test func theLastIsKept() {
        let code: [UInt8] = [0xB0, 0x01, 0xE6, 0x92]
        let bench = StopBench(code)
        bench.pc.stops.resets = true
        bench.pc.keepsRunningAtStops = true
        #expect(bench.next(50) == nil)
        #expect(bench.pc.lastHit?.cause == .reset(.requested) && bench.pc.lastHit?.instruction == 1)
        let free = StopBench(code)
        _ = free.next(50)
        #expect(free.pc.canonicalState() == bench.pc.canonicalState())
    }
}
