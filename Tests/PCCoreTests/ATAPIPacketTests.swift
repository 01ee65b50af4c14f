import Testing

@testable import PCCore

/// What each packet answers, and what a drive says when it cannot.
@Suite struct ATAPIPacketTests {
    private let bench = IDEBench(disc: IDEBench.disc(400))

    private func fails(
        _ packet: [UInt8], _ sense: [UInt8], on bench: IDEBench? = nil, parameters: [UInt8] = [],
        _ location: SourceLocation = #_sourceLocation
    ) {
        let bench = bench ?? self.bench
        let answer = bench.packet(packet, parameters: parameters)
        #expect(!answer.isGood, sourceLocation: location)
        #expect(answer.senseKey == sense[0], sourceLocation: location)
        #expect((answer.error & 0x04 != 0) == (sense[0] == 5), sourceLocation: location)
        #expect(bench.sense == sense, sourceLocation: location)
        #expect(bench.sense == [0, 0, 0], sourceLocation: location)
    }

    // MARK: Sense

    @Test func theFirstCommandHearsOfTheReset() {
        let bench = IDEBench(disc: IDEBench.disc(20), isFresh: true)
        // INQUIRY, GET CONFIGURATION and GET EVENT STATUS do not take it away.
        #expect(bench.packet([0x12, 0, 0, 0, 36]).isGood)
        #expect(bench.packet([0x46, 0, 0, 0, 0, 0, 0, 0, 8]).isGood)
        #expect(bench.packet([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]).isGood)
        fails([0x00], [6, 0x29, 0], on: bench)
        #expect(bench.packet([0x00]).isGood)
        bench.channel.reset()
        bench.wait()
        // REQUEST SENSE itself tells it as well.
        #expect(bench.sense == [6, 0x29, 0])
        #expect(bench.packet([0x00]).isGood)
        // SRST and DEVICE RESET end a command and change nothing else.
        bench.out(7, 0x08)
        bench.wait()
        #expect(bench.packet([0x00]).isGood)
    }

    @Test func senseHoldsUntilTheNextCommand() {
        #expect(!bench.packet([0xFF]).isGood)
        #expect(bench.packet([0x00]).isGood)
        #expect(bench.sense == [0, 0, 0])
    }

    @Test(arguments: [0x01, 0x04, 0x0A, 0x2A, 0xA3, 0xAD, 0xFF] as [UInt8]) func unknownCommands(code: UInt8) {
        fails([code], [5, 0x20, 0])
    }

    @Test func withoutADisc() {
        let empty = IDEBench(disc: nil)
        for code in [0x00, 0x25, 0x28, 0xA8, 0xBE, 0x2B, 0x42, 0x43, 0x44, 0x45, 0x4B, 0x4E, 0x51, 0x52] as [UInt8] {
            fails([code], [2, 0x3A, 1], on: empty)
        }
        #expect(empty.packet([0x12, 0, 0, 0, 36]).isGood)
        #expect(empty.packet([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 28]).data[2] == 0x70)
        #expect(empty.packet([0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8]).isGood)
    }

    @Test func anotherDiscIsAnAttentionAndAnEvent() {
        let event: [UInt8] = [0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]
        #expect(bench.packet(event).data == [0, 6, 4, 0x10, 0, 2, 0, 0])
        bench.channel.insert(nil, drive: 0)
        #expect(bench.packet(event).data == [0, 6, 4, 0x10, 3, 1, 0, 0])
        #expect(bench.packet(event).data == [0, 6, 4, 0x10, 0, 1, 0, 0])
        fails([0x00], [2, 0x3A, 2])
        bench.channel.insert(IDEBench.disc(30), drive: 0)
        #expect(bench.packet(event).data == [0, 6, 4, 0x10, 2, 2, 0, 0])
        fails([0x25], [6, 0x28, 0])
        #expect(bench.packet([0x25]).data == [0, 0, 0, 29, 0, 0, 8, 0])
        // Without a moment in between.
        bench.channel.insert(IDEBench.disc(40), drive: 0)
        fails([0x00], [6, 0x28, 0])
        #expect(bench.packet([0x25]).data == [0, 0, 0, 39, 0, 0, 8, 0])
        // No event of a class that the drive does not have; nothing is reported by itself.
        #expect(bench.packet([0x4A, 1, 0, 0, 0x40, 0, 0, 0, 8]).data == [0, 2, 0x80, 0x10])
        fails([0x4A, 0, 0, 0, 0x10, 0, 0, 0, 8], [5, 0x24, 0])
    }

