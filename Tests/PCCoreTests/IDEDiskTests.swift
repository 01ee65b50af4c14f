import Testing

@testable import PCCore

@Suite struct IDEDiskTests {
    // MARK: Reading

    @Test func readsSectorsOneInterruptABlock() {
        let bench = IDEBench(IDEBench.disk(5000))
        bench.command(0x20, lba: 1000, count: 3)
        for i in 0..<3 {
            #expect(bench.irq && bench.edges == i + 1)
            #expect(bench.status == 0x58)
            #expect(!bench.irq)
            #expect(bench.readWords(256) == IDEBench.content(1000 + i))
            if i < 2 {
                #expect(bench.alternate == 0x80)
                bench.wait()
            }
        }
        #expect(bench.status == 0x50)
        bench.run(microseconds: 1000)
        #expect(!bench.irq && bench.edges == 3)
        #expect(bench.input(1) == 0)
        // The last sector's address stays, nothing is left.
        #expect(bench.registers == [0, 0xEA, 0x03, 0])
        #expect(bench.channel.readPort(0, .word) == 0)
    }

    @Test func aCountOfZeroMeans256() {
        let bench = IDEBench(IDEBench.disk(300))
        bench.command(0x21, lba: 10, count: 0)
        for i in 0..<256 {
            #expect(bench.status == 0x58)
            #expect(bench.readWords(256) == IDEBench.content(10 + i))
            bench.wait()
        }
        #expect(bench.status == 0x50)
    }

