import Testing

@testable import PCCore

/// The register stack: faults, tags, and the opcodes that mean the same.
@Suite struct FloatStackTests {

    @Test func overflow() {
        let m = FloatMachine()
        m.load(.one, .one, .one, .one, .one, .one, .one, .two)
        m.run(0xD9, 0xEE)
        // TOP 7, C1, SF and IE; the indefinite is pushed all the same.
        #expect(m.status == 0x3A41)
        #expect(m.st(0) == .indefinite)
        #expect(m.tags == 0x8000)
    }

    @Test func overflowThatIsNotMasked() {
        let m = FloatMachine()
        m.load(.one, .one, .one, .one, .one, .one, .one, .two)
        m.set { $0.control = 0x37E }
        m.run(0xD9, 0xEE)
        #expect(m.status == 0x82C1)
        #expect(m.st(0) == .one)
    }

    @Test func underflow() {
        let m = FloatMachine()
        m.set { $0.status = 0x200 }
        m.run(0xDE, 0xC1)
        // C1 is clear; the indefinite goes to ST(1), and the stack is popped.
        #expect(m.status == 0x0841)
        #expect(m.st(0) == .indefinite)
        #expect(m.tags == 0xFFFB)
    }

    @Test func underflowThatIsNotMasked() {
        let m = FloatMachine()
        m.set { $0.control = 0x37E }
        for bytes: (UInt8, UInt8) in [(0xDE, 0xC1), (0xD9, 0xE0), (0xD9, 0xC9), (0xDD, 0xD9), (0xD9, 0xC0)] {
            m.set { $0.status = 0 }
            m.run(bytes.0, bytes.1)
            #expect(m.status == 0x80C1)
            #expect(m.tags == 0xFFFF)
        }
    }

    @Test func exchangeWithEmptyRegisters() {
        let m = FloatMachine()
        m.load(.three)
        m.run(0xD9, 0xC9)
        #expect(m.status & 0x7F == 0x41)
        #expect(m.st(0) == .indefinite)
        #expect(m.st(1) == .three)
        let both = FloatMachine()
        both.run(0xD9, 0xCA)
        #expect(both.st(0) == .indefinite)
        #expect(both.st(2) == .indefinite)
        #expect(both.tags == 0b11_11_11_11_11_10_11_10)
    }

    /// Stores of an empty register store the indefinite of their format.
    @Test func emptyStores() {
        let m = FloatMachine()
        m.run(0xD9, 0x16, 0x00, 0x00)
        #expect(m.get32(0) == 0xFFC0_0000)
        m.run(0xDD, 0x16, 0x00, 0x00)
        #expect(m.get64(0) == 0xFFF8_0000_0000_0000)
        m.run(0xDF, 0x16, 0x00, 0x00)
        #expect(m.get16(0) == 0x8000)
        m.run(0xDB, 0x16, 0x00, 0x00)
        #expect(m.get32(0) == 0x8000_0000)
        m.run(0xDF, 0x3E, 0x00, 0x00)
        #expect(m.get64(0) == 0x8000_0000_0000_0000)
        m.run(0xDF, 0x36, 0x00, 0x00)
        #expect(m.get64(0) == 0xC000_0000_0000_0000)
        #expect(m.get16(8) == 0xFFFF)
        m.run(0xDB, 0x3E, 0x00, 0x00)
        #expect(m.get64(0) == 0xC000_0000_0000_0000)
        #expect(m.get16(8) == 0xFFFF)
        // Three of them have popped.
        #expect(m.status == 0x1841)
    }

    @Test func freeAndRotate() {
        let m = FloatMachine()
        m.load(.one, .two)
        m.set { $0.status |= 0x200 }
        m.run(0xDD, 0xC1)
        #expect(m.tags == 0xCFFF)
        m.load(.one, .two)
        m.run(0xD9, 0xF7)
        #expect(m.status == 0x3800)
        #expect(m.tags == 0x0FFF)
        m.run(0xD9, 0xF6)
        #expect(m.status == 0x3000)
        // FFREEP
        m.run(0xDF, 0xC0)
        #expect(m.status == 0x3800)
        #expect(m.tags == 0x3FFF)
    }

    /// Two opcodes, one meaning.
    @Test(
        arguments: [
            ([0xDC, 0xD1], [0xD8, 0xD1]), ([0xDC, 0xD9], [0xD8, 0xD9]), ([0xDE, 0xD1], [0xD8, 0xD9]),
            ([0xDD, 0xC9], [0xD9, 0xC9]), ([0xDF, 0xC9], [0xD9, 0xC9]), ([0xDF, 0xD1], [0xDD, 0xD9]),
            ([0xDF, 0xD9], [0xDD, 0xD9]), ([0xD9, 0xD9], [0xDD, 0xD9]),
        ] as [([UInt8], [UInt8])])
    func aliases(alias: [UInt8], opcode: [UInt8]) {
        for model in [CPUModel.i8086, .i80286, .i80386, .pentiumII] {
            let results = [alias, opcode].map { bytes in
                let m = FloatMachine(model)
                m.load(.one, .three)
                m.run(bytes[0], bytes[1])
                var registers = m.cpu.fpu
                registers.opcode = 0
                return registers
            }
            #expect(results[0] == results[1])
            let before = FloatMachine(model)
            before.load(.one, .three)
            var untouched = before.cpu.fpu
            untouched.opcode = 0
            #expect(results[0] != untouched)
        }
    }

    /// FIP, FDP and FOP are those of the last instruction that was no control instruction.
    @Test func pointers() {
        let m = FloatMachine()
        m.put32(0x40, 0x3F80_0000)
        m.run(0x90)
        m.run(0xD9, 0x06, 0x40, 0x00)
        func check(_ opcode: UInt16, _ data: UInt32) {
            #expect(m.cpu.fpu.opcode == opcode)
            #expect(m.cpu.fpu.instructionPointer == 0)
            #expect(m.cpu.fpu.instructionSelector == 0x100)
            #expect(m.cpu.fpu.dataPointer == data)
            #expect(m.cpu.fpu.dataSelector == 0x200)
        }
        check(0x106, 0x40)
        m.run(0xD9, 0x2E, 0x40, 0x00)
        m.run(0xDF, 0xE0)
        m.run(0xDB, 0xE2)
        m.run(0x9B)
        check(0x106, 0x40)
        m.run(0xDE, 0xC1)
        check(0x6C1, 0x40)
    }

    /// From the 287 on FIP points at the prefixes, on the 8087 at the opcode.
    @Test(arguments: [(CPUModel.i8086, 1 as UInt32), (.i80286, 0), (.pentiumII, 0)])
    func pointerAndPrefix(model: CPUModel, instruction: UInt32) {
        let m = FloatMachine(model)
        m.run(0x3E, 0xD9, 0x06, 0x40, 0x00)
        #expect(m.cpu.fpu.instructionPointer == instruction)
    }
}
