import Testing

@testable import PCCore

/// What the 286 and the 8086 leave behind where an instruction faults in real mode; later chips leave all as it was.
@Suite struct OverrunTests {
    /// A machine at 0:100h before `code`, with all vectors to 0:0 and its stack at 0:1000h.
    private func machine(_ model: CPUModel, _ code: [UInt8], coprocessor: Bool = true) -> BareMachine {
        let machine = BareMachine(model: model, memory: 1 << 20, coprocessor: coprocessor)
        machine.cpu.reset()
        for register in [Register.cs, .ss, .ds, .es] { machine.cpu[register] = 0 }
        machine.cpu[.esp] = 0x1000
        machine.cpu[.eip] = 0x100
        for (i, byte) in code.enumerated() { machine.poke(0x100 + UInt32(i), byte) }
        return machine
    }

    /// REP forms with CX = 5; SI and DI are at FFFFh where the element is to run over the segment.
    @Test(
        arguments: [
            (0xAB, 0x200, 0xFFFF, [0x200, 1, 3]), (0xAD, 0xFFFF, 0x300, [1, 0x300, 4]), (0xAF, 0, 0xFFFF, [0, 1, 4]),
            (0xA5, 0xFFFF, 0x300, [1, 0x300, 4]), (0xA5, 0x200, 0xFFFF, [0x202, 1, 3]),
            (0xA7, 0xFFFF, 0x300, [1, 0x302, 4]), (0xA7, 0x200, 0xFFFF, [0x200, 1, 5]),
            (0x6D, 0x200, 0xFFFF, [0x200, 1, 3]), (0x6F, 0xFFFF, 0x300, [1, 0x300, 4]),
        ] as [(UInt8, UInt32, UInt32, [UInt32])])
    func strings(opcode: UInt8, si: UInt32, di: UInt32, left: [UInt32]) {
        for model in [CPUModel.i80286, .i80386] {
            let machine = machine(model, [0xF3, opcode])
            machine.cpu[.esi] = si
            machine.cpu[.edi] = di
            machine.cpu[.ecx] = 5
            machine.step()
            #expect(machine.cpu[.esp] == 0xFFA)
            #expect(
                [machine.cpu[.esi], machine.cpu[.edi], machine.cpu[.ecx]] == (model == .i80286 ? left : [si, di, 5]))
        }
    }

    /// POP [SI] with the target at FFFFh.
    @Test(arguments: [(CPUModel.i80286, 0xFFC as UInt32), (.i80386, 0xFFA)]) func pop(model: CPUModel, esp: UInt32) {
        let machine = machine(model, [0x8F, 0x04])
        machine.cpu[.esi] = 0xFFFF
        machine.step()
        #expect(machine.cpu[.esp] == esp)
    }

    /// POP r/m with a number in the reg field: invalid from the 286 on.
    @Test(arguments: [CPUModel.i8086, .i80186, .i80286, .i80486, .pentiumII]) func popNumbers(model: CPUModel) {
        let machine = machine(model, [0x8F, 0xC8])
        machine.step()
        #expect(machine.cpu[.esp] == (model <= .i80186 ? 0x1002 : 0xFFA))
    }

    /// FMUL dword [DI] without a coprocessor: the 286 looks at the first word of the operand.
    @Test(arguments: [CPUModel.i80286, .i80386]) func escape(model: CPUModel) {
        let machine = machine(model, [0xD8, 0x0D], coprocessor: false)
        machine.cpu[.edi] = 0xFFFF
        machine.step()
        #expect(machine.cpu[.esp] == (model == .i80286 ? 0xFFA : 0x1000))
    }

    /// AAM 0 on the 8086: the flags of a result of 0 are pushed.
    @Test func aamByZero() {
        let machine = machine(.i8086, [0xD4, 0x00])
        machine.cpu[.eax] = 0x1234
        machine.step()
        #expect(machine.peek(0xFFE) == 0x46)
        #expect(machine.cpu[.eax] == 0x1234)
    }
}
