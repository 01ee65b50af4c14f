import PCCore
import Testing

/// AX becomes the sum of the CX words at DS:SI.
private let sum: [UInt8] = [
    0x31, 0xC0,  // 1000  xor ax, ax
    0x03, 0x04,  // 1002  again: add ax, [si]
    0x83, 0xC6, 0x02,  // 1004  add si, 2
    0xE2, 0xF9,  // 1007  loop again
    0xC3,  // 1009  ret
]

@Suite struct InstructionExampleTests {
    /// Real mode: registers and memory in, registers out.
    @Test func sumsWords() {
        let machine = BareMachine(model: .i80286, memory: 1 << 20)
        machine.enter(.real)
        machine.catchesExceptions = true
        machine.load(sum, at: 0x1000)
        machine[.cx] = 3
        machine[.si] = 0x2000
        machine.write([0x34, 0x12, 0x01, 0x00, 0xFF, 0x00], at: 0x2000)
        machine.markState()

        let outcome = machine.run(steps: 100, until: 0x1009)

        #expect(outcome == .init(ending: .reached, steps: 10))
        #expect(machine[.ax] == 0x1334)
        #expect(machine[.cf] == 0)
        #expect(machine.registerChanges.map(\.name) == ["ax", "cx", "si", "ip", "flags"])
        #expect(machine.memoryChanges.isEmpty)
    }

    /// An exception is caught and can be looked at.
    @Test func dividingByZeroFaults() {
        let machine = BareMachine(model: .i80386, memory: 1 << 20)
        machine.enter(.real)
        machine.catchesExceptions = true
        machine.load([0x31, 0xC9, 0xF7, 0xF1], at: 0x1000)  // xor cx, cx / div cx

        let outcome = machine.run(steps: 10)

        #expect(outcome.ending == .caught(CaughtEvent(vector: 0)))
        #expect(machine[.ip] == 0x1002)
    }

    /// Protected mode with a descriptor of our own: its limit holds.
    @Test func theLimitOfASegmentHolds() {
        let machine = BareMachine(model: .i80486, memory: 1 << 20)
        machine.enter(.protected32, privilege: 3)
        machine.catchesExceptions = true
        let selector = BareMachine.Selector.free | 3
        machine.install(SegmentDescriptor(.data(), base: 0x2000, limit: 0xFFF, privilege: 3), at: selector)
        machine[.ds] = UInt32(selector)
        machine.write(0x1234_5678 as UInt32, at: 0x2FFC)
        machine.load([0xA1, 0xFC, 0x0F, 0, 0, 0xA1, 0xFD, 0x0F, 0, 0], at: 0x1000)  // mov eax, [0FFCh] / [0FFDh]

        let outcome = machine.run(steps: 2)

        #expect(outcome.ending == .caught(CaughtEvent(vector: 13, errorCode: 0)))
        #expect(machine[.eax] == 0x1234_5678)
        #expect(machine[segment: .ds].base == 0x2000)
    }

    /// A gate of our own: INT from level 3 comes to a handler of level 0, on the stack of the TSS.
    @Test func anInterruptChangesTheLevel() {
        let machine = BareMachine(model: .pentium, memory: 1 << 20)
        machine.enter(.protected32, privilege: 3)
        let code0 = BareMachine.Selector.code(.protected32, 0)
        machine.install(GateDescriptor(.interrupt32, selector: code0, offset: 0x3000, privilege: 3), vector: 0x80)
        machine.write([0xF4], at: 0x3000)  // hlt
        machine.load([0xCD, 0x80], at: 0x1000)  // int 80h

        #expect(machine.run(steps: 10).ending == .halted)

        #expect(machine[.cs] == UInt32(code0))
        #expect(machine[.eip] == 0x3001)
        let stack = machine[segment: .ss].base + machine[.esp]
        #expect(machine.read(at: stack, as: UInt32.self) == 0x1002)  // the EIP to return to
    }

    /// What was executed, a line for each instruction.
    @Test func aTraceShowsTheWay() {
        let machine = BareMachine(model: .i80286, memory: 1 << 20)
        machine.enter(.real)
        machine.load([0xB8, 0x34, 0x12, 0xF7, 0xD8], at: 0x1000)  // mov ax, 1234h / neg ax

        let lines = machine.trace { machine.run(steps: 2) }

        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("         1\t0000:1000\tB83412        \tmov ax, 0x1234") == true)
        #expect(lines.last?.hasSuffix("\tax=EDCC flags=0097") == true)
    }
}
