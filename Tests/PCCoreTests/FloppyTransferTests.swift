import Testing

@testable import PCCore

/// A disk whose sectors from `bad` on the host cannot read or write.
final class FailingDisk: BlockDevice {
    let disk: MemoryDisk
    let bad: Int
    var flushFails = false
    init(_ disk: MemoryDisk, from bad: Int) {
        self.disk = disk
        self.bad = bad
    }
    var sectorSize: Int { 512 }
    var sectorCount: Int { disk.sectorCount }
    var isReadOnly: Bool { false }
    func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector < bad else { throw .failed("no luck") }
        return try disk.read(sector: sector)
    }
    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard sector < bad else { throw .failed("disk full") }
        try disk.write(sector: sector, bytes)
    }
    func flush() throws(BlockError) {
        if flushFails { throw .failed("no space") }
    }
}

@Suite struct FloppyTransferTests {
    private func bench(
        _ size: Int = 1_474_560, rate: UInt8 = 0, isReadOnly: Bool = false, nonDMA: Bool = false,
        realTiming: Bool = false
    ) -> (FloppyBench, MemoryDisk) {
        let bench = FloppyBench(realTiming: realTiming)
        let disk = FloppyBench.disk(size, isReadOnly: isReadOnly)
        bench.controller.insert(disk, drive: 0)
        bench.start(rate: rate, nonDMA: nonDMA)
        return (bench, disk)
    }

    // MARK: Reading

    @Test func readsOneSectorByDMA() {
        let (bench, _) = bench()
        bench.dmaCount = 512
        bench.send([0xE6, 0, 0, 0, 3, 2, 18, 0x1B, 0xFF])
        #expect(bench.status == 0x10)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.status == 0xD0)
        #expect(bench.result() == [0, 0, 0, 0, 0, 4, 2])
        #expect(!bench.irq)
        #expect(bench.written == FloppyBench.content(2))
    }

    @Test func everyFormatReadsItsLastSectorAtItsRate() {
        for format in FloppyFormat.all {
            let geometry = format.geometry
            let rate = format.dataRate(in: format.driveType)!.rawValue
            let (bench, disk) = bench(format.size, rate: rate)
            let (c, h, r) = (UInt8(geometry.cylinders - 1), UInt8(geometry.heads - 1), UInt8(geometry.sectors))
            bench.seek(c)
            bench.dmaCount = 512
            #expect(bench.run([0x46, h << 2, c, h, r, 2, r, 0x1B, 0xFF]) == [h << 2, 0, 0, c + 1, h, 1, 2])
            #expect(bench.written == Array(disk.bytes.suffix(512)))
            // One sector more is not there, nor is one cylinder more.
            bench.dmaCount = 512
            #expect(bench.run([0x46, h << 2, c, h, r + 1, 2, 99, 0x1B, 0xFF])[0...2] == [0x40 | h << 2, 4, 0])
            bench.seek(c + 1)
            #expect(bench.run([0x46, h << 2, c + 1, h, 1, 2, r, 0x1B, 0xFF])[0...2] == [0x40 | h << 2, 1, 0])
            // At another rate there are no marks.
            bench.seek(c)
            bench.out(7, rate ^ 1)
            #expect(bench.run([0x46, h << 2, c, h, r, 2, r, 0x1B, 0xFF])[0...2] == [0x40 | h << 2, 1, 0])
        }
    }

    @Test func theSecondSideOfAOneSidedDiskHasNoMarks() {
        let (bench, _) = bench(163_840, rate: 2)
        #expect(bench.run([0x46, 4, 0, 1, 1, 2, 8, 0x2A, 0xFF]) == [0x44, 1, 0, 0, 1, 1, 2])
        #expect(bench.run([0x06, 0, 0, 0, 1, 2, 8, 0x2A, 0xFF]) == [0x40, 1, 0, 0, 0, 1, 2])
    }

