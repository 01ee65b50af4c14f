import Testing

@testable import PCCore

/// FNSTENV, FLDENV, FNSAVE, FRSTOR in the four layouts.
@Suite struct FloatLayoutTests {
    private func machine(_ mode: FloatMachine.Mode, _ model: CPUModel = .pentiumII) -> FloatMachine {
        let m = FloatMachine(model, mode)
        m.load(.one, .zero, .three)
        m.set {
            $0.control = 0x37E
            $0.status |= 0x4100
            $0.instructionPointer = 0x4_5678
            $0.instructionSelector = 0x1234
            $0.dataPointer = 0x9_ABCD
            $0.dataSelector = 0x4321
            $0.opcode = 0x5A5
        }
        return m
    }

    @Test func real16() {
        let m = machine(.real)
        m.put32(14, 0x5555_5555)
        #expect(m.run(0xD9, 0x36, 0x00, 0x00) == nil)
        // 12340h + 45678h = 579B8h; 43210h + 9ABCDh = DDDDDh
        #expect((0..<7).map { m.get16($0 * 2) } == [0x37E, 0x6900, 0x13FF, 0x79B8, 0x55A5, 0xDDDD, 0xD000])
        #expect(m.get32(14) == 0x5555_5555)
        // All exceptions are masked afterwards.
        #expect(m.cpu.fpu.control == 0x37F)
    }

    @Test func real32() {
        let m = machine(.real)
        #expect(m.run(0x66, 0xD9, 0x36, 0x00, 0x00) == nil)
        #expect((0..<7).map { m.get32($0 * 4) & 0xFFFF } == [0x37E, 0x6900, 0x13FF, 0x79B8, 0x55A5, 0xDDDD, 0xD000])
        #expect(m.get32(16) == 0x0000_55A5)
        #expect(m.get32(24) == 0x0000_D000)
    }

    @Test func protected16() {
        let m = machine(.protected)
        #expect(m.run(0x66, 0xD9, 0x35, 0x00, 0x20, 0x00, 0x00) == nil)
        #expect((0..<7).map { m.get16($0 * 2) } == [0x37E, 0x6900, 0x13FF, 0x5678, 0x1234, 0xABCD, 0x4321])
    }

