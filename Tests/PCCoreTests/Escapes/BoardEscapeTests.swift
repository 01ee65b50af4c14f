import Testing

@testable import PCCore

/// What made timers, clocks, queues and DMA controllers of other emulators leave their bounds, divide by zero or loop.
@Suite struct BoardEscapeTests {
    private func machine() -> PCIBench {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD])
        bench.pass(1000)
        return bench
    }

    /// CVE-2015-3214: the timer's control port was read as a fourth counter.
    @Test func thereIsNoFourthCounter() {
        let bench = machine()
        for (port, value) in [(0x43, 0x34), (0x40, 0x34), (0x40, 0x12)] as [(UInt16, UInt32)] { bench.out(port, value) }
        // Read-back of all, of none, and control words that would select counter 3.
        for word in [0xC0, 0xCE, 0xEE, 0xFE, 0xFF, 0xD0, 0xF0, 0xC1] as [UInt32] {
            bench.out(0x43, word)
            for _ in 0..<4 { #expect(bench.input(0x43) == 0xFF) }
        }
        #expect(bench.input(0x43, .word) & 0xFF == 0xFF && bench.input(0x42, .dword) <= 0xFFFF_FFFF)
        bench.out(0x43, 0xE2)
        #expect(bench.input(0x40) & 0x3F == 0x34)
    }

    /// Counts that leave no time between two events: 0, 1 and 2 in every mode.
    @Test func countsOfNothing() {
        for mode in 0..<8 as Range<UInt32> {
            for count in [0, 1, 2] as [UInt32] {
                let bench = machine()
                bench.out(0x43, 0x30 | mode << 1)
                bench.out(0x40, count)
                bench.out(0x40, 0)
                bench.pass(100_000)
                _ = bench.input(0x40)
                #expect(bench.pc.now >= 100_000)
            }
        }
    }

    /// CVE-2016-8669: a divisor of 0, and those beyond the base rate.
    @Test(arguments: [0, 1, 2, 0xFFFF] as [UInt32]) func serialDivisors(divisor: UInt32) {
        let bench = machine()
        for format in [0x00, 0x03, 0x1F, 0x7F] as [UInt32] {
            for (offset, value) in [(3, 0x80), (0, divisor & 0xFF), (1, divisor >> 8), (3, format)]
                as [(UInt16, UInt32)]
            {
                bench.out(0x3F8 + offset, value)
            }
            bench.out(0x3F8, 0x41)
            bench.pass(1_000_000)
            #expect(bench.pc.serial[0].baudRate > 0)
        }
    }

    /// CVE-2016-4439 (there a SCSI controller's): more bytes than a FIFO holds. 16 characters wait, and one is on its way.
    @Test func serialFIFOsHoldSixteen() {
        let bench = machine()
        bench.out(0x3FA, 0xC7)
        bench.out(0x3FC, 0x10)
        for i in 0..<100_000 { bench.out(0x3F8, UInt32(i & 0xFF)) }
        #expect(bench.pc.serial[0].state.toSend.count == 16)
        bench.pass(bench.pc.slotsPerSecond)
        #expect(bench.pc.serial[0].state.received.count <= 16)
        // In loopback mode what comes from outside waits, and not without end.
        for _ in 0..<40 { bench.pc.receive([UInt8](repeating: 1, count: 0x1_0000), port: 0) }
        #expect(bench.pc.serial[0].backlogCount <= 0x20_0000)
    }

    /// Queues of the keyboard and the mouse: commands without a read, and keys without a guest that takes them.
    @Test func queuesOfKeyboardAndMouse() {
        let bench = machine()
        let before = bench.pc.canonicalState().count
        for i in 0..<20_000 {
            bench.out(0x60, [0xEE, 0xF2, 0xED, 0xFF, 0xF3][i % 5])
            bench.out(0x64, [0xD4, 0x20, 0xC0, 0xA9, 0xD0][i % 5])
            bench.out(0x60, [0xE9, 0xEB, 0xFF, 0xF2][i % 4])
            bench.pc.press(.a)
            bench.pc.moveMouse(dx: 1 << 40, dy: -(1 << 40), wheel: .max)
            if i % 1000 == 0 { bench.pass(5000) }
        }
        #expect(bench.pc.canonicalState().count < before + 200)
    }

    /// The clock's interrupts at every rate, time base and date, set to interrupt all the time.
    @Test func clockRates() {
        for registerA in [0x00, 0x0F, 0x20, 0x21, 0x22, 0x2F, 0x10, 0x11, 0x60, 0x7F] as [UInt32] {
            for content in [0x00, 0xFF, 0x99, 0xC0] as [UInt32] {
                let bench = machine()
                for index in 0..<10 as Range<UInt32> {
                    bench.out(0x70, index)
                    bench.out(0x71, content)
                }
                for (index, value) in [(0x0A, registerA), (0x0B, 0x7F)] as [(UInt32, UInt32)] {
                    bench.out(0x70, index)
                    bench.out(0x71, value)
                }
                for _ in 0..<50 {
                    bench.pass(bench.pc.slotsPerSecond / 20)
                    bench.out(0x70, 0x0C)
                    _ = bench.input(0x71)
                }
            }
        }
    }

    /// DMA controllers told to run by themselves: software requests, memory to memory, cascades of cascades.
    @Test func softwareRequestsOfTheDMAControllers() {
        let bench = machine()
        for (base, scale) in [(0x00, 1), (0xC0, 2)] as [(UInt16, UInt16)] {
            for command in [0x00, 0x01, 0x03, 0x10, 0xFF] as [UInt32] {
                bench.out(base + 8 * scale, command)
                for channel in 0..<4 as Range<UInt32> {
                    for mode in [0x00, 0x54, 0x98, 0xC0, 0xFC] as [UInt32] {
                        bench.out(base + 11 * scale, mode | channel)
                        bench.out(base + 9 * scale, 4 | channel)
                    }
                }
                bench.out(base + 15 * scale, 0)
                bench.pass(10_000)
                for register in 0..<16 as Range<UInt16> { _ = bench.input(base + register * scale) }
            }
        }
        #expect(bench.peek(0xF_FFF0) == 0xEA)
    }

    /// Ports and addresses at the ends of their spaces, in every width.
    @Test func theEndsOfTheSpaces() {
        let bench = machine()
        for port in [0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x0000, 0x0CF8, 0x0CF9, 0x0CFA, 0x0CFF] as [UInt16] {
            for width in [.byte, .word, .dword] as [AccessWidth] {
                bench.out(port, width.ones, width)
                #expect(bench.input(port, width) <= width.ones)
            }
        }
        for address in [0xFFFF_FFFD, 0x1F_FFFE, 0x9_FFFF, 0xF_FFFE, 0xDFFF_FFFF] as [UInt32] {
            for width in [.byte, .word, .dword] as [AccessWidth] {
                bench.pc.writeMemory(address, width.ones, width)
                #expect(bench.pc.readMemory(address, width) <= width.ones)
            }
        }
    }

    /// BARs over each other, over RAM, over the board's ports, and moved while they are used.
    @Test func regionsOverEachOther() {
        let bench = machine()
        for base in [0x0000, 0x01F0, 0x0CF8, 0xC000, 0xFFF0, 0xFFFF_FFF0, 0x000A_0000] as [UInt32] {
            for device in 0..<4 {
                for function in 0..<2 {
                    for register in stride(from: 0x10, through: 0x30, by: 4) {
                        bench.write(device, function: function, register, base)
                        bench.write(device, function: function, 4, 7, .word)
                    }
                }
            }
            for offset in 0..<16 as Range<UInt16> {
                let port = UInt16(truncatingIfNeeded: base) &+ offset
                bench.out(port, 0)
                _ = bench.input(port, .dword)
            }
            bench.pass(1000)
        }
        #expect(bench.read(0, 0) == 0x1237_8086)
    }
}
