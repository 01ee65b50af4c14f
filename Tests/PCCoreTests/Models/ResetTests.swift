import Testing

@testable import PCCore

/// The registers after RESET.
@Suite struct ResetTests {
    struct State: Equatable, Sendable {
        var cs, ip, flags, edx, cr0, dr6, dr7, idtLimit: UInt32
    }

    /// 8086: CS FFFFh, IP 0 [8086 FUM 2.8]; DX has the component and stepping from the 386 on. DR6 bit 12 is a one on the
    /// 486 [SDM 3B 22.23.1]; IDTR has the limit of the real-mode table up to the 486 [80286 PRM 5.4, 80386 PRM 10.1,
    /// i486 PRM 10.1], FFFFh later [SDM 3A Table 9-1]. What is undefined is 0 here.
    static let states: [(CPUModel, State)] = [
        (.i8086, State(cs: 0xFFFF, ip: 0, flags: 0xF002, edx: 0, cr0: 0, dr6: 0, dr7: 0, idtLimit: 0xFFFF)),
        (.i80186, State(cs: 0xFFFF, ip: 0, flags: 0xF002, edx: 0, cr0: 0, dr6: 0, dr7: 0, idtLimit: 0xFFFF)),
        (.i80286, State(cs: 0xF000, ip: 0xFFF0, flags: 2, edx: 0, cr0: 0, dr6: 0, dr7: 0, idtLimit: 0x3FF)),
        (
            .i80386,
            State(
                cs: 0xF000, ip: 0xFFF0, flags: 2, edx: 0x0308, cr0: 0x10, dr6: 0xFFFF_0FF0, dr7: 0x400,
                idtLimit: 0x3FF)
        ),
        (
            .i80486,
            State(
                cs: 0xF000, ip: 0xFFF0, flags: 2, edx: 0x0435, cr0: 0x6000_0010, dr6: 0xFFFF_1FF0, dr7: 0x400,
                idtLimit: 0x3FF)
        ),
        (
            .pentium,
            State(
                cs: 0xF000, ip: 0xFFF0, flags: 2, edx: 0x0543, cr0: 0x6000_0010, dr6: 0xFFFF_0FF0, dr7: 0x400,
                idtLimit: 0xFFFF)
        ),
        (
            .pentiumII,
            State(
                cs: 0xF000, ip: 0xFFF0, flags: 2, edx: 0x0652, cr0: 0x6000_0010, dr6: 0xFFFF_0FF0, dr7: 0x400,
                idtLimit: 0xFFFF)
        ),
    ]

    @Test(arguments: states) func registers(model: CPUModel, expected: State) {
        let machine = BareMachine(model: model, memory: 1 << 20)
        let cpu = machine.cpu
        // Something stands in every register before.
        for register in Register.allCases { cpu[register] = 0x0555 }
        cpu.reset()
        var state = State(
            cs: cpu[.cs], ip: cpu[.eip], flags: cpu[.eflags], edx: cpu[.edx], cr0: cpu.s.pointee.cr0, dr6: 0, dr7: 0,
            idtLimit: cpu.s.pointee.idtLimit)
        if model >= .i80386 { (state.dr6, state.dr7) = (cpu.s.pointee.dr6, cpu.s.pointee.dr7) }
        #expect(state == expected)
        for register in [Register.ds, .es, .ss] { #expect(cpu[register] == 0) }
    }

    /// The first fetch is 16 bytes below the end of what the chip addresses.
    @Test(arguments: CPUModel.allCases) func firstFetch(model: CPUModel) {
        let machine = BareMachine(model: model, memory: 1 << 20)
        let cs = machine.cpu.s.segment(SegmentNumber.cs).pointee
        #expect(cs.base &+ machine.cpu[.eip] == model.addressLines - 15)
    }

    /// ET of a 386 says whether an 80387 is there [80386 PRM 10.1].
    @Test(arguments: [true, false]) func extensionType(coprocessor: Bool) {
        let machine = BareMachine(model: .i80386, memory: 1 << 20, coprocessor: coprocessor)
        machine.cpu.reset()
        #expect(machine.cpu.s.pointee.cr0 == (coprocessor ? 0x10 : 0))
    }

    /// The machine status word: FFF0h on the 286; above it only ET, where there is a coprocessor [80386 PRM 14.8].
    @Test(arguments: [(.i80286, 0xFFF0), (.i80386, 0x10), (.i80486, 0x10)] as [(CPUModel, UInt32)])
    func machineStatusWord(model: CPUModel, value: UInt32) {
        let bench = RealModeBench(model, [0x0F, 0x01, 0xE0])
        bench.step()
        #expect(bench.word(.eax) == value)
    }
}
