import Testing

@testable import PCCore

/// Instructions that cross the end of a page run from traces, and what lies on the second page is looked at each time.
@Suite struct PageCrossingTests {
    /// A loop in real mode with MOV AX, 2211h over the end of page 1; BX adds AX up.
    static func machine(_ model: CPUModel = .pentium) -> BareMachine {
        let machine = BareMachine(model: model, memory: 1 << 20)
        machine.enter(.real)
        machine.usesTraces = true
        machine.cpu[.eip] = 0x1FFE
        // mov ax, 2211h; add bx, ax; jmp 1FFEh
        for (i, byte) in [0xB8, 0x11, 0x22, 0x01, 0xC3, 0xEB, 0xF9].enumerated() {
            machine.poke(0x1FFE + UInt32(i), UInt8(byte))
        }
        return machine
    }

    static func round(_ machine: BareMachine) { for _ in 0..<3 { machine.step() } }

    @Test(arguments: [CPUModel.i8086, .i80286, .i80386, .pentium])
    func runsFromATrace(_ model: CPUModel) {
        let machine = Self.machine(model)
        machine.cpu[.ebx] = 0
        for _ in 0..<3 { Self.round(machine) }
        #expect(machine.cpu[.eip] == 0x1FFE)
        #expect(machine.cpu[.ebx] == 3 * 0x2211)
        #expect(machine.cpu.core.trace(0x1FFE, 0x1FFE) != nil, "it has a trace")
    }

    /// By DMA, which is what `poke` does, and by a store of the program.
    @Test func bytesOnEitherPageAreSeen() {
        let machine = Self.machine()
        machine.cpu[.ebx] = 0
        Self.round(machine)
        machine.poke(0x2000, 0x33)
        Self.round(machine)
        #expect(machine.cpu[.eax] & 0xFFFF == 0x3311)
        machine.poke(0x1FFF, 0x44)
        Self.round(machine)
        #expect(machine.cpu[.eax] & 0xFFFF == 0x3344)
        machine.poke(0x1FFE, 0xBD)  // mov bp
        Self.round(machine)
        #expect(machine.cpu[.ebp] & 0xFFFF == 0x3344)
    }

    @Test func theLimitOfTheSegmentIsSeen() {
        let machine = Self.machine()
        Self.round(machine)
        machine.catchesExceptions = true
        machine.cpu.s.segment(SegmentNumber.cs).pointee.limit = 0x1FFF
        machine.cpu.core.updateCodeKey()
        machine.step()
        #expect(machine.takeCaught() == Fault.Vector.generalProtection)
        #expect(machine.cpu[.eip] == 0x1FFE)
    }

    /// The second page is mapped elsewhere, then not at all.
    @Test func theSecondPageMayMove() {
        let machine = BareMachine(model: .pentium, memory: 1 << 20)
        machine.enter(.protected32)
        machine.usesTraces = true
        func put(_ at: UInt32, _ value: UInt32) {
            for i in 0..<4 as Range<UInt32> { machine.poke(at + i, UInt8(truncatingIfNeeded: value >> (8 * i))) }
        }
        put(0x2_0000, 0x2_1007)
        for page in 0..<256 as Range<UInt32> { put(0x2_1000 + page * 4, page << 12 | 7) }
        machine.cpu[.cr3] = 0x2_0000
        machine.cpu[.cr0] |= Core.CR0.paging
        machine.cpu.core.flushTLB()
        // mov eax, 44332211h with the last two bytes on page 2, and on page 3 two others.
        for (i, byte) in [0xB8, 0x11, 0x22, 0x33, 0x44].enumerated() { machine.poke(0x1FFD + UInt32(i), UInt8(byte)) }
        machine.poke(0x3000, 0x55)
        machine.poke(0x3001, 0x66)
        func run() {
            machine.cpu[.eip] = 0x1FFD
            machine.step()
        }
        run()
        #expect(machine.cpu[.eax] == 0x4433_2211)
        put(0x2_1008, 0x3007)
        machine.cpu.core.flushTLB()
        run()
        #expect(machine.cpu[.eax] == 0x6655_2211)
        put(0x2_1008, 0)
        machine.cpu.core.flushTLB()
        machine.catchesExceptions = true
        run()
        #expect(machine.takeCaught() == Fault.Vector.pageFault)
        #expect(machine.cpu[.cr2] == 0x2000)
        #expect(machine.cpu[.eip] == 0x1FFD)
    }
}