    @Test func multiTrackReadsGoOnOnTheOtherSide() {
        let (bench, _) = bench()
        bench.dmaCount = 36 * 512
        #expect(bench.run([0xC6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [4, 0, 0, 1, 0, 1, 2])
        #expect(bench.written == (0..<36).flatMap(FloppyBench.content))
        bench.written = []
        bench.dmaCount = 18 * 512
        #expect(bench.run([0xC6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0, 0, 1, 1, 2])
        #expect(bench.written == (0..<18).flatMap(FloppyBench.content))
    }

    @Test func terminalCountInASectorEndsNormally() {
        let (bench, _) = bench()
        bench.dmaCount = 700
        #expect(bench.run([0x46, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0, 0, 0, 3, 2])
        #expect(bench.written.count == 700)
    }

    @Test func withoutTerminalCountEOTIsPassed() {
        let (bench, _) = bench()
        bench.dmaCount = 60000
        #expect(bench.run([0x46, 0, 0, 0, 17, 2, 18, 0x1B, 0xFF]) == [0x40, 0x80, 0, 1, 0, 1, 2])
        #expect(bench.written.count == 1024)
        // EOT behind the last sector: the search fails first.
        #expect(bench.run([0x46, 0, 0, 0, 17, 2, 30, 0x1B, 0xFF]) == [0x40, 0x04, 0, 0, 0, 19, 2])
    }

    @Test func wrongIDsAreNotFound() {
        let (bench, _) = bench()
        bench.dmaCount = 512
        #expect(bench.run([0x46, 0, 0, 0, 0, 2, 18, 0x1B, 0xFF]) == [0x40, 0x04, 0, 0, 0, 0, 2])
        #expect(bench.run([0x46, 0, 0, 1, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 0x04, 0, 0, 1, 1, 2])
        #expect(bench.run([0x46, 0, 0, 0, 1, 3, 18, 0x1B, 0xFF]) == [0x40, 0x04, 0, 0, 0, 1, 3])
        #expect(bench.run([0x46, 0, 0, 0, 1, 0, 18, 0x1B, 0x80]) == [0x40, 0x04, 0, 0, 0, 1, 0])
        #expect(bench.run([0x46, 0, 9, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 0x04, 0x10, 9, 0, 1, 2])
        #expect(bench.written.isEmpty)
    }

    @Test func aMaskedChannelOverruns() {
        let (bench, _) = bench()
        bench.dmaMasked = true
        #expect(bench.run([0x46, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 0x10, 0, 0, 0, 1, 2])
        #expect(bench.run([0x45, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 0x10, 0, 0, 0, 1, 2])
    }

    @Test func impliedSeekMovesTheHeadFirst() {
        let (bench, _) = bench()
        bench.send([0x13, 0, 0x57, 0])
        bench.dmaCount = 512
        #expect(bench.run([0x46, 0, 40, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x20, 0, 0, 40, 0, 2, 2])
        #expect(bench.written == FloppyBench.content(40 * 36))
        #expect(bench.input(7) == 0)
        #expect(bench.sense() == [0x80])
    }