    @Test func aDiscThatChangesWhileItIsReadEndsTheReading() {
        bench.send([0x28, 0, 0, 0, 0, 0, 0, 0, 20], limit: 2048)
        bench.wait()
        #expect(bench.readWords(1024) == IDEBench.discContent(0))
        bench.channel.insert(IDEBench.disc(400), drive: 0)
        bench.wait()
        #expect(bench.status == 0x51)
        #expect(bench.sense == [6, 0x28, 0])
        bench.send([0x28, 0, 0, 0, 0, 0, 0, 0, 20], limit: 2048)
        bench.wait()
        bench.channel.insert(nil, drive: 0)
        #expect(bench.readWords(1024) == IDEBench.discContent(0))
        bench.wait()
        #expect(bench.status == 0x51)
        #expect(bench.sense == [2, 0x3A, 2])
    }

    @Test func ejectAndLoad() {
        let (eject, load): ([UInt8], [UInt8]) = ([0x1B, 0, 0, 0, 2], [0x1B, 0, 0, 0, 3])
        #expect(bench.packet([0x1E, 0, 0, 0, 1]).isGood)
        fails(eject, [5, 0x53, 2])
        #expect(bench.packet([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 28]).data[8 + 6] == 0x2B)
        #expect(bench.packet([0x1E, 0, 0, 0, 0]).isGood)
        #expect(bench.packet(eject).isGood)
        fails([0x00], [2, 0x3A, 2])
        #expect(bench.packet([0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8]).data[1] == 0x10)
        #expect(bench.packet(load).isGood)
        fails([0x00], [6, 0x28, 0])
        #expect(bench.packet([0x00]).isGood)
        // Stopping and starting the motor leaves the disc where it is.
        #expect(bench.packet([0x1B, 0, 0, 0, 0]).isGood)
        #expect(bench.packet([0x1B, 0, 0, 0, 1]).isGood)
        #expect(bench.packet([0x00]).isGood)
    }

    // MARK: Reading

    @Test func readsByTenAndTwelve() {
        let all = (300..<303).flatMap(IDEBench.discContent)
        #expect(bench.packet([0x28, 0, 0, 0, 1, 44, 0, 0, 3]).data == all)
        #expect(bench.packet([0xA8, 0, 0, 0, 1, 44, 0, 0, 0, 3]).data == all)
        #expect(bench.packet([0x28, 0, 0, 0, 1, 144, 0, 0, 0]).isGood)
        for (first, count) in [(400, 1), (399, 2), (0, 401), (401, 0)] {
            let place: [UInt8] = [0, 0, UInt8(first >> 8), UInt8(first & 0xFF)]
            fails([0x28, 0] + place + [0, UInt8(count >> 8), UInt8(count & 0xFF)], [5, 0x21, 0])
        }
        fails([0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 1], [5, 0x21, 0])
        fails([0xA8, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], [5, 0x21, 0])
        fails([0x2B, 0, 0, 0, 1, 0x90], [5, 0x21, 0])
        #expect(bench.packet([0x2B, 0, 0, 0, 1, 0x8F]).isGood)
    }

    @Test func aSectorThatTheHostCannotReadIsAMediumError() {
        let bench = IDEBench(disc: BadDisc())
        #expect(bench.packet([0x28, 0, 0, 0, 0, 0, 0, 0, 2]).data.count == 4096)
        let answer = bench.packet([0x28, 0, 0, 0, 0, 0, 0, 0, 4], limit: 2048)
        #expect(answer.data.count == 3 * 2048)
        #expect(answer.senseKey == 3)
        #expect(bench.sense == [3, 0x11, 0])
        #expect(bench.lines.count == 1)
        #expect(bench.lines[0].contains("sector 3"))
    }

