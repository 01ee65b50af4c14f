import Testing

@testable import PCCore

/// What made IDE and ATAPI drives of other emulators leave their buffers.
@Suite struct DriveEscapeTests {
    /// CVE-2015-5154: a packet command without data left the data register open, and the host's words went behind the
    /// buffer.
    @Test(arguments: [0x1B, 0x00, 0x1E, 0x2B, 0xBB, 0x4E] as [UInt8])
    func noDataMoveAfterACommandWithoutData(command: UInt8) {
        let bench = IDEBench(disc: IDEBench.disc(20))
        bench.send([command])
        let room = buffer(bench)
        for _ in 0..<100_000 { bench.channel.writePort(0, 0xFFFF_FFFF, .dword) }
        bench.wait()
        for _ in 0..<100_000 {
            #expect(bench.channel.readPort(0, .dword) == 0)
            if bench.alternate != 0x50 { break }
        }
        #expect(bench.alternate & 0x88 == 0 && buffer(bench) == room)
        // The next command is answered as ever.
        let answer = bench.packet([0x28, 0, 0, 0, 0, 7, 0, 0, 1])
        #expect(answer.isGood && answer.data == IDEBench.discContent(7))
    }

    /// The size of the drive's buffer.
    private func buffer(_ bench: IDEBench) -> Int {
        var counter = ArrayCounter()
        var channel = bench.channel!
        counter.visit(&channel)
        return counter.longest
    }

    /// Byte limits of all kinds: no block is longer than the limit or the buffer.
    @Test(arguments: [0, 1, 8, 9, 0x7FF, 0x800, 0x801, 0xFFFD, 0xFFFE, 0xFFFF])
    func blocksKeepToTheLimit(limit: Int) {
        let bench = IDEBench(disc: IDEBench.disc(20))
        let answer = bench.packet([0xBE, 0, 0, 0, 0, 1, 0, 0, 3, 0xF8], limit: limit)
        guard limit > 1 else {
            #expect(!answer.isGood && answer.data.isEmpty)
            return
        }
        #expect(answer.isGood && answer.data.count == 3 * 2352)
        #expect(answer.blocks.allSatisfy { $0 <= min(limit, 8192) })
    }

    /// CVE-2020-29443: the address -1, and ranges that run over the end of the disc or of 32 bits.
    @Test func addressesBeyondTheDisc() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        let packets: [[UInt8]] = [
            [0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 1], [0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF],
            [0xA8, 0, 0, 0, 0, 19, 0xFF, 0xFF, 0xFF, 0xFF], [0xA8, 0, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 3],
            [0xBE, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xF8], [0x28, 0, 0, 0, 0, 20, 0, 0, 1],
            [0xB9, 0, 0, 99, 59, 74, 99, 59, 74, 0xF8], [0x2B, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        ]
        for packet in packets {
            let answer = bench.packet(packet)
            #expect(answer.data.isEmpty)
            if packet[0] != 0xB9 { #expect(answer.senseKey == 5 && bench.sense == [5, 0x21, 0]) }
        }
    }

    /// CVE-2008-0928: sectors at the end of the disk and beyond, by every way to name them.
    @Test func sectorsBeyondTheDisk() {
        let disk = IDEBench.disk(100)
        let bench = IDEBench(disk)
        for (lba, count, good) in [(99, 2, 1), (100, 1, 0), (0x0FFF_FFFF, 0, 0), (90, 0, 10)] {
            bench.command(0x20, lba: UInt32(lba), count: UInt8(count))
            var read = 0
            while bench.alternate & 0x08 != 0 {
                #expect(bench.readWords(256) == IDEBench.content(lba + read))
                read += 1
                bench.wait()
            }
            #expect(read == good && bench.status & 1 == 1 && bench.input(1) == 0x10)
        }
        // A write over the end keeps what is inside, and the disk's size.
        bench.command(0x30, lba: 99, count: 2)
        for _ in 0..<2 where bench.alternate & 0x08 != 0 {
            bench.writeWords([UInt8](repeating: 0xAA, count: 512))
            bench.wait()
        }
        #expect(bench.status & 1 == 1 && disk.bytes.count == 100 * 512 && disk.bytes[99 * 512] == 0xAA)
    }

    /// CVE-2020-25085 (there an SD controller's): the size of a block is changed while it is under way.
    @Test func blocksKeepTheirSizeWhileTheyAreUnderWay() {
        let disk = MemoryDisk(sectorCount: 200)
        let bench = IDEBench(disk)
        bench.command(0xC6, count: 16)
        bench.command(0xC5, lba: 10, count: 16)
        bench.writeWords([UInt8](repeating: 0x11, count: 4096))
        for offset in 1...6 as ClosedRange<UInt16> where offset != 6 { bench.out(offset, 0xFF) }
        bench.out(6, 0xE0)
        bench.writeWords([UInt8](repeating: 0x22, count: 4096))
        bench.wait()
        bench.writeWords([UInt8](repeating: 0x33, count: 4096))
        #expect(bench.status == 0x50)
        #expect(disk.bytes[10 * 512..<18 * 512].allSatisfy { $0 == 0x11 })
        #expect(disk.bytes[18 * 512..<26 * 512].allSatisfy { $0 == 0x22 })
        #expect(disk.bytes[(26 * 512)...].allSatisfy { $0 == 0 } && disk.bytes[..<5120].allSatisfy { $0 == 0 })
        // A command in the middle of a block ends it: what comes then belongs to nobody.
        bench.command(0xC5, lba: 50, count: 16)
        bench.writeWords([UInt8](repeating: 0x44, count: 1000))
        bench.command(0xC6, count: 2)
        bench.writeWords([UInt8](repeating: 0x55, count: 10_000))
        #expect(disk.bytes[50 * 512..<66 * 512].allSatisfy { $0 == 0 })
    }

    /// The other drive is selected in the middle of a block, and back.
    @Test func theOtherDriveHasABlockOfItsOwn() {
        let bench = IDEBench(IDEBench.disk(50), IDEBench.disk(50))
        bench.command(0x20, lba: 3, count: 1)
        let first = bench.readWords(100)
        bench.command(0x20, lba: 4, count: 1, drive: 1)
        let other = bench.readWords(300)
        bench.out(6, 0xE0)
        let second = bench.readWords(400)
        #expect(first + second.prefix(312) == IDEBench.content(3) && second.dropFirst(312).allSatisfy { $0 == 0 })
        #expect(other.prefix(512) == IDEBench.content(4)[...] && other.dropFirst(512).allSatisfy { $0 == 0 })
    }
}

/// The longest array of bytes in a state.
private struct ArrayCounter: StateVisitor {
    static let reads = false
    var longest = 0
    mutating func refuse() {}
    mutating func visit<T: FixedWidthInteger>(_ value: inout T) {}
    mutating func visit(_ value: inout Bool) {}
    mutating func visit(_ bytes: inout [UInt8]) { longest = max(longest, bytes.count) }
}
