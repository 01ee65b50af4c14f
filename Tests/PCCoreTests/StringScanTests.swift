import Testing

@testable import PCCore

/// REP SCAS and CMPS look at eight bytes at a time; against the definition, element by element.
@Suite struct StringScanTests {
    @Test(arguments: [1 as UInt32, 2, 4]) func endsWhereTheDefinitionDoes(size: UInt32) {
        var random = Lehmer(state: UInt64(size) * 977)
        let machine = BareMachine(model: .pentium, memory: 1 << 20)
        for _ in 0..<3_000 {
            let compares = Bool.random(using: &random)
            let untilEqual = Bool.random(using: &random)
            let count = UInt32.random(in: 0...40, using: &random)
            let (first, second) = (
                0x4000 + UInt32.random(in: 0...9, using: &random), 0x6000 + UInt32.random(in: 0...9, using: &random)
            )
            // Bytes that are mostly alike or mostly not, with neighbours that a borrow could mistake for zero.
            let common: UInt8 = untilEqual ? 0x01 : 0x00
            for i in 0..<200 as Range<UInt32> {
                let rare = UInt8.random(in: 0...29, using: &random) == 0
                machine.poke(first + i, rare ? 0x80 : untilEqual ? 0x5A : 0x33)
                machine.poke(second + i, rare ? 0x33 : untilEqual ? 0x5A ^ common : 0x33)
            }
            machine.enter(.protected32)
            machine.usesTraces = true
            let prefix: UInt8 = untilEqual ? 0xF2 : 0xF3
            let opcode: UInt8 = (compares ? 0xA6 : 0xAE) | (size == 1 ? 0 : 1)
            // HLT comes behind: a step has one element at a time, a slice all of them.
            let bytes = (size == 2 ? [0x66, prefix, opcode] : [prefix, opcode]) + [0xF4]
            for (i, byte) in bytes.enumerated() { machine.poke(0x1000 + UInt32(i), byte) }
            machine.cpu[.eax] = 0x3333_3333
            machine.cpu[.ecx] = count
            machine.cpu[.esi] = first
            machine.cpu[.edi] = second
            func element(_ at: UInt32) -> UInt32 {
                (0..<size).reduce(0) { $0 | UInt32(machine.peek(at + $1)) << (8 * $1) }
            }
            var done: UInt32 = 0
            let mask: UInt32 = size == 4 ? .max : 1 << (8 * size) - 1
            while done < count {
                let left = compares ? element(first + done * size) : 0x3333_3333 & mask
                let isEqual = left == element(second + done * size)
                done += 1
                if isEqual == untilEqual { break }
            }
            machine.cpu.run(until: machine.scheduler.now + 1_000)
            #expect(machine.cpu[.ecx] == count - done)
            #expect(machine.cpu[.edi] == second + done * size)
            #expect(machine.cpu[.esi] == first + (compares ? done * size : 0))
            #expect(machine.cpu[.eip] == 0x1000 + UInt32(bytes.count))
        }
    }
}