    @Test func readCDHasTheFieldsThatWereAskedFor() {
        func readCD(_ fields: UInt8, _ type: UInt8 = 0) -> [UInt8] { [0xBE, type << 2, 0, 0, 0, 16, 0, 0, 2, fields] }
        let raw = bench.packet(readCD(0xF8)).data
        #expect(raw.count == 2 * 2352)
        let first = Array(raw[..<2352])
        #expect(Array(first[..<16]) == [0] + [UInt8](repeating: 0xFF, count: 10) + [0, 0x00, 0x02, 0x16, 1])
        #expect(Array(first[16..<2064]) == IDEBench.discContent(16))
        for (fields, range) in [
            (0x10, 16..<2064), (0x18, 16..<2352), (0x20, 12..<16), (0x30, 12..<2064), (0x38, 12..<2352), (0xA0, 0..<16),
            (0xB0, 0..<2064), (0xB8, 0..<2352), (0x50, 16..<2064), (0x80, 0..<12), (0x08, 2064..<2352),
        ] as [(UInt8, Range<Int>)] {
            let data = bench.packet(readCD(fields)).data
            let second = (2352 + range.lowerBound)..<(2352 + range.upperBound)
            #expect(data == Array(raw[range] + raw[second]), "\(fields)")
        }
        #expect(bench.packet(readCD(0)).data.isEmpty)
        #expect(bench.packet(readCD(0x10, 2)).data.count == 4096)
        fails(readCD(0x10, 1), [5, 0x64, 0])
        fails(readCD(0x10, 4), [5, 0x64, 0])
        for fields in [0x90, 0x88, 0x28, 0x12, 0xA8] as [UInt8] { fails(readCD(fields), [5, 0x24, 0]) }
        fails(readCD(0x10) + [1], [5, 0x24, 0])
        // From 00:02:16 to 00:02:18.
        #expect(bench.packet([0xB9, 0, 0, 0, 2, 16, 0, 2, 18, 0xF8]).data == raw)
        fails([0xB9, 0, 0, 0, 2, 18, 0, 2, 16, 0xF8], [5, 0x24, 0])
        fails([0xB9, 0, 0, 0, 2, 75, 0, 3, 16, 0xF8], [5, 0x24, 0])
        fails([0xB9, 0, 0, 0, 1, 16, 0, 2, 16, 0xF8], [5, 0x21, 0])
    }

    /// The checks of a raw sector by the equations of [ECMA-130 14.3, A], worked out another way: by logarithms.
    @Test func aRawSectorHoldsItsChecks() {
        let raw = RawSector.mode1(4_321, IDEBench.discContent(5))
        #expect(raw.count == 2352)
        #expect(RawSector.errorDetection(raw[..<2068]) == 0)
        #expect(raw[2068..<2076].allSatisfy { $0 == 0 })
        var (powers, logarithms) = ([UInt8](), [Int](repeating: 0, count: 256))
        var value = 1
        for exponent in 0..<255 {
            powers.append(UInt8(value))
            logarithms[value] = exponent
            value = value * 2 ^ (value & 0x80 == 0 ? 0 : 0x11D)
        }
        func power(_ exponent: Int, _ byte: UInt8) -> UInt8 {
            byte == 0 ? 0 : powers[(logarithms[Int(byte)] + exponent) % 255]
        }
        func check(_ words: [Int]) {
            for half in 0..<2 {
                let bytes = words.map { raw[12 + 2 * $0 + half] }
                #expect(bytes.reduce(0, ^) == 0)
                #expect(bytes.enumerated().reduce(0) { $0 ^ power(bytes.count - 1 - $1.offset, $1.element) } == 0)
            }
        }
        for column in 0..<43 { check((0..<26).map { column + 43 * $0 }) }
        for diagonal in 0..<26 {
            check((0..<43).map { (43 * diagonal + 44 * $0) % 1118 } + [1118 + diagonal, 1144 + diagonal])
        }
    }

    // MARK: The disc

