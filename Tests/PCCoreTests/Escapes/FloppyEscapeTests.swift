import Testing

@testable import PCCore

/// What made floppy controllers of other emulators write beside their buffers or follow a missing drive.
@Suite struct FloppyEscapeTests {
    private static var disk: MemoryDisk { MemoryDisk(sectorCount: 2880) }

    /// VENOM, CVE-2015-3456: after READ ID and DRIVE SPECIFICATION COMMAND another emulator took data bytes for ever
    /// and put them behind its FIFO of 512.
    @Test(arguments: [[0x4A, 0x00], [0x0A, 0x04], [0x8E], [0x8E, 0x40, 0x40, 0x40, 0x40, 0x40]] as [[UInt8]])
    func commandsAreFollowedByNoData(command: [UInt8]) {
        let bench = FloppyBench()
        bench.controller.insert(Self.disk, drive: 0)
        bench.start()
        let rooms = sizes(bench)
        for byte in command { bench.out(5, byte) }
        for i in 0..<70_000 {
            bench.out(5, UInt8(truncatingIfNeeded: i))
            if i % 1000 == 0 { bench.run(microseconds: 500) }
        }
        bench.run(microseconds: 1_000_000)
        #expect(sizes(bench) == rooms)
        // Reset brings it back, as it was.
        bench.out(4, 0x80)
        bench.run(microseconds: 1000)
        for _ in 0..<4 { _ = bench.sense() }
        bench.send([0x10])
        #expect(bench.result() == [0x90])
    }

    private func sizes(_ bench: FloppyBench) -> [Int] {
        let state = bench.controller.state
        return [state.command.count, state.result.count, state.buffer.count, state.drives.count]
    }

    /// What 8Eh is on this chip: invalid, with the result at once; bytes behind it are not taken.
    @Test func driveSpecificationIsInvalid() {
        let bench = FloppyBench()
        bench.start()
        bench.send([0x8E])
        for _ in 0..<600 { bench.out(5, 0xFF) }
        #expect(bench.result() == [0x80])
        #expect(bench.status == 0x80)
    }

    /// READ ID waits for the disk and takes no byte meanwhile.
    @Test func readIDTakesNoBytes() {
        let bench = FloppyBench()
        bench.controller.insert(Self.disk, drive: 0)
        bench.start()
        bench.seek(3)
        bench.send([0x4A, 0x00])
        for _ in 0..<2000 { bench.out(5, 0x55) }
        bench.run(microseconds: 400_000)
        let result = bench.result()
        #expect(result.count == 7 && result.prefix(5) == [0x00, 0, 0, 3, 0] && result[6] == 2)
        #expect((1...18).contains(result[5]))
    }

    /// CVE-2021-3507: a transfer by DMA whose sizes do not fit together: sector codes, EOT and DMA counts of all kinds.
    @Test func sizesThatDoNotFitTogether() {
        for size in [0, 1, 2, 3, 6, 7, 0xFF] as [UInt8] {
            for last in [0, 1, 17, 18, 19, 0xFF] as [UInt8] {
                for length in [0, 1, 0x80, 0xFF] as [UInt8] {
                    let bench = FloppyBench()
                    bench.controller.insert(Self.disk, drive: 0)
                    bench.start()
                    bench.dmaCount = 0x1_0000
                    bench.source = [UInt8](repeating: 0xE5, count: 0x1_0000)
                    let result = bench.run([0x46, 0, 0, 0, 17, size, last, 0x1B, length], limit: 20_000_000)
                    #expect(result.count == 7)
                    if size != 2 {
                        #expect(result[0] & 0xC0 == 0x40 && bench.written.isEmpty)
                    } else {
                        // Never more than the rest of the track, in whole sectors.
                        #expect(bench.written.count % 512 == 0 && bench.written.count <= 18 * 512)
                    }
                }
            }
        }
    }

    /// FORMAT TRACK with more sectors than the buffer has room for IDs.
    @Test(arguments: [false, true]) func formatOfTooManySectors(nonDMA: Bool) {
        let bench = FloppyBench()
        bench.controller.insert(Self.disk, drive: 0)
        bench.start(nonDMA: nonDMA)
        bench.dmaCount = 0x1_0000
        bench.source = [UInt8](repeating: 0xFF, count: 0x1_0000)
        let rooms = sizes(bench)
        bench.send([0x4D, 0, 2, 0xFF, 0x54, 0xF6])
        bench.run(microseconds: 1_000_000)
        for _ in 0..<3000 { bench.out(5, 0xFF) }
        bench.run(microseconds: 1_000_000)
        let result = bench.result()
        #expect(result.count == 7 && result[0] & 0xC0 == 0x40)
        #expect(sizes(bench) == rooms)
    }

    /// CVE-2020-25741 and CVE-2021-20196: commands for drives that are not there, or whose disk is taken away meanwhile.
    @Test func drivesThatAreNotThere() {
        for drive in 0..<4 as Range<UInt8> {
            for command in [0x46, 0x45, 0x42, 0x56, 0x4A, 0x4D] as [UInt8] {
                let bench = FloppyBench()
                bench.controller.insert(Self.disk, drive: 0)
                bench.start()
                bench.out(2, 0xFC | drive)
                bench.dmaCount = 512
                bench.source = [UInt8](repeating: 1, count: 512)
                let count = command == 0x4A ? 0 : command == 0x4D ? 4 : 7
                bench.send([command, drive] + [UInt8](repeating: 1, count: count))
                bench.controller.insert(nil, drive: 0)
                bench.run(microseconds: 3_000_000)
                // It waits for an index hole that does not come, or says that it found nothing; reset ends both.
                let result = bench.result()
                #expect(result.isEmpty || result[0] & 0xC0 == 0x40)
                bench.out(4, 0x80)
                bench.run(microseconds: 1000)
                #expect(bench.status == 0x80)
            }
        }
    }
}
