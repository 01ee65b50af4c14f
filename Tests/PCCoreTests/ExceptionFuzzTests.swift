import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Random code over random tables: whatever a guest does, the host does not trap and the state stays consistent.
@Suite struct ExceptionFuzzTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    /// Opcodes of the privileged half, which random bytes alone would seldom give.
    private static let openings: [[UInt8]] = [
        [0x0F, 0x00], [0x0F, 0x01], [0x0F, 0x02], [0x0F, 0x03], [0x0F, 0x06], [0x0F, 0x20], [0x0F, 0x21], [0x0F, 0x22],
        [0x0F, 0x23], [0x0F, 0x30], [0x0F, 0x32], [0x0F, 0x34], [0x0F, 0x35], [0x0F, 0x05], [0x0F, 0x07], [0x0F, 0xB2],
        [0x9A], [0xEA], [0xCA], [0xCB], [0xCC], [0xCD], [0xCE], [0xCF], [0x66, 0xCF], [0x9C], [0x9D], [0x66, 0x9D],
        [0xFA], [0xFB], [0x8E], [0x07], [0x17], [0x1F], [0xFF, 0x1D], [0xFF, 0x2D], [0xF1], [0x6C], [0x6E], [0xE4],
    ]

    @Test(arguments: [CPUModel.i80286, .i80386, .i80486, .pentium, .pentiumII])
    func randomCode(model: CPUModel) {
        for seed: UInt64 in 1...24 {
            var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(model.generation))
            let m = ProtectedMachine(model, cpl: UInt8(seed % 4 == 0 ? 3 : 0))
            prepare(m, &random)
            for _ in 0..<400 {
                m.s.pointee.halted = false
                m.s.pointee.shutdown = false
                if random.next() % 16 == 0 { m.core.deliverExternal(UInt8(truncatingIfNeeded: random.next())) }
                place(m, &random)
                m.machine.step()
                check(m)
            }
        }
    }

    private func prepare(_ m: ProtectedMachine, _ random: inout Random) {
        for address in stride(from: 0x4000 as UInt32, to: 0x8000, by: 4) {
            m.put32(address, UInt32(truncatingIfNeeded: random.next()))
        }
        m.setTask(Place.taskB)
        m.setTask16(Place.task16)
        // Gates, TSSs, code and data of every sort at the free selectors and in the LDT.
        for selector in stride(from: 0x70 as UInt16, through: 0xF8, by: 8) { putRandom(m, selector, &random) }
        for selector in stride(from: 0x04 as UInt16, through: 0x7C, by: 8) { putRandom(m, selector, &random) }
        for vector in 0..<256 {
            let access = [0x8E, 0xEE, 0x8F, 0x86, 0xE7, 0x85, 0x0E, 0xE5][Int(random.next() % 8)] as UInt8
            m.setVector(UInt8(vector), access, someSelector(&random), 0x4000 + UInt32(random.next() % 0x4000))
        }
        for word in 0..<0x40 { m.put32(UInt32(word) * 4, UInt32(truncatingIfNeeded: random.next())) }
        if random.next() % 2 == 0, m.s.pointee.model >= .i80386 { m.startPaging() }
        if random.next() % 4 == 0, m.s.pointee.model >= .i80386 { m.enterVirtual8086(iopl: UInt32(random.next() % 4)) }
        if random.next() % 2 == 0, m.s.pointee.model >= .pentium { m.s.pointee.cr4 = 0x1F }
    }

    private func someSelector(_ random: inout Random) -> UInt16 { UInt16(truncatingIfNeeded: random.next() % 0x108) }

    private func putRandom(_ m: ProtectedMachine, _ selector: UInt16, _ random: inout Random) {
        let access = UInt8(truncatingIfNeeded: random.next()) | 0x80
        if access & 0x10 != 0 {
            m.setSegment(selector, 0, 0xF_FFFF, access, UInt8(truncatingIfNeeded: random.next()) & 0xF0)
        } else if [4, 5, 12].contains(access & 15) {
            m.setGate(selector, access, someSelector(&random), 0x4000 + UInt32(random.next() % 0x4000), count: 3)
        } else {
            m.setSegment(selector, [Place.taskB, Place.task16, Place.ldt][Int(random.next() % 3)], 0x7F, access, 0)
        }
    }

    /// An instruction where the machine stands, and operands that mean something to it.
    private func place(_ m: ProtectedMachine, _ random: inout Random) {
        let cs = m.s.segment(SegmentNumber.cs).pointee.base
        let at = (cs &+ m.eip) & 0x1F_FFFF
        var bytes = Self.openings[Int(random.next() % UInt64(Self.openings.count))]
        let tail = random.next()
        let selector = someSelector(&random)
        bytes += [
            UInt8(truncatingIfNeeded: tail), UInt8(truncatingIfNeeded: tail >> 8) & 0x7F,
            UInt8(truncatingIfNeeded: selector),
            UInt8(selector >> 8), UInt8(truncatingIfNeeded: selector), UInt8(selector >> 8),
        ]
        for (i, byte) in bytes.enumerated() { m.put8(at &+ UInt32(i), byte) }
        for number in 0..<4 {
            m.core.setRegister(
                number, UInt32(random.next() % 3 == 0 ? UInt64(someSelector(&random)) : random.next() >> 32))
        }
        m.core.esp = 0x4000 + UInt32(random.next() % 0x1000) * 4
        let stack = m.s.segment(SegmentNumber.ss).pointee.base &+ m.core.stackPointer
        if random.next() % 2 == 0 {
            for i: UInt32 in 0..<10 where stack < 0x1F_0000 { m.put32(stack + i * 4, UInt32(someSelector(&random))) }
        }
    }

    private func check(_ m: ProtectedMachine, location: SourceLocation = #_sourceLocation) {
        let s = m.s
        let isOn = s.pointee.cr0 & Core.CR0.protection != 0
        let isVirtual = isOn && s.pointee.systemFlags & Flags.virtual8086 != 0
        let isConsistent =
            s.pointee.isVirtual8086 == isVirtual && s.pointee.isProtected == (isOn && !isVirtual) && s.pointee.cpl <= 3
            && (isOn || s.pointee.cpl == 0) && (!isVirtual || s.pointee.cpl == 3)
            && s.pointee.tlb == (s.pointee.cpl == 3 ? s.pointee.tlbs.userTLB : s.pointee.tlbs.supervisorTLB)
        #expect(isConsistent, sourceLocation: location)
        for number in 0..<6 {
            var segment = s.segment(number).pointee
            segment.updateBounds()
            #expect(segment == s.segment(number).pointee, sourceLocation: location)
        }
    }
}