    @Test func wideAndNarrowAccessesOfTheDataRegister() {
        let disk = MemoryDisk((0..<512).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) })
        let bench = IDEBench(disk)
        bench.command(0x20, lba: 0, count: 1)
        #expect(bench.channel.readPort(0, .dword) == 0x0302_0100)
        #expect(bench.channel.readPort(0, .word) == 0x0504)
        for _ in 0..<126 { _ = bench.channel.readPort(0, .dword) }
        #expect(bench.status == 0x58)
        _ = bench.channel.readPort(0, .word)
        #expect(bench.status == 0x50)

        bench.command(0x30, lba: 0, count: 1)
        for i in 0..<128 as Range<UInt32> { bench.channel.writePort(0, i << 16 | 0xABCD, .dword) }
        bench.wait()
        #expect(bench.status == 0x50)
        #expect(Array(disk.bytes[4..<8]) == [0xCD, 0xAB, 1, 0])
    }

    @Test func cylindersHeadsAndSectorsFollowTheTranslation() {
        let bench = IDEBench(IDEBench.disk(5000))
        bench.command(0x20, cylinder: 2, head: 3, sector: 4, count: 2)
        #expect(bench.readWords(256) == IDEBench.content((2 * 16 + 3) * 63 + 3))
        bench.wait()
        #expect(bench.registers == [0, 5, 2, 0])
        #expect(bench.input(6) == 0xA3)
        // 91h: 4 heads of 17 sectors.
        bench.out(6, 0xA3)
        bench.command(0x91, count: 17)
        #expect(bench.status == 0x50)
        bench.command(0x20, cylinder: 2, head: 3, sector: 17, count: 2)
        #expect(bench.readWords(256) == IDEBench.content((2 * 4 + 3) * 17 + 16))
        bench.wait()
        #expect(bench.readWords(256) == IDEBench.content(3 * 4 * 17))
        #expect(bench.registers == [0, 1, 3, 0])
        for (cylinder, head, sector) in [(0, 4, 1), (0, 0, 0), (0, 0, 18), (74, 0, 1), (65535, 3, 17)] {
            bench.command(0x20, cylinder: cylinder, head: UInt8(head), sector: UInt8(sector), count: 1)
            #expect(bench.status == 0x51)
            #expect(bench.input(1) == 0x10)
        }
        // The drive's own geometry comes back by SRST, unless 66h was set.
        bench.out(0x16, 4)
        bench.out(0x16, 0)
        bench.wait()
        bench.command(0x20, cylinder: 1, head: 0, sector: 1, count: 1)
        #expect(bench.readWords(256) == IDEBench.content(1008))
        bench.command(0x91, count: 0)
        #expect(bench.status == 0x51)
    }

    @Test func readMultipleMovesBlocks() {
        let bench = IDEBench(IDEBench.disk(5000))
        bench.command(0xC4, lba: 0, count: 1)
        #expect(bench.status == 0x51 && bench.input(1) == 4)
        bench.command(0xC6, count: 8)
        #expect(bench.status == 0x50)
        let edges = bench.edges
        bench.command(0xC4, lba: 100, count: 20)
        for (first, count) in [(100, 8), (108, 8), (116, 4)] {
            #expect(bench.status == 0x58)
            #expect(bench.readWords(256 * count) == (first..<first + count).flatMap(IDEBench.content))
            bench.wait()
        }
        #expect(bench.status == 0x50)
        #expect(bench.edges == edges + 3)
        for count in [3, 17, 32, 255] as [UInt8] {
            bench.command(0xC6, count: count)
            #expect(bench.status == 0x51 && bench.input(1) == 4)
            bench.command(0xC4, lba: 0, count: 1)
            #expect(bench.status == 0x51)
        }
    }

    @Test func theEndOfTheDiskIsNotFound() {
        let bench = IDEBench(IDEBench.disk(300))
        bench.command(0x20, lba: 299, count: 2)
        #expect(bench.readWords(256) == IDEBench.content(299))
        bench.wait()
        #expect(bench.irq)
        #expect(bench.status == 0x51)
        #expect(bench.input(1) == 0x10)
        #expect(bench.registers == [1, 0x2C, 0x01, 0])
        bench.command(0x20, lba: 0x0FFF_FFFF, count: 1)
        #expect(bench.status == 0x51 && bench.input(1) == 0x10)
        bench.command(0x40, lba: 290, count: 11)
        #expect(bench.status == 0x51 && bench.input(1) == 0x10)
        bench.command(0x41, lba: 290, count: 10)
        #expect(bench.status == 0x50)
        bench.command(0x70, lba: 300, count: 1)
        #expect(bench.status == 0x51 && bench.input(1) == 0x10)
        bench.command(0x7F, lba: 299, count: 1)
        #expect(bench.status == 0x50)
    }

    @Test func hostErrorsAreUncorrectableData() {
        let bench = IDEBench(FailingDisk(IDEBench.disk(300), from: 100))
        bench.command(0x20, lba: 99, count: 2)
        #expect(bench.readWords(256) == IDEBench.content(99))
        bench.wait()
        #expect(bench.status == 0x51 && bench.input(1) == 0x40)
        #expect(bench.registers == [1, 100, 0, 0])
        bench.command(0x40, lba: 90, count: 20)
        #expect(bench.status == 0x51 && bench.input(1) == 0x40)
        #expect(bench.registers == [10, 100, 0, 0])
        #expect(bench.lines == [String](repeating: "hard disk 0: cannot read sector 100: no luck", count: 2))
        // READ MULTIPLE gives what came before the bad sector, with ERR set.
        bench.command(0xC6, count: 4)
        bench.command(0xC4, lba: 98, count: 8)
        #expect(bench.status == 0x59 && bench.input(1) == 0x40)
        let block = bench.readWords(1024)
        #expect(block == IDEBench.content(98) + IDEBench.content(99) + [UInt8](repeating: 0, count: 1024))
        bench.run(microseconds: 1000)
        #expect(bench.alternate & 0x88 == 0)
    }

    // MARK: Writing

    @Test func writesSectorsWithoutAnInterruptForTheFirstBlock() {
        let disk = IDEBench.disk(300)
        let bench = IDEBench(disk)
        bench.command(0x30, lba: 20, count: 2)
        #expect(bench.status == 0x58)
        #expect(!bench.irq && bench.edges == 0)
        bench.writeWords([UInt8](repeating: 0xA1, count: 512))
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.irq)
        #expect(bench.status == 0x58)
        bench.writeWords([UInt8](repeating: 0xA2, count: 512))
        bench.wait()
        #expect(bench.irq && bench.edges == 2)
        #expect(bench.status == 0x50)
        #expect(disk.bytes[20 * 512] == 0xA1 && disk.bytes[22 * 512 - 1] == 0xA2)
        #expect(disk.bytes[19 * 512] == IDEBench.content(19)[0] && disk.bytes[22 * 512] == IDEBench.content(22)[0])
        #expect(bench.registers == [0, 21, 0, 0])
    }

    @Test func writeMultipleMovesBlocks() {
        let disk = IDEBench.disk(300)
        let bench = IDEBench(disk)
        bench.command(0xC5, lba: 0, count: 1)
        #expect(bench.status == 0x51 && bench.input(1) == 4)
        bench.command(0xC6, count: 16)
        bench.command(0xC5, lba: 50, count: 18)
        let bytes = (0..<18 * 512).map { UInt8(truncatingIfNeeded: $0 >> 4) }
        #expect(bench.status == 0x58)
        bench.writeWords(Array(bytes[..<8192]))
        bench.wait()
        #expect(bench.status == 0x58)
        bench.writeWords(Array(bytes[8192...]))
        bench.wait()
        #expect(bench.status == 0x50)
        #expect(Array(disk.bytes[50 * 512..<68 * 512]) == bytes)
    }

    @Test func readOnlyDisksAbortWrites() {
        let disk = IDEBench.disk(300, isReadOnly: true)
        let bench = IDEBench(disk)
        for command in [0x30, 0x31] as [UInt8] {
            bench.command(command, lba: 0, count: 1)
            #expect(bench.irq)
            #expect(bench.status == 0x51)
            #expect(bench.input(1) == 0x44)
            bench.writeWords([UInt8](repeating: 0, count: 512))
        }
        #expect(disk.bytes[0] == IDEBench.content(0)[0])
    }

    @Test func aFailedWriteKeepsTheSectorsBefore() {
        let disk = IDEBench.disk(300)
        let bench = IDEBench(FailingDisk(disk, from: 102))
        bench.command(0xC6, count: 4)
        bench.command(0xC5, lba: 100, count: 4)
        bench.writeWords([UInt8](repeating: 0xEE, count: 2048))
        bench.wait()
        #expect(bench.irq)
        #expect(bench.status == 0x71)
        #expect(bench.input(1) == 4)
        #expect(bench.registers == [2, 102, 0, 0])
        #expect(disk.bytes[100 * 512..<102 * 512].allSatisfy { $0 == 0xEE })
        #expect(disk.bytes[102 * 512] == IDEBench.content(102)[0])
        #expect(bench.lines == ["hard disk 0: cannot write sector 102: disk full"])
        bench.command(0x30, lba: 299, count: 2)
        #expect(bench.status == 0x58)
    }

    @Test func flushAndTheWriteCache() {
        let failing = FailingDisk(IDEBench.disk(300), from: 300)
        let bench = IDEBench(failing)
        bench.command(0xE7)
        #expect(bench.status == 0x50)
        failing.flushFails = true
        bench.command(0xE7)
        #expect(bench.status == 0x71 && bench.input(1) == 4)
        #expect(bench.lines == ["hard disk 0: cannot flush: no space"])
        // With the cache on a write does not wait for the medium; with the cache off it does.
        bench.command(0x30, lba: 0, count: 1)
        bench.writeWords([UInt8](repeating: 0, count: 512))
        bench.wait()
        #expect(bench.status == 0x50)
        bench.command(0xEF, features: 0x82)
        bench.command(0x30, lba: 0, count: 1)
        bench.writeWords([UInt8](repeating: 0, count: 512))
        bench.wait()
        #expect(bench.status == 0x71)
    }

    // MARK: Other commands

    private func identify(_ bench: IDEBench) -> [UInt16] {
        bench.command(0xEC)
        #expect(bench.status == 0x58)
        let bytes = bench.readWords(256)
        return (0..<256).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 }
    }

    @Test func identifyTellsOfTheDisk() {
        let bench = IDEBench(MemoryDisk(sectorCount: 20 * 1008 + 5))
        var words = identify(bench)
        #expect(words[0] == 0x40 && words[1] == 20 && words[3] == 16 && words[6] == 63)
        #expect(words[27] == UInt16(UInt8(ascii: "S")) << 8 | UInt16(UInt8(ascii: "W")))
        #expect(words[47] == 0x8010 && words[49] & 0x0200 != 0 && words[49] & 0x0100 != 0)
        #expect(words[54] == 20 && words[55] == 16 && words[56] == 63 && words[57] == 20160 && words[58] == 0)
        #expect(words[59] == 0 && words[60] == 20165 && words[61] == 0)
        #expect(words[63] == 7 && words[80] == 0x7E && words[88] == 7)
        #expect(words[85] == 0x7068)
        bench.out(6, 0xA3)
        bench.command(0x91, count: 17)
        bench.command(0xC6, count: 16)
        bench.command(0xEF, features: 0x82)
        bench.command(0xEF, features: 0x55)
        words = identify(bench)
        #expect(words[1] == 20 && words[54] == 296 && words[55] == 4 && words[56] == 17)
        #expect(UInt32(words[57]) | UInt32(words[58]) << 16 == 296 * 4 * 17)
        #expect(words[59] == 0x110 && words[85] == 0x7008)
    }

    @Test func bigDisksReportTheMostCylinders() {
        let bench = IDEBench(HugeDisk(sectorCount: 41_943_040))
        let words = identify(bench)
        #expect(words[1] == 16383 && words[54] == 16383)
        #expect(UInt32(words[57]) | UInt32(words[58]) << 16 == 16383 * 1008)
        #expect(UInt32(words[60]) | UInt32(words[61]) << 16 == 41_943_040)
        bench.command(0x20, lba: 41_943_039, count: 1)
        #expect(bench.status == 0x58)
        bench.command(0x20, lba: 41_943_040, count: 1)
        #expect(bench.status == 0x51)
        let beyond = IDEBench(HugeDisk(sectorCount: 1 << 40))
        #expect(Array(identify(beyond)[60...61]) == [0xFFFF, 0x0FFF])
    }

    @Test func buffersRoundTrip() {
        let bench = IDEBench(IDEBench.disk(10))
        bench.command(0xE8)
        #expect(bench.status == 0x58 && !bench.irq)
        let bytes = (0..<512).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        bench.writeWords(bytes)
        bench.wait()
        #expect(bench.irq)
        #expect(bench.status == 0x50)
        bench.command(0xE4)
        #expect(bench.status == 0x58)
        #expect(bench.readWords(256) == bytes)
        #expect(bench.status == 0x50)
    }

    @Test(
        arguments: [(0xE2, 0x96, 0x00), (0xE0, 0x94, 0x00), (0xE3, 0x97, 0x80), (0xE1, 0x95, 0x80)]
            as [(UInt8, UInt8, UInt8)])
    func powerModes(new: UInt8, old: UInt8, mode: UInt8) {
        let bench = IDEBench(IDEBench.disk(10))
        for (command, check) in [(new, 0xE5), (old, 0x98)] as [(UInt8, UInt8)] {
            bench.command(check)
            #expect(bench.input(2) == 0xFF)
            bench.command(command)
            #expect(bench.irq)
            #expect(bench.status == 0x50)
            bench.command(check)
            #expect(bench.input(2) == mode)
            bench.command(0x20, lba: 0, count: 1)
            #expect(bench.status == 0x58)
        }
    }

    @Test(arguments: [0xE6, 0x99] as [UInt8])
    func onlyAResetWakesASleepingDrive(command: UInt8) {
        let bench = IDEBench(IDEBench.disk(10))
        bench.command(command)
        #expect(bench.status == 0x50)
        bench.out(7, 0xEC)
        bench.run(microseconds: 1000)
        #expect(!bench.irq && bench.status == 0x50)
        bench.out(0x16, 4)
        bench.out(0x16, 0)
        bench.wait()
        bench.command(0xEC)
        #expect(bench.status == 0x58)
    }

    @Test func setFeatures() {
        let bench = IDEBench(IDEBench.disk(10))
        for (features, count, isKnown) in [
            (0x03, 0x00, true), (0x03, 0x01, true), (0x03, 0x08, true), (0x03, 0x0C, true), (0x03, 0x0D, false),
            (0x03, 0x23, false), (0x03, 0x44, false), (0x02, 0, true), (0x82, 0, true), (0xAA, 0, true),
            (0x55, 0, true), (0x66, 0, true), (0xCC, 0, true), (0xBB, 0, true), (0x00, 0, false), (0x05, 0x80, false),
        ] as [(UInt8, UInt8, Bool)] {
            bench.command(0xEF, features: features, count: count)
            #expect(bench.irq)
            #expect(bench.status == (isKnown ? 0x50 : 0x51))
            #expect(bench.input(1) == (isKnown ? 0 : 4))
        }
        bench.command(0xC6, count: 2)
        bench.command(0xEF, features: 0x66)
        bench.out(0x16, 4)
        bench.out(0x16, 0)
        bench.wait()
        bench.command(0xC4, lba: 0, count: 2)
        #expect(bench.status == 0x58)
    }

    @Test(arguments: [0x00, 0x08, 0x50, 0xA0, 0xA1, 0xB0, 0xC7, 0xCC, 0xF1, 0xF5, 0x22, 0x32, 0xFF] as [UInt8])
    func whatADiskDoesNotKnowIsAborted(command: UInt8) {
        let bench = IDEBench(IDEBench.disk(10))
        bench.command(command, lba: 3, count: 2)
        #expect(bench.irq)
        #expect(bench.status == 0x51)
        #expect(bench.input(1) == 4)
        #expect(bench.registers == [2, 3, 0, 0])
        bench.command(0x1F)
        #expect(bench.status == 0x50 && bench.input(1) == 0)
    }

    @Test func realTimingTakesSeekAndRotation() {
        let bench = IDEBench(IDEBench.disk(5000), realTiming: true)
        bench.command(0x20, lba: 4999, count: 1)
        #expect(bench.scheduler.now > 20_000 && bench.scheduler.now < 30_000)
        let fast = IDEBench(IDEBench.disk(5000))
        fast.command(0x20, lba: 4999, count: 1)
        #expect(fast.scheduler.now == 20)
    }
}

/// A disk without content.
final class HugeDisk: BlockDevice {
    let sectorSize = 512
    let sectorCount: Int
    let isReadOnly = true
    init(sectorCount: Int) { self.sectorCount = sectorCount }
    func read(sector: Int) throws(BlockError) -> [UInt8] { [UInt8](repeating: 0, count: 512) }
    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .writeProtected }
    func flush() throws(BlockError) {}
}
