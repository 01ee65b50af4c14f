import Testing

@testable import PCCore

/// Disks beyond 28 bits, and the transfer modes.
@Suite struct LargeDiskTests {
    /// A disk of sectors that hold their own number, without storage.
    private final class NumberedDisk: BlockDevice {
        let sectorSize = 512
        let sectorCount: Int
        let isReadOnly = false
        private(set) var written: [Int: [UInt8]] = [:]

        init(_ sectorCount: Int) { self.sectorCount = sectorCount }

        func read(sector: Int) throws(BlockError) -> [UInt8] {
            guard sector >= 0, sector < sectorCount else { throw .outOfRange }
            if let bytes = written[sector] { return bytes }
            var bytes = [UInt8](repeating: 0, count: 512)
            for i in 0..<8 { bytes[i] = UInt8(truncatingIfNeeded: sector >> (i * 8)) }
            return bytes
        }
        func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
            guard sector >= 0, sector < sectorCount else { throw .outOfRange }
            written[sector] = bytes
        }
        func flush() throws(BlockError) {}
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Both halves of every register, the upper first. [ATA-6 6.20]
    private func extended(_ command: UInt8, lba: Int, count: Int, _ bench: IDEBench) {
        bench.out(6, 0x40)
        bench.out(2, UInt8(count >> 8 & 0xFF))
        bench.out(3, UInt8(lba >> 24 & 0xFF))
        bench.out(4, UInt8(lba >> 32 & 0xFF))
        bench.out(5, UInt8(lba >> 40 & 0xFF))
        bench.out(2, UInt8(count & 0xFF))
        bench.out(3, UInt8(lba & 0xFF))
        bench.out(4, UInt8(lba >> 8 & 0xFF))
        bench.out(5, UInt8(lba >> 16 & 0xFF))
        bench.out(7, command)
        bench.wait()
    }

    /// The 48 bits of the address that the registers show.
    private func address(_ bench: IDEBench) -> Int {
        bench.out(0x16, 0)
        let low = (3...5).map { Int(bench.input($0)) }
        bench.out(0x16, 0x80)
        let high = (3...5).map { Int(bench.input($0)) }
        bench.out(0x16, 0)
        return (low + high).enumerated().reduce(0) { $0 | $1.element << ($1.offset * 8) }
    }

    private func words(_ bench: IDEBench) -> [UInt16] {
        bench.command(0xEC)
        let bytes = bench.readWords(256)
        return (0..<256).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 }
    }

    @Test func identifyTellsTheWholeSize() {
        let sectors = 3 << 32 | 0x1234_5678
        let words = words(IDEBench(NumberedDisk(sectors)))
        #expect(words[60] == 0xFFFF && words[61] == 0x0FFF)
        #expect(words[83] & 0xC400 == 0x4400 && words[86] & 0x2400 == 0x2400)
        #expect((0..<4).reduce(0) { $0 | Int(words[100 + $1]) << ($1 * 16) } == sectors)
    }

    @Test func readsBeyond28Bits() {
        let bench = IDEBench(NumberedDisk(3 << 32))
        let first = 0x2_8765_4321
        extended(0x24, lba: first, count: 3, bench)
        var bytes: [UInt8] = []
        for _ in 0..<3 {
            #expect(bench.status == 0x58)
            bytes += bench.readWords(256)
            bench.wait()
        }
        #expect(bench.status == 0x50)
        #expect((0..<3).map { number(bytes[($0 * 512)...]) } == [first, first + 1, first + 2])
        // READ MULTIPLE EXT: blocks of 16.
        bench.command(0xC6, count: 16)
        extended(0x29, lba: first, count: 20, bench)
        bytes = bench.readWords(16 * 256)
        bench.wait()
        bytes += bench.readWords(4 * 256)
        #expect(bench.status == 0x50 && number(bytes[(19 * 512)...]) == first + 19)
        // Beyond the end: the registers name the sector.
        extended(0x24, lba: 3 << 32, count: 1, bench)
        #expect(bench.status == 0x51 && bench.input(1) == 0x10)
        extended(0x42, lba: (3 << 32) - 2, count: 3, bench)
        #expect(bench.status == 0x51 && bench.input(1) == 0x10 && address(bench) == 3 << 32)
    }

    @Test func writesBeyond28Bits() {
        let disk = NumberedDisk(3 << 32)
        let bench = IDEBench(disk)
        let first = 0x1_0000_0000
        extended(0x34, lba: first, count: 1, bench)
        #expect(bench.status == 0x58)
        bench.writeWords([UInt8](repeating: 0x5A, count: 512))
        bench.wait()
        bench.command(0xC6, count: 4)
        extended(0x39, lba: first + 1, count: 2, bench)
        bench.writeWords([UInt8](repeating: 0xA5, count: 1024))
        bench.wait()
        #expect(bench.status == 0x50)
        #expect(disk.written.keys.sorted() == [first, first + 1, first + 2] && disk.written[first]?[0] == 0x5A)
        bench.command(0xEA)
        #expect(bench.status == 0x50)
    }

    @Test func countsHave16Bits() {
        let bench = IDEBench(NumberedDisk(1 << 20))
        extended(0x42, lba: 1 << 19, count: 0x0101, bench)
        #expect(bench.status == 0x50 && address(bench) == 1 << 19 + 0x100)
        extended(0x42, lba: 1 << 19, count: 0, bench)
        #expect(bench.status == 0x50 && address(bench) == 1 << 19 + 65535)
        extended(0x42, lba: (1 << 20) - 65535, count: 0, bench)
        #expect(bench.status == 0x51 && address(bench) == 1 << 20)
    }

    @Test func theNativeMaximumIsTheLastSector() {
        let bench = IDEBench(NumberedDisk(3 << 32))
        extended(0x27, lba: 0, count: 0, bench)
        #expect(bench.status == 0x50 && address(bench) == (3 << 32) - 1)
        bench.command(0xF8, lba: 0, count: 0)
        #expect(bench.registers[1...] == [0xFE, 0xFF, 0xFF] && bench.input(6) & 0x0F == 0x0F)
        bench.out(6, 0xA0)
        bench.command(0xF8)
        #expect(bench.status == 0x51 && bench.input(1) == 0x04)
    }

    @Test func aWriteEndsTheLookAtPreviousRegisters() {
        let bench = IDEBench(NumberedDisk(1000))
        bench.out(3, 0x11)
        bench.out(3, 0x22)
        bench.out(0x16, 0x80)
        #expect(bench.input(3) == 0x11)
        bench.out(2, 0x33)
        #expect(bench.input(3) == 0x22)
    }

    @Test func transferModesAreChosenAndShown() {
        let bench = IDEBench(NumberedDisk(1000))
        var words = words(bench)
        #expect(words[49] & 0x0100 != 0 && words[53] & 4 != 0 && words[63] == 7 && words[88] == 7)
        bench.command(0xEF, features: 0x03, count: 0x22)
        words = self.words(bench)
        #expect(words[63] == 0x0407 && words[88] == 7)
        bench.command(0xEF, features: 0x03, count: 0x41)
        words = self.words(bench)
        #expect(words[63] == 7 && words[88] == 0x0207)
        for mode in [0x23, 0x43, 0x10, 0x0D] as [UInt8] {
            bench.command(0xEF, features: 0x03, count: mode)
            #expect(bench.status == 0x51)
        }
    }
}
