import PCHost
import Testing

@testable import PCCore

/// Decoded traces and the hot handlers against the plain form of every instruction, over whole boots.
@Suite struct DeterminismTraceTests {
    @Test(arguments: Guest.present, [CPUModel.i80286, .i80486, .pentiumII])
    func tracesAndPlainFormsAgree(_ guest: Guest, cpu: CPUModel) {
        let fast = Self.machine(guest, cpu, plain: false)
        let plain = Self.machine(guest, cpu, plain: true)
        var agreed: UInt64 = 0
        for count in [1_000, 50_000, 400_000, 1_500_000, 4_000_000, 8_000_000] as [UInt64] {
            guard Self.agree(fast, plain, at: count) else {
                Issue.record("\(Self.firstDifference(guest, cpu, from: agreed, to: count))")
                return
            }
            agreed = count
        }
        #expect(plain.cpu.s.pointee.isPlainOnly && !fast.cpu.s.pointee.isPlainOnly)
    }

    private static func machine(_ guest: Guest, _ cpu: CPUModel, plain: Bool) -> PC {
        let pc = BootRun(guest, cpu: cpu).pc
        pc.cpu.s.pointee.isPlainOnly = plain
        return pc
    }

    private static func agree(_ a: PC, _ b: PC, at count: UInt64) -> Bool {
        for pc in [a, b] where count > pc.instructionCount {
            _ = pc.run(instructions: count - pc.instructionCount)
        }
        return a.canonicalState() == b.canonicalState()
    }

    /// Between two counts, by halves: the first at which the machines differ, and the instruction before it.
    private static func firstDifference(_ guest: Guest, _ cpu: CPUModel, from: UInt64, to: UInt64) -> String {
        var (same, other) = (from, to)
        while other - same > 1 {
            let middle = same + (other - same) / 2
            let agrees = agree(machine(guest, cpu, plain: false), machine(guest, cpu, plain: true), at: middle)
            (same, other) = agrees ? (middle, other) : (same, middle)
        }
        let fast = machine(guest, cpu, plain: false)
        let plain = machine(guest, cpu, plain: true)
        _ = agree(fast, plain, at: same)
        let (cs, ip) = (plain.cpu[.cs], plain.cpu[.eip])
        let start = plain.cpu.s.segment(SegmentNumber.cs).pointee.base &+ ip
        let code = (0..<8).map { String(plain.bus.readByte(start &+ $0), radix: 16) }.joined(separator: " ")
        _ = agree(fast, plain, at: other)
        let registers = Register.allCases.filter { fast.cpu[$0] != plain.cpu[$0] }.map {
            "\($0.rawValue) \(String(fast.cpu[$0], radix: 16)) and \(String(plain.cpu[$0], radix: 16))"
        }
        return "at instruction \(other), \(String(cs, radix: 16)):\(String(ip, radix: 16)) \(code): \(registers)"
    }
}
