import Testing

@testable import PCCore

/// Hot handlers that read one place and write another, where both need the same TLB entry: they are 8 MB apart.
@Suite struct TwoAccessTests {
    /// As far apart as the TLB is large.
    static let distance = UInt32(TLBSize.data) << 12

    static func machine(_ code: [UInt8]) -> BareMachine {
        let machine = BareMachine(model: .pentium, memory: 16 << 20)
        machine.enter(.protected32)
        machine.usesTraces = true
        for (i, byte) in code.enumerated() { machine.poke(0x1000 + UInt32(i), byte) }
        return machine
    }

    static func put(_ machine: BareMachine, _ at: UInt32, _ value: UInt32) {
        for i in 0..<4 as Range<UInt32> { machine.poke(at + i, UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }

    static func value(_ machine: BareMachine, _ at: UInt32) -> UInt32 {
        (0..<4 as Range<UInt32>).reduce(0) { $0 | UInt32(machine.peek(at + $1)) << (8 * $1) }
    }

    @Test(.timeLimit(.minutes(1))) func push() {
        let from = 0x7F00 + Self.distance
        let machine = Self.machine([0xFF, 0x35] + (0..<4).map { UInt8(truncatingIfNeeded: from >> (8 * $0)) })
        Self.put(machine, from, 0x1234_5678)
        machine.step()
        #expect(machine.cpu[.esp] == 0x7FFC)
        #expect(Self.value(machine, 0x7FFC) == 0x1234_5678)
    }

    @Test(.timeLimit(.minutes(1))) func call() {
        let from = 0x7F00 + Self.distance
        let machine = Self.machine([0xFF, 0x15] + (0..<4).map { UInt8(truncatingIfNeeded: from >> (8 * $0)) })
        Self.put(machine, from, 0x4000)
        machine.step()
        #expect(machine.cpu[.eip] == 0x4000)
        #expect(Self.value(machine, 0x7FFC) == 0x1006)
    }

    @Test(.timeLimit(.minutes(1))) func move() {
        let machine = Self.machine([0xA5])
        machine.cpu[.esi] = 0x6000 + Self.distance
        machine.cpu[.edi] = 0x6000
        Self.put(machine, 0x6000 + Self.distance, 0xCAFE_F00D)
        machine.step()
        #expect(Self.value(machine, 0x6000) == 0xCAFE_F00D)
        #expect(machine.cpu[.esi] == 0x6004 + Self.distance)
        #expect(machine.cpu[.edi] == 0x6004)
    }
}