    @Test func tableOfContents() {
        func toc(_ format: UInt8, time: Bool = false, track: UInt8 = 0, old: UInt8 = 0) -> [UInt8] {
            [0x43, time ? 2 : 0, format, 0, 0, 0, track, 3, 0x24, old << 6]
        }
        let track: [UInt8] = [0, 0x14, 1, 0, 0, 0, 0, 0]
        let end: [UInt8] = [0, 0x14, 0xAA, 0, 0, 0, 1, 0x90]
        #expect(bench.packet(toc(0)).data == [0, 18, 1, 1] + track + end)
        #expect(bench.packet(toc(0, track: 1)).data == [0, 18, 1, 1] + track + end)
        #expect(bench.packet(toc(0, track: 0xAA)).data == [0, 10, 1, 1] + end)
        #expect(
            bench.packet(toc(0, time: true)).data
                == [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 2, 0, 0, 0x14, 0xAA, 0, 0, 0, 7, 25])
        #expect(bench.packet(toc(1)).data == [0, 10, 1, 1] + track)
        #expect(bench.packet(toc(0, old: 1)).data == [0, 10, 1, 1] + track)
        let whole = bench.packet(toc(2)).data
        #expect(whole.count == 4 + 4 * 11)
        #expect(whole == bench.packet(toc(0, old: 2)).data)
        #expect([3, 14, 25, 36].map { whole[4 + $0] } == [0xA0, 0xA1, 0xA2, 1])
        #expect(Array(whole[34..<37]) == [0, 7, 25])
        #expect(bench.packet([0x43, 0, 0, 0, 0, 0, 0, 0, 6]).data == [0, 18, 1, 1, 0, 0x14])
        fails(toc(0, track: 2), [5, 0x24, 0])
        fails(toc(3), [5, 0x24, 0])
    }

    @Test func headersAndPositions() {
        #expect(bench.packet([0x44, 0, 0, 0, 1, 44, 0, 0, 8]).data == [1, 0, 0, 0, 0, 0, 1, 44])
        #expect(bench.packet([0x44, 2, 0, 0, 1, 44, 0, 0, 8]).data == [1, 0, 0, 0, 0, 0, 6, 0])
        fails([0x44, 0, 0, 0, 1, 0x90, 0, 0, 8], [5, 0x21, 0])
        _ = bench.packet([0x2B, 0, 0, 0, 0, 75])
        #expect(bench.packet([0x42, 0, 0, 1, 0, 0, 0, 0, 16]).data == [0, 0x15, 0, 0])
        #expect(
            bench.packet([0x42, 0, 0x40, 1, 0, 0, 0, 0, 16]).data
                == [0, 0x15, 0, 12, 1, 0x14, 1, 1, 0, 0, 0, 75, 0, 0, 0, 75])
        #expect(Array(bench.packet([0x42, 2, 0x40, 1, 0, 0, 0, 0, 16]).data[8..<12]) == [0, 0, 3, 0])
        #expect(bench.packet([0x42, 0, 0x40, 2, 0, 0, 0, 0, 24]).data.count == 24)
        fails([0x42, 0, 0x40, 0, 0, 0, 0, 0, 16], [5, 0x24, 0])
        #expect(bench.packet([0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8]).data == [0, 0, 0, 0, 75, 0, 0, 0])
    }

    @Test func discAndTrack() {
        let disc = bench.packet([0x51, 0, 0, 0, 0, 0, 0, 0, 34]).data
        #expect(disc.count == 34 && Array(disc[..<8]) == [0, 32, 0x0E, 1, 1, 1, 1, 0x20])
        let track = bench.packet([0x52, 1, 0, 0, 0, 1, 0, 0, 36]).data
        #expect(track.count == 36 && Array(track[24..<28]) == [0, 0, 1, 0x90])
        fails([0x52, 1, 0, 0, 0, 2, 0, 0, 36], [5, 0x24, 0])
    }

    @Test func thereIsNothingToPlay() {
        fails([0x45, 0, 0, 0, 0, 0, 0, 0, 1], [5, 0x64, 0])
        fails([0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 1], [5, 0x64, 0])
        fails([0x47, 0, 0, 0, 2, 0, 0, 3, 0], [5, 0x64, 0])
        fails([0x45, 0, 0, 0, 2, 0, 0, 0, 1], [5, 0x21, 0])
        fails([0x4B, 0, 0, 0, 0, 0, 0, 0, 1], [5, 0x2C, 0])
        #expect(bench.packet([0x4E]).isGood)
    }

    // MARK: The drive

    @Test func inquiry() {
        let data = bench.packet([0x12, 0, 0, 0, 255]).data
        #expect(data.count == 36)
        #expect(Array(data[..<5]) == [5, 0x80, 0, 0x21, 31])
        #expect(String(decoding: data[8..<36], as: UTF8.self) == "SWIFT86 CD-ROM          1.0 ")
        fails([0x12, 1, 0, 0, 36], [5, 0x24, 0])
    }

    @Test func modePages() {
        func sense(_ page: UInt8, _ control: UInt8 = 0) -> [UInt8] { [0x5A, 0, control << 6 | page, 0, 0, 0, 0, 1, 0] }
        #expect(bench.packet(sense(0x01)).data == [0, 14, 1, 0, 0, 0, 0, 0, 1, 6, 0, 3, 0, 0, 0, 0])
        #expect(bench.packet([0x1A, 0, 0x01, 0, 255]).data == [11, 1, 0, 0, 1, 6, 0, 3, 0, 0, 0, 0])
        let all = bench.packet(sense(0x3F)).data
        #expect(all.count == 8 + 8 + 8 + 16 + 20)
        #expect(all[1] == UInt8(all.count - 2))
        fails(sense(0x01, 3), [5, 0x39, 0])
        fails(sense(0x05), [5, 0x24, 0])
        // The volume and the number of retries can be set; the rest stays as it is.
        let select: [UInt8] = [0x55, 0x10, 0, 0, 0, 0, 0, 0, 16]
        let retries: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0, 9, 0, 0, 0, 0]
        #expect(bench.packet(select, parameters: retries).isGood)
        #expect(bench.packet(select, limit: 5, parameters: retries).blocks == [4, 4, 4, 4])
        #expect(bench.packet(sense(0x01)).data[11] == 9)
        #expect(bench.packet(sense(0x01, 2)).data[11] == 3)
        #expect(Array(bench.packet(sense(0x01, 1)).data[8...]) == [1, 6, 0x37, 0xFF, 0, 0, 0, 0])
        fails(select, [5, 0x26, 0], parameters: [0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0, 9, 1, 0, 0, 0])
        fails(select, [5, 0x26, 0], parameters: [0, 0, 0, 0, 0, 0, 0, 0, 0x2A, 6, 0, 9, 0, 0, 0, 0])
        fails(select, [5, 0x26, 0], parameters: [0, 0, 0, 0, 0, 0, 0, 9, 1, 6, 0, 9, 0, 0, 0, 0])
        fails([0x55, 0x10, 0, 0, 0, 0, 0, 0, 7], [5, 0x1A, 0], parameters: [UInt8](repeating: 0, count: 7))
        fails([0x55, 0x10, 0, 0, 0, 0, 0, 0, 13], [5, 0x1A, 0], parameters: Array(retries.prefix(13)))
        fails([0x55, 0x11, 0, 0, 0, 0, 0, 0, 16], [5, 0x24, 0], parameters: retries)
        fails([0x55, 0x10, 0, 0, 0, 0, 0, 0xFF, 0xFF], [5, 0x24, 0])
        #expect(bench.packet([0x55, 0x10]).isGood)
        let short: [UInt8] = [0, 0, 0, 0, 1, 6, 0, 7, 0, 0, 0, 0]
        #expect(bench.packet([0x15, 0x10, 0, 0, 12], parameters: short).isGood)
        #expect(bench.packet(sense(0x01)).data[11] == 7)
        bench.channel.reset()
        bench.wait()
        _ = bench.sense
        #expect(bench.packet(sense(0x01)).data[11] == 3)
    }

    @Test func configuration() {
        func ask(_ type: UInt8, _ feature: UInt8) -> [UInt8] {
            bench.packet([0x46, type, 0, feature, 0, 0, 0, 1, 0]).data
        }
        let all = ask(0, 0)
        #expect(Array(all[..<8]) == [0, 0, 0, UInt8(all.count - 4), 0, 0, 0, 8])
        #expect(Array(ask(2, 3)[8...]) == [0, 3, 3, 4, 0x29, 0, 0, 0])
        #expect(ask(2, 7).count == 8)
        #expect(ask(0, 0x10).count == 8 + 12 + 8)
        bench.channel.insert(nil, drive: 0)
        #expect(ask(0, 0)[7] == 0)
        #expect(ask(1, 0x10).count == 8)
        fails([0x46, 3, 0, 0, 0, 0, 0, 1, 0], [5, 0x24, 0])
    }

    @Test func speed() {
        func now() -> [UInt8] { Array(bench.packet([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 28]).data[22..<24]) }
        #expect(now() == [0x10, 0x8A])
        #expect(bench.packet([0xBB, 0, 0x02, 0xC2]).isGood)
        #expect(now() == [0x02, 0xC2])
        #expect(bench.packet([0xBB, 0, 0xFF, 0xFF]).isGood)
        #expect(now() == [0x10, 0x8A])
    }

    /// Nothing stops a program that uses the library from putting one in.
    @Test func aDiscWithoutASectorIsNone() {
        let bench = IDEBench(disc: MemoryDisk([], sectorSize: 2048, isReadOnly: true))
        // READ CAPACITY, READ TOC, READ(10)
        for packet in [[0x25], [0x43, 0, 0, 0, 0, 0, 0, 0, 12], [0x28, 0, 0, 0, 0, 0, 0, 0, 1]] as [[UInt8]] {
            #expect(bench.packet(packet).senseKey == 2)
        }
    }
}

/// A disc of which the host cannot read the fourth sector.
private final class BadDisc: BlockDevice {
    let sectorSize = 2048
    let sectorCount = 10
    let isReadOnly = true

    func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector != 3 else { throw .failed("scratched") }
        return [UInt8](repeating: 0, count: 2048)
    }

    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .writeProtected }
    func flush() throws(BlockError) {}
}