    @Test func withoutADiskACommandHangsUntilReset() {
        let bench = FloppyBench()
        bench.start()
        bench.dmaCount = 512
        bench.send([0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF])
        bench.run(microseconds: 10_000_000)
        #expect(!bench.irq)
        #expect(bench.status == 0x10)
        bench.out(5, 0x08)
        #expect(bench.status == 0x10)
        bench.out(2, 0x38)
        bench.out(2, 0x3C)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.status == 0x80)
    }

    @Test func aDiskThatComesOrAMotorThatStartsGoesOn() {
        let bench = FloppyBench()
        bench.start()
        bench.dmaCount = 512
        bench.send([0x46, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])
        bench.run(microseconds: 1_000_000)
        bench.controller.insert(FloppyBench.disk(1_474_560), drive: 0)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.result() == [0, 0, 0, 0, 0, 3, 2])

        bench.out(2, 0x0C)
        bench.dmaCount = 512
        bench.send([0x4A, 0])
        bench.run(microseconds: 1_000_000)
        #expect(!bench.irq)
        bench.out(2, 0x1C)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.result().count == 7)
    }

    @Test func readIDTellsOfThePassingSector() {
        let (bench, _) = bench()
        bench.seek(12)
        var seen: Set<UInt8> = []
        for _ in 0..<200 {
            let result = bench.run([0x4A, 4])
            #expect(Array(result[0...4]) == [4, 0, 0, 12, 1])
            #expect(result[6] == 2)
            seen.insert(result[5])
            bench.run(microseconds: 3700)
        }
        #expect(seen == Set(1...18))
        bench.out(7, 2)
        #expect(bench.run([0x4A, 4])[0...2] == [0x44, 1, 0])
    }

    @Test func readTrackTakesAllSectorsFromTheIndexHole() {
        let (bench, _) = bench()
        bench.dmaCount = 60000
        // R says where counting starts; the data comes from sector 1 on, and the ID's mismatch is told.
        #expect(bench.run([0x42, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF])[0...2] == [0, 0, 0])
        #expect(bench.written == (0..<18).flatMap(FloppyBench.content))
        bench.written = []
        #expect(bench.run([0x42, 0, 0, 0, 5, 2, 3, 0x1B, 0xFF])[0...2] == [0, 4, 0])
        #expect(bench.written == (0..<3).flatMap(FloppyBench.content))
    }

    @Test func verifyNeedsNoDMA() {
        let (bench, _) = bench()
        bench.dmaMasked = true
        // EC = 0: up to EOT.
        #expect(bench.run([0x56, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0, 1, 0, 1, 2])
        #expect(bench.run([0xD6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [4, 0, 0, 1, 0, 1, 2])
        #expect(bench.run([0x56, 0, 0, 0, 1, 2, 19, 0x1B, 0xFF])[0...2] == [0x40, 4, 0])
        // EC = 1: so many sectors.
        #expect(bench.run([0x56, 0x80, 0, 0, 3, 2, 18, 0x1B, 5]) == [0, 0, 0, 0, 0, 8, 2])
        #expect(bench.run([0x56, 0x80, 0, 0, 17, 2, 18, 0x1B, 5])[0...2] == [0x40, 0x80, 0])
        #expect(bench.run([0xD6, 0x80, 0, 0, 17, 2, 18, 0x1B, 5]) == [4, 0, 0, 0, 1, 4, 2])
    }

    // MARK: Writing

    @Test func writesByDMAAndFillsUpAShortSector() {
        let (bench, disk) = bench()
        bench.source = [UInt8](repeating: 0xAA, count: 600)
        bench.dmaCount = 600
        #expect(bench.run([0xC5, 0, 0, 0, 18, 2, 18, 0x1B, 0xFF]) == [4, 0, 0, 0, 1, 2, 2])
        let tail = [UInt8](repeating: 0xAA, count: 88) + [UInt8](repeating: 0, count: 424)
        #expect(Array(disk.bytes[17 * 512..<19 * 512]) == [UInt8](repeating: 0xAA, count: 512) + tail)
        #expect(Array(disk.bytes[19 * 512..<20 * 512]) == FloppyBench.content(19))
    }

    @Test func writeProtectionEndsWriteAndFormat() {
        let (bench, disk) = bench(isReadOnly: true)
        let before = disk.bytes
        bench.dmaCount = 512
        bench.source = [UInt8](repeating: 1, count: 512)
        #expect(bench.run([0xC5, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 2, 0, 0, 0, 1, 2])
        #expect(bench.run([0x49, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 2, 0, 0, 0, 1, 2])
        #expect(bench.run([0x4D, 0, 2, 18, 0x54, 0xF6])[0...2] == [0x40, 2, 0])
        #expect(bench.dmaCount == 512)
        #expect(disk.bytes == before)
    }

    @Test func deletedMarksStopOrAreSkipped() {
        let (bench, disk) = bench()
        bench.source = [UInt8](repeating: 0x11, count: 512)
        bench.dmaCount = 512
        #expect(bench.run([0x49, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])[0...2] == [0, 0, 0])
        #expect(disk.bytes[512] == 0x11)
        // Without SK the marked sector comes and ends the command, its address not incremented.
        bench.dmaCount = 3 * 512
        #expect(bench.run([0x46, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0x40, 0, 0, 2, 2])
        #expect(bench.written.count == 1024)
        // With SK it is left out.
        bench.written = []
        bench.dmaCount = 2 * 512
        #expect(bench.run([0x66, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0x40, 0, 0, 4, 2])
        #expect(bench.written == FloppyBench.content(0) + FloppyBench.content(2))
        // READ DELETED DATA sees it the other way round.
        bench.written = []
        bench.dmaCount = 512
        #expect(bench.run([0x6C, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0, 0, 0x40, 0, 0, 3, 2])
        #expect(bench.written == [UInt8](repeating: 0x11, count: 512))
        // A plain write takes the mark away.
        bench.source = [UInt8](repeating: 0x22, count: 512)
        bench.dmaCount = 512
        _ = bench.run([0x45, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])
        bench.dmaCount = 512
        #expect(bench.run([0x46, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])[0...2] == [0, 0, 0])
    }

    @Test func hostErrorsAreCRCErrorsAndFaults() {
        let bench = FloppyBench()
        let memory = FloppyBench.disk(1_474_560)
        bench.controller.insert(FailingDisk(memory, from: 3), drive: 0)
        bench.start()
        bench.dmaCount = 9 * 512
        #expect(bench.run([0x46, 0, 0, 0, 3, 2, 18, 0x1B, 0xFF]) == [0x40, 0x20, 0x20, 0, 0, 4, 2])
        bench.source = [UInt8](repeating: 0x77, count: 9 * 512)
        bench.dmaCount = 9 * 512
        #expect(bench.run([0x45, 0, 0, 0, 3, 2, 18, 0x1B, 0xFF]) == [0x50, 0, 0, 0, 0, 4, 2])
        #expect(memory.bytes[2 * 512] == 0x77)
        #expect(bench.lines.count == 2)
        #expect(bench.lines.first == "floppy A: cannot read sector 3: no luck")
        #expect(bench.lines.last == "floppy A: cannot write sector 3: disk full")
    }

    // MARK: Formatting

    private func ids(_ c: UInt8, _ h: UInt8, _ sectors: [UInt8]) -> [UInt8] { sectors.flatMap { [c, h, $0, 2] } }

    @Test func formatFillsTheTrack() {
        let (bench, disk) = bench()
        bench.seek(3)
        // Interleave 2.
        bench.source = ids(3, 1, [1, 10, 2, 11, 3, 12, 4, 13, 5, 14, 6, 15, 7, 16, 8, 17, 9, 18])
        bench.dmaCount = 72
        #expect(bench.run([0x4D, 4, 2, 18, 0x54, 0xF6])[0...2] == [4, 0, 0])
        let start = (3 * 2 + 1) * 18 * 512
        #expect(disk.bytes[start..<start + 18 * 512].allSatisfy { $0 == 0xF6 })
        #expect(disk.bytes[start - 1] == FloppyBench.content((3 * 2 + 1) * 18 - 1)[0])
        #expect(disk.bytes[start + 18 * 512] == FloppyBench.content((3 * 2 + 2) * 18)[0])
    }

    @Test func layoutsThatTheImageCannotHoldAreRefused() {
        let (bench, disk) = bench()
        let before = disk.bytes
        func format(_ ids: [UInt8], size: UInt8 = 2, sectors: UInt8 = 18) -> UInt8 {
            bench.source = ids + [UInt8](repeating: 0, count: 1024)
            bench.dmaCount = 4 * Int(sectors)
            return bench.run([0x4D, 0, size, sectors, 0x54, 0xF6])[1]
        }
        #expect(format(ids(0, 0, Array(1...9)), sectors: 9) == 4)
        #expect(format(ids(0, 0, Array(1...17) + [17])) == 4)
        #expect(format(ids(0, 0, Array(1...17) + [200])) == 4)
        #expect(format(ids(5, 0, Array(1...18))) == 4)
        #expect(format(ids(0, 1, Array(1...18))) == 4)
        #expect(format(ids(0, 0, Array(1...18)), size: 3) == 4)
        #expect(format(ids(0, 0, Array(1...18)), sectors: 255) == 4)
        #expect(bench.run([0x4D, 0, 2, 0, 0x54, 0xF6])[1] == 4)
        bench.out(7, 2)
        #expect(format(ids(0, 0, Array(1...18))) == 4)
        #expect(disk.bytes == before)
        bench.out(7, 0)
        #expect(format(ids(0, 0, Array(1...18))) == 0)
    }

    // MARK: Non-DMA mode

    @Test func nonDMAReadsThroughTheFIFOUpToEOT() {
        let (bench, _) = bench(nonDMA: true)
        bench.send([0x46, 0, 0, 0, 17, 2, 18, 0x1B, 0xFF])
        #expect(bench.status == 0x30)
        var bytes: [UInt8] = []
        while bytes.count < 2000 {
            bench.run(microseconds: 200)
            guard bench.status == 0xF0 else { break }
            #expect(bench.irq)
            while bench.status == 0xF0 { bytes.append(bench.input(5)) }
        }
        #expect(bytes == FloppyBench.content(16) + FloppyBench.content(17))
        #expect(bench.irq)
        #expect(bench.result() == [0x40, 0x80, 0, 1, 0, 1, 2])
        #expect(bench.status == 0x80)
    }

    @Test func nonDMAWritesAndFormats() {
        let (bench, disk) = bench(nonDMA: true)
        bench.send([0x45, 0, 0, 0, 6, 2, 6, 0x1B, 0xFF])
        bench.run(microseconds: 200)
        #expect(bench.status == 0xB0)
        #expect(bench.irq)
        for i in 0..<512 { bench.out(5, UInt8(truncatingIfNeeded: i)) }
        #expect(bench.result()[0...2] == [0x40, 0x80, 0])
        #expect(Array(disk.bytes[5 * 512..<6 * 512]) == (0..<512).map { UInt8(truncatingIfNeeded: $0) })

        bench.send([0x4D, 0, 2, 18, 0x54, 0xE5])
        bench.run(microseconds: 200)
        for byte in ids(0, 0, Array(1...18)) {
            #expect(bench.status == 0xB0)
            bench.out(5, byte)
        }
        #expect(bench.result()[0...2] == [0, 0, 0])
        #expect(disk.bytes[..<9216].allSatisfy { $0 == 0xE5 })
    }

    @Test func aDiskThatGoesDuringAWriteIsNotTouched() {
        let (bench, disk) = bench(nonDMA: true)
        bench.send([0x45, 0, 0, 0, 6, 2, 6, 0x1B, 0xFF])
        bench.run(microseconds: 200)
        bench.controller.insert(nil, drive: 0)
        for _ in 0..<512 { bench.out(5, 0x99) }
        bench.run(microseconds: 1_000_000)
        #expect(bench.status == 0x30)
        #expect(Array(disk.bytes[5 * 512..<6 * 512]) == FloppyBench.content(5))
    }

    // MARK: Real timing

    @Test func realTimingWaitsForMotorSeekAndRotation() {
        let (bench, _) = bench(realTiming: true)
        let motorOn: GuestTime = 0
        bench.dmaCount = 512
        _ = bench.run([0x46, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF], limit: 3_000_000)
        #expect(bench.scheduler.now >= motorOn + 500_000)
        #expect(bench.scheduler.now <= motorOn + 720_000)
        // The rest of the track follows sector on sector, then one more turn brings sector 1 again.
        let start = bench.scheduler.now
        bench.dmaCount = 17 * 512
        _ = bench.run([0x46, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])
        #expect((188_888...188_889).contains(bench.scheduler.now - start))
        let turn = bench.scheduler.now
        bench.dmaCount = 512
        _ = bench.run([0x46, 0, 0, 0, 18, 2, 18, 0x1B, 0xFF])
        #expect(bench.scheduler.now - turn == 200_000)
        // SRT Dh: 3 ms a step.
        let seek = bench.scheduler.now
        bench.seek(40)
        #expect(bench.scheduler.now - seek == 120_000)
        // A sector that is not there takes up to two turns.
        let search = bench.scheduler.now
        _ = bench.run([0x46, 0, 40, 0, 99, 2, 99, 0x1B, 0xFF])
        #expect(bench.scheduler.now - search > 200_000 && bench.scheduler.now - search <= 400_000)
    }
}