    @Test func protected32() {
        let m = machine(.protected)
        #expect(m.run(0xD9, 0x35, 0x00, 0x20, 0x00, 0x00) == nil)
        #expect(
            (0..<7).map { m.get32($0 * 4) } == [
                0xFFFF_037E, 0xFFFF_6900, 0xFFFF_13FF, 0x4_5678, 0x05A5_1234, 0x9_ABCD, 0xFFFF_4321,
            ])
    }

    /// Virtual-8086 mode has the layout of real mode.
    @Test func virtual8086() {
        let p = ProtectedMachine()
        defer { withExtendedLifetime(p) {} }
        p.enterVirtual8086()
        var registers = FloatRegisters()
        registers.instructionPointer = 0x10
        registers.instructionSelector = 0xF000
        registers.opcode = 0x7FF
        p.machine.cpu.fpu = registers
        // fnstenv [0], with DS at 4000h
        for (i, byte) in ([0xD9, 0x36, 0x00, 0x00] as [UInt8]).enumerated() { p.put8(0x2200 + UInt32(i), byte) }
        p.s.pointee.eip = 0x200
        p.machine.step()
        #expect(p.get16(0x4006) == 0x0010)
        #expect(p.get16(0x4008) == 0xF7FF)
    }

    /// FSETPM tells the 287 of protected mode; CR0 does not.
    @Test func formatOfThe287() {
        let m = machine(.real, .i80286)
        m.cpu.core.setCR0(1)
        m.run(0xD9, 0x36, 0x00, 0x00)
        #expect(m.get16(6) == 0x79B8)
        m.run(0xDB, 0xE4)
        m.run(0xD9, 0x36, 0x00, 0x00)
        #expect(m.get16(6) == 0x5678)
        #expect(m.get16(8) == 0x1234)
    }

    @Test(arguments: [FloatMachine.Mode.real, .protected], [true, false])
    func environmentAndBack(mode: FloatMachine.Mode, prefixed: Bool) {
        let m = machine(mode)
        let before = m.cpu.fpu
        func both(_ opcode: UInt8) {
            let operand: [UInt8] = mode == .real ? [opcode | 6, 0, 0] : [opcode | 5, 0, 0x20, 0, 0]
            let bytes = (prefixed ? [0x66] : []) + [0xD9] + operand
            switch bytes.count {
            case 4: m.run(bytes[0], bytes[1], bytes[2], bytes[3])
            case 5: m.run(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4])
            case 6: m.run(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5])
            default: m.run(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6])
            }
        }
        both(0x30)
        m.set { registers in
            registers.status &= 0x3800
            registers.tags = 0
            registers.opcode = 0
        }
        both(0x20)
        let after = m.cpu.fpu
        #expect(after.control == before.control)
        #expect(after.status == before.status)
        #expect(after.tags == before.tags)
        #expect(after.opcode == (mode == .protected && prefixed ? 0 : before.opcode))
        let linear = UInt32(after.instructionSelector) << 4 + after.instructionPointer
        #expect(linear == (mode == .real ? 0x5_79B8 : 0x1_2340 + (prefixed ? 0x5678 : 0x4_5678)))
    }

    @Test func saveAndRestore() {
        let m = machine(.real)
        let before = m.cpu.fpu
        #expect(m.run(0xDD, 0x36, 0x00, 0x00) == nil)
        // ST(0) stands first, whatever TOP is.
        #expect(m.get64(14) == 1 << 63)
        #expect(m.get16(22) == 0x3FFF)
        #expect(m.get64(34) == 3 << 62)
        let cleared = m.cpu.fpu
        #expect(cleared.control == 0x37F)
        #expect(cleared.status == 0)
        #expect(cleared.tags == 0xFFFF)
        #expect(cleared.instructionPointer == 0)
        #expect(m.run(0xDD, 0x26, 0x00, 0x00) == nil)
        let after = m.cpu.fpu
        #expect(after.stack == before.stack)
        #expect(after.status == before.status)
        #expect(after.tags == before.tags)
    }

    /// The tags of a loaded word count only as empty or not; what is stored is worked out anew.
    @Test func tagsFollowTheContents() {
        let m = FloatMachine()
        m.set {
            $0.stack[0] = .one
            $0.stack[1] = .zero
            $0.stack[2] = .init(signExponent: 0x7FFF, significand: 1 << 63)
            $0.stack[3] = .init(signExponent: 0, significand: 1)
            $0.stack[4] = .init(signExponent: 0x4000, significand: 1)
            $0.tags = 0b11_11_11_01_00_10_10_10
        }
        #expect(m.tags == 0b11_11_11_10_10_10_01_00)
    }

    /// A store that faults changes nothing, and a load neither.
    @Test func faultsChangeNothing() {
        let m = machine(.real)
        let before = m.cpu.fpu
        #expect(m.run(0xD9, 0x36, 0xF8, 0xFF) == 13)
        #expect(m.run(0xDD, 0x36, 0xF8, 0xFF) == 13)
        #expect(m.run(0xD9, 0x26, 0xF8, 0xFF) == 13)
        #expect(m.run(0xDD, 0x26, 0xF8, 0xFF) == 13)
        #expect(m.run(0xDB, 0x3E, 0xF8, 0xFF) == 13)
        #expect(m.run(0xDF, 0x36, 0xF8, 0xFF) == 13)
        #expect(m.cpu.fpu == before)
        #expect(m.machine.peek(FloatMachine.data + 0xFFF8) == 0)
        // A conversion would raise PE, and here the fault comes before it.
        m.load(.init(signExponent: 0x3FFD, significand: 0xAAAA_AAAA_AAAA_AAAB))
        let third = m.cpu.fpu
        #expect(m.run(0xD9, 0x1E, 0xFE, 0xFF) == 13)
        #expect(m.cpu.fpu == third)
    }
}
