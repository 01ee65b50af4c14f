import Testing

@testable import PCCore

@Suite struct LocalAPICTimerTests {
    /// 400 million slots and 100 million ticks of the bus in a second: four slots to a tick.
    @Test(arguments: [(0b1011, 1), (0b0000, 2), (0b0001, 4), (0b0011, 16), (0b1000, 32), (0b1010, 128)])
    func aCountEndsOnce(divide: UInt32, by: Int) {
        let bench = APICBench()
        bench.write(0x320, 0x40)
        bench.write(0x3E0, divide)
        bench.write(0x380, 100)
        #expect(bench.read(0x390) == 100)
        let end = 400 * GuestTime(by)
        bench.pass(until: end - 1)
        #expect(!bench.apic.interruptRequested)
        #expect(bench.read(0x390) == 1)
        bench.pass(until: end)
        #expect(bench.apic.interruptRequested)
        #expect(bench.read(0x390) == 0)
        #expect(bench.apic.acknowledge() == 0x40)
        bench.write(0xB0, 0)
        bench.pass(until: 10_000_000)
        #expect(!bench.apic.interruptRequested)
        #expect(bench.scheduler.nextDeadline == .max)
    }

    /// 7 ticks of 66 2/3 MHz at 3 million slots a second are 0.315 slots; a thousand periods end where they must.
    @Test func periodsDoNotDrift() {
        let bench = APICBench(model: .pentium, slotsPerSecond: 300_000_000)
        bench.write(0x320, 0x2_0040)
        bench.write(0x3E0, 0b1011)
        bench.write(0x380, 7_001)
        var ends: [GuestTime] = []
        while ends.count < 1_000 {
            bench.scheduler.now = bench.scheduler.nextDeadline
            _ = bench.scheduler.takeDue()
            bench.apic.eventDue()
            #expect(bench.apic.acknowledge() == 0x40)
            bench.write(0xB0, 0)
            ends.append(bench.scheduler.now)
        }
        // 4.5 slots to a tick.
        var expected: [GuestTime] = []
        for number in GuestTime(1)...1_000 { expected.append((number * 63_009 + 1) / 2) }
        #expect(ends == expected)
    }

    @Test func aPeriodShorterThanASlotIsOneInterrupt() {
        let bench = APICBench(slotsPerSecond: 1_000_000)
        bench.write(0x320, 0x2_0040)
        bench.write(0x3E0, 0b1011)
        bench.write(0x380, 3)
        for slot in 1...50 {
            #expect(bench.scheduler.nextDeadline == GuestTime(slot))
            bench.pass(until: GuestTime(slot))
            #expect(bench.apic.acknowledge() == 0x40)
            #expect(!bench.apic.interruptRequested)
            bench.write(0xB0, 0)
            #expect((1...3).contains(bench.read(0x390)))
        }
    }

    @Test func aMaskedTimerCountsWithoutEvents() {
        let bench = APICBench()
        bench.write(0x320, 0x3_0040)
        bench.write(0x3E0, 0b1011)
        bench.write(0x380, 1_000)
        #expect(bench.scheduler.nextDeadline == .max)
        bench.pass(until: 4 * 1_250)
        #expect(bench.read(0x390) == 750)
        bench.write(0x320, 0x2_0040)
        #expect(!bench.apic.interruptRequested)
        #expect(bench.scheduler.nextDeadline == 8_000)
        bench.write(0x380, 0)
        #expect(bench.scheduler.nextDeadline == .max)
        #expect(bench.read(0x390) == 0)
    }

    @Test func aNewDividerGoesOnFromTheCount() {
        let bench = APICBench()
        bench.write(0x320, 0x40)
        bench.write(0x3E0, 0b1011)
        bench.write(0x380, 1_000)
        bench.pass(until: 4 * 400)
        bench.write(0x3E0, 0b0000)
        #expect(bench.read(0x390) == 600)
        #expect(bench.scheduler.nextDeadline == 6_400)
    }

    /// One run, and the same in slices of a few instructions, in a real machine with the timer going.
    @Test func slicesChangeNothing() {
        // Real mode: FS reaches all memory by a trip through protected mode; then the timer interrupts a loop.
        let code: [UInt8] = [
            0xFA,  // cli
            0x2E, 0x66, 0x0F, 0x01, 0x16, 0x80, 0x00,  // lgdt cs:[80h]
            0x0F, 0x20, 0xC0, 0x0C, 0x01, 0x0F, 0x22, 0xC0,  // PE on
            0xBA, 0x08, 0x00, 0x8E, 0xE2,  // mov fs, 8
            0x24, 0xFE, 0x0F, 0x22, 0xC0,  // PE off
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70,  // ds, ss = 0, sp = 7000h
            0xC7, 0x06, 0x00, 0x01, 0x70, 0x00, 0xC7, 0x06, 0x02, 0x01, 0x00, 0xF0,  // vector 40h = F000:0070
            0x66, 0xBB, 0x00, 0x00, 0xE0, 0xFE,  // mov ebx, FEE00000h
            0x64, 0x67, 0x66, 0xC7, 0x83, 0xF0, 0x00, 0x00, 0x00, 0xFF, 0x01, 0x00, 0x00,  // SVR
            0x64, 0x67, 0x66, 0xC7, 0x83, 0x20, 0x03, 0x00, 0x00, 0x40, 0x00, 0x02, 0x00,  // timer: periodic, 40h
            0x64, 0x67, 0x66, 0xC7, 0x83, 0x80, 0x03, 0x00, 0x00, 0x35, 0x00, 0x00, 0x00,  // 53 counts
            0xFB,  // sti
            0x40, 0xEB, 0xFD,  // inc ax, for ever
        ]
        #expect(code.count <= 0x70)
        var image = code + [UInt8](repeating: 0x90, count: 0x70 - code.count)
        // inc word [500h]; end of interrupt; iret
        image += [0xFF, 0x06, 0x00, 0x05]
        image += [0x64, 0x66, 0x67, 0xA3, 0xB0, 0x00, 0xE0, 0xFE, 0xCF, 0x90, 0x90, 0x90]
        // The table's register: 15, F0090h, and the table.
        image += [0x0F, 0x00, 0x90, 0x00, 0x0F, 0x00] + [UInt8](repeating: 0, count: 18)
        image += [0xFF, 0xFF, 0, 0, 0, 0x93, 0xCF, 0]
        let whole = PCIBench(code: image)
        let sliced = PCIBench(code: image)
        _ = whole.pc.run(instructions: 30_000)
        var step: UInt64 = 1
        while sliced.pc.instructionCount < 30_000 {
            _ = sliced.pc.run(instructions: min(step % 37 + 1, 30_000 - sliced.pc.instructionCount))
            step += 1
        }
        #expect(whole.peek(0x500) != 0 || whole.peek(0x501) != 0)
        #expect(whole.pc.canonicalState() == sliced.pc.canonicalState())
        #expect(whole.pc.canonicalState() == whole.pc.canonicalState(), "looking changes nothing")
    }
}
