import Testing

@testable import PCCore

@Suite struct PowerManagementTests {
    /// PMBASE at 600h, the registers switched on.
    private func bench(rate: UInt64? = nil) -> PCIBench {
        let bench = PCIBench { $0.rate = rate }
        bench.write(1, function: 3, 0x40, 0x601)
        bench.write(1, function: 3, 0x80, 1, .byte)
        return bench
    }

    @Test func theFunction() {
        let bench = PCIBench()
        #expect(bench.read(1, function: 3, 0) == 0x7113_8086)
        #expect(bench.read(1, function: 3, 0x40) == 1)
        bench.write(1, function: 3, 0x40, 0xFFFF_FFFF)
        #expect(bench.read(1, function: 3, 0x40) == 0xFFC1)
        #expect(bench.read(1, function: 3, 0x5B, .byte) & 2 != 0, "SeaBIOS does not look for SMM")
        #expect(bench.input(0xFFC8, .dword) == 0xFFFF_FFFF)
        bench.write(1, function: 3, 0x80, 1, .byte)
        #expect(bench.input(0xFFC0, .dword) == 0)
        bench.write(1, function: 3, 0x40, 0x600)
        #expect(bench.input(0xFFC0, .dword) == 0xFFFF_FFFF)
        #expect(bench.input(0x600, .dword) == 0)
    }

    @Test func theTimerIsExact() {
        let bench = bench(rate: 7_159_090)
        bench.out(0x602, 0)
        let start = bench.input(0x608, .dword)
        // Two slots to a tick.
        bench.pc.scheduler.now += 2_000_000
        #expect(bench.input(0x608, .dword) == start + 1_000_000)
        bench.pc.scheduler.now += 1 << 26
        let later: UInt32 = (start + 1_000_000) & 0xFF_FFFF
        #expect(bench.input(0x608, .dword) == later)
        #expect(bench.input(0x600, .word) & 1 != 0, "bit 23 has changed")
        bench.out(0x600, 1, .word)
        #expect(bench.input(0x600, .word) & 1 == 0)
        bench.out(0x602, 1, .word)
        let next: GuestTime = 0x0500_0000
        #expect(bench.pc.scheduler.deadline(of: .powerManagement) == next)
    }

    @Test func theInterruptIsIRQ9() {
        let bench = bench()
        let pic = bench.pc.pic
        func line() -> Bool { pic.slave.state.levels & 2 != 0 }
        bench.out(0x602, 0x100, .word)
        bench.pc.pci?.power.pressButton()
        #expect(!line(), "ACPI is off")
        bench.out(0xB2, 0xF1)
        #expect(bench.input(0x604, .word) == 1)
        #expect(line())
        bench.out(0x600, 0x100, .word)
        #expect(bench.input(0x600, .word) == 0)
        #expect(!line())
        bench.pc.pci?.power.pressButton()
        #expect(line())
        bench.out(0xB2, 0xF0)
        #expect(bench.input(0x604, .word) == 0)
        #expect(!line())
        bench.out(0xB3, 0x5A)
        #expect(bench.input(0xB2) == 0xF0)
        #expect(bench.input(0xB3) == 0x5A)
    }

    @Test func softOff() {
        let bench = bench()
        bench.out(0x604, 0x2400 | 1, .word)
        #expect(bench.pc.run(instructions: 1) != .poweredOff, "another sleep state")
        bench.out(0x604, 0x2001, .word)
        #expect(bench.pc.run(instructions: 1) == .poweredOff)
        bench.pc.reset()
        #expect(bench.pc.run(instructions: 1) != .poweredOff)
    }

    @Test func nobodyIsOnTheSMBus() {
        let bench = PCIBench()
        bench.write(1, function: 3, 0x90, 0x701)
        bench.write(1, function: 3, 0xD2, 1, .byte)
        bench.out(0x704, 0xA1)
        bench.out(0x702, 0x48)
        #expect(bench.input(0x700) == 0x04)
        bench.out(0x700, 0x04)
        #expect(bench.input(0x700) == 0)
        #expect(bench.input(0x704) == 0xA1)
    }
}
