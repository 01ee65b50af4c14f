import Testing

@testable import PCCore

/// Code that changes itself, under stops of every kind: what is met does not depend on how the code runs, and the machine
/// does not depend on the stops.
@Suite struct StopOracleTests {
    private static func bench(_ program: SelfModifyingProgram, watched: Bool, isPlainOnly: Bool = false) -> StopBench {
        let bench = StopBench([], isFlat: !program.is16Bit)
        // INT: ADD DX, n / IRET
        for vector: UInt32 in 0..<8 {
            bench.put([0x81, 0xC2, UInt8(vector), 0x11, 0xCF], at: 0x800 + vector * 8)
            bench.put([UInt8(vector * 8), 8], at: vector * 4)
            bench.put([0, 0], at: vector * 4 + 2)
        }
        bench.put(program.code, at: program.origin)
        let cpu = bench.pc.cpu
        cpu[.eax] = program.is16Bit ? 0x77 : 0x20100
        cpu[.ecx] = 150
        cpu[.edx] = 1
        cpu[.esp] = program.is16Bit ? 0x1F00 : 0x28000
        cpu[.eip] = program.origin
        cpu.s.pointee.isPlainOnly = isPlainOnly
        guard watched else { return bench }
        let size = UInt32(program.code.count)
        bench.watch(program.origin, size)
        bench.watch(program.origin + size / 2, 3, isPhysical: true, .read)
        bench.watch(program.is16Bit ? 0x1EFC : 0x27FFC, 2, [.read, .write])
        bench.pc.stops.breakpoints = [program.origin + 5, program.origin + size / 2, program.origin + size - 2]
        bench.pc.stops.interrupts = [0, 3]
        return bench
    }

    private static let length: UInt64 = 6000

    /// What is met in a run of `length` instructions in slices.
    private static func hits(_ bench: StopBench, _ slice: (UInt64) -> UInt64) -> [StopHit] {
        var hits: [StopHit] = []
        while bench.pc.instructionCount < length {
            let left = length - bench.pc.instructionCount
            if let hit = bench.next(min(left, slice(left))) { hits.append(hit) }
        }
        return hits
    }

    @Test(arguments: SelfModifyingProgram.all)
    func whatIsMetDoesNotDependOnHow(_ program: SelfModifyingProgram) {
        let free = Self.bench(program, watched: false)
        let whole = Self.bench(program, watched: true)
        let plain = Self.bench(program, watched: true, isPlainOnly: true)
        let pieces = Self.bench(program, watched: true)
        _ = free.pc.run(instructions: Self.length)
        let expected = Self.hits(plain) { $0 }
        #expect(!expected.isEmpty)
        #expect(Self.hits(whole) { $0 } == expected)
        #expect(Self.hits(pieces) { 1 + ($0 ^ $0 >> 3) % 11 } == expected)
        let state = free.pc.canonicalState()
        for bench in [whole, plain, pieces] { #expect(bench.pc.canonicalState() == state) }
        let last = Self.bench(program, watched: true)
        last.pc.keepsRunningAtStops = true
        #expect(last.pc.run(instructions: Self.length) == .sliceEnd)
        #expect(last.pc.lastHit == expected.last { $0.instruction < Self.length })
        #expect(last.pc.canonicalState() == state)
    }
}
