import Testing

@testable import PCCore

/// A CD-ROM drive as a device on the cable: registers, phases, lengths, resets.
@Suite struct ATAPIDriveTests {
    private static let testUnitReady: [UInt8] = [0x00]
    private static func read(_ first: Int, _ count: Int) -> [UInt8] {
        [0x28, 0, 0, 0, UInt8(first >> 8), UInt8(first & 0xFF), 0, UInt8(count >> 8), UInt8(count & 0xFF)]
    }

    private func expectSignature(_ bench: IDEBench) {
        #expect(bench.registers == [1, 1, 0x14, 0xEB])
    }

    @Test func theSignatureStandsAfterPowerOnAndReset() {
        let bench = IDEBench(disc: IDEBench.disc(20), isFresh: true)
        expectSignature(bench)
        // No DRDY before the first command.
        #expect(bench.status == 0)
        _ = bench.packet(Self.testUnitReady)
        #expect(bench.status & 0x40 != 0)
        bench.out(0x16, 0x04)
        bench.out(0x16, 0x00)
        bench.wait()
        expectSignature(bench)
        #expect(bench.status == 0)
        #expect(bench.input(1) == 1)
    }

    @Test(arguments: [0xEC, 0x20, 0x21] as [UInt8]) func commandsOfDisksAreAbortedWithTheSignature(command: UInt8) {
        let bench = IDEBench()
        bench.channel.attachCDROM(IDEBench.disc(20), drive: 1)
        bench.out(6, 0xB0)
        bench.out(4, 0)
        bench.out(5, 0)
        bench.out(7, command)
        bench.wait()
        #expect(bench.irq)
        #expect(bench.status == 0x51)
        #expect(bench.input(1) == 0x04)
        expectSignature(bench)
        #expect(bench.input(6) == 0xB0)
    }

    @Test(arguments: [0x30, 0xC4, 0xC8, 0xA2, 0x00, 0xFF] as [UInt8])
    func whatNoPacketDeviceHasIsAborted(command: UInt8) {
        let bench = IDEBench(disc: IDEBench.disc(20))
        bench.command(command)
        #expect(bench.status == 0x51)
        #expect(bench.input(1) == 0x04)
    }

    @Test func identifyPacketDevice() {
        let bench = IDEBench(disc: nil, isFresh: true)
        bench.command(0xA1)
        #expect(bench.irq)
        #expect(bench.status == 0x58)
        let bytes = bench.readWords(256)
        #expect(bench.status == 0x50)
        func word(_ index: Int) -> UInt16 { UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8 }
        #expect(word(0) == 0x85C0)
        #expect(word(49) & 0x0300 == 0x0200)
        #expect(word(80) == 0x10)
        #expect(word(82) & 0x0210 == 0x0210)
        let model = (27..<47).flatMap { [UInt8(word($0) >> 8), UInt8(word($0) & 0xFF)] }
        #expect(String(decoding: model, as: UTF8.self).hasPrefix("SWIFT86 CD-ROM  "))
    }

    @Test func diagnosisShowsTheSignature() {
        let bench = IDEBench(IDEBench.disk(100))
        bench.channel.attachCDROM(nil, drive: 1)
        bench.out(7, 0x90)
        bench.wait()
        #expect(bench.edges == 1)
        #expect(bench.status == 0x50)
        #expect(bench.registers == [1, 1, 0, 0])
        bench.out(6, 0xB0)
        expectSignature(bench)
        #expect(bench.status == 0)
    }

    // MARK: Phases

    @Test func aCommandWithoutDataHasThePacketAndTheStatus() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        bench.out(7, 0xA0)
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.alternate == 0x58)
        #expect(bench.input(2) & 7 == 1)
        #expect(!bench.irq)
        bench.writeWords([UInt8](repeating: 0, count: 12))
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.irq)
        #expect(bench.alternate == 0x50)
        #expect(bench.input(2) & 7 == 3)
        #expect(bench.input(1) == 0)
    }

    @Test func dataComeInBlocksUpToTheLimit() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        let all = (2..<9).flatMap(IDEBench.discContent)
        for (limit, blocks) in [
            (0xFFFE, [8192, 6144]), (0xFFFF, [8192, 6144]), (8191, [6144, 6144, 2048]),
            (2048, [Int](repeating: 2048, count: 7)),
            (2049, [Int](repeating: 2048, count: 7)),
            (1000, [[Int]](repeating: [1000, 1000, 48], count: 7).flatMap(\.self)),
            (1001, [[Int]](repeating: [1000, 1000, 48], count: 7).flatMap(\.self)),
        ] {
            let answer = bench.packet(Self.read(2, 7), limit: limit)
            #expect(answer.isGood)
            #expect(answer.blocks == blocks, "limit \(limit)")
            #expect(answer.data == all, "limit \(limit)")
        }
        #expect(bench.packet(Self.read(2, 1), limit: 2).data == IDEBench.discContent(2))
    }

    @Test func aLimitInWhichNothingFitsEndsACommandThatHasData() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        for limit in [0, 1] {
            let answer = bench.packet(Self.read(2, 7), limit: limit)
            #expect(answer.status == 0x51)
            #expect(answer.error == 0x04)
            #expect(answer.blocks.isEmpty)
            #expect(bench.packet(Self.testUnitReady, limit: limit).isGood)
            #expect(bench.packet(Self.read(2, 0), limit: limit).isGood)
        }
    }

    @Test func anOddCountIsFilledUpToAWord() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        let whole = bench.packet([0x12, 0, 0, 0, 36])
        #expect(whole.data.count == 36)
        for count in [1, 3, 5, 35] {
            let answer = bench.packet([0x12, 0, 0, 0, UInt8(count)])
            #expect(answer.blocks == [count])
            #expect(answer.data == Array(whole.data.prefix(count)))
        }
        bench.send([0x12, 0, 0, 0, 5])
        bench.wait()
        #expect(bench.readWords(3) == Array(whole.data.prefix(5)) + [0])
        bench.wait()
        #expect(bench.status == 0x50)
        // An odd limit is good for the last block.
        #expect(bench.packet([0x12, 0, 0, 0, 36], limit: 35).blocks == [34, 2])
        #expect(bench.packet([0x12, 0, 0, 0, 35], limit: 35).blocks == [35])
    }

    @Test func allocationLengthZeroHasNoData() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        let answer = bench.packet([0x12, 0, 0, 0, 0])
        #expect(answer.isGood && answer.blocks.isEmpty)
    }

    @Test func wordsBeyondABlockAreNothing() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        bench.send([0x12, 0, 0, 0, 8])
        bench.wait()
        _ = bench.readWords(4)
        #expect(bench.readWords(2) == [0, 0, 0, 0])
        bench.wait()
        #expect(bench.readWords(2) == [0, 0, 0, 0])
        #expect(bench.status == 0x50)
    }

    @Test func overlapAndDMAAreRefusedWhereTheyAreNotToBeHad() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        for features in [1, 2, 3] as [UInt8] {
            bench.out(1, features)
            bench.out(7, 0xA0)
            bench.wait()
            #expect(bench.status == 0x51)
            #expect(bench.input(1) == 0x04)
        }
    }

    @Test func realTimingTakesTheSpeedOfTheDrive() {
        let bench = IDEBench(disc: IDEBench.disc(2000), realTiming: true)
        let start = bench.scheduler.now
        #expect(bench.packet(Self.read(500, 100)).isGood)
        // 90 ms to get there, and 200 KB at 4234 KB/s.
        let time = bench.scheduler.now - start
        #expect((130_000...150_000).contains(time), "\(time)")
    }

    // MARK: Reset

    @Test func deviceResetEndsWhateverIsUnderWay() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        // While it is busy, in the packet phase, and with data to come.
        for words in [-1, 0, 3, 6, 7] {
            bench.out(6, 0xA0)
            bench.out(4, 0)
            bench.out(5, 0x08)
            bench.out(7, 0xA0)
            if words >= 0 {
                bench.wait()
                bench.writeWords(Array((Self.read(0, 2) + [0, 0, 0]).prefix(2 * min(words, 6))))
            }
            if words > 6 { bench.wait() }
            let edges = bench.edges
            bench.out(7, 0x08)
            #expect(bench.alternate == 0x80)
            bench.wait()
            #expect(bench.edges == edges && !bench.irq)
            #expect(bench.status == 0)
            #expect(bench.input(1) == 1)
            expectSignature(bench)
            #expect(bench.packet(Self.read(3, 1)).data == IDEBench.discContent(3))
        }
    }

    @Test func deviceResetKeepsTheSelectionAndIsNoCommandOfADisk() {
        let bench = IDEBench(IDEBench.disk(100))
        bench.channel.attachCDROM(IDEBench.disc(20), drive: 1)
        bench.out(6, 0xB5)
        bench.out(7, 0x08)
        bench.wait()
        #expect(bench.input(6) == 0xB0)
        bench.out(6, 0xA0)
        bench.out(7, 0x08)
        bench.wait()
        #expect(bench.status == 0x51)
    }

    @Test func aSleepingDriveWakesByAReset() {
        let bench = IDEBench(disc: IDEBench.disc(20))
        bench.command(0xE6)
        #expect(bench.status == 0x50)
        bench.out(7, 0xA0)
        #expect(bench.alternate == 0x50)
        bench.out(7, 0x08)
        bench.wait()
        #expect(bench.packet(Self.testUnitReady).isGood)
    }

    // MARK: What a hostile guest does

    /// CVE-2015-5154: lengths of ATAPI and the data register. Whatever is written in whatever order, nothing is outside the
    /// buffer (which would trap), and a reset brings the drive back.
    @Test(arguments: 1...8) func anyOrderOfRegisterAccessesStaysInside(seed: UInt64) {
        let bench = IDEBench(IDEBench.disk(100))
        bench.channel.attachCDROM(IDEBench.disc(20), drive: 1)
        var random = seed
        func next(_ limit: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % limit
        }
        let commands: [UInt8] = [0xA0, 0xA0, 0xA0, 0xA1, 0x08, 0xEC, 0x90, 0xEF, 0x20, 0xC4, 0xE6]
        let codes: [UInt8] = [
            0x00, 0x03, 0x12, 0x15, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x2B, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x4A, 0x4B,
            0x4E, 0x51, 0x52, 0x55, 0x5A, 0xA5, 0xA8, 0xB9, 0xBB, 0xBD, 0xBE,
        ]
        for step in 0..<20_000 {
            switch next(12) {
            case 0: bench.out(UInt16(1 + next(6)), UInt8(next(256)))
            case 1: bench.out(6, next(4) == 0 ? 0xA0 : 0xB0)
            case 2: bench.out(7, next(8) == 0 ? UInt8(next(256)) : commands[Int(next(UInt64(commands.count)))])
            case 3: bench.run(microseconds: next(60))
            case 4: bench.wait()
            case 5: for _ in 0..<next(5000) { _ = bench.channel.readPort(0, next(2) == 0 ? .word : .dword) }
            case 6:
                for _ in 0..<next(300) {
                    bench.channel.writePort(0, UInt32(next(1 << 31)), next(2) == 0 ? .word : .dword)
                }
            case 7: _ = bench.input(UInt16(next(8)))
            case 8: if next(20) == 0 { bench.out(0x16, UInt8(next(16))) }
            case 9: if next(20) == 0 { bench.channel.insert(next(2) == 0 ? nil : IDEBench.disc(3), drive: 1) }
            default:
                // A packet that is nearly right.
                bench.out(6, 0xB0)
                bench.out(1, UInt8(next(4)) & UInt8(next(4)))
                bench.out(4, UInt8(next(256)))
                bench.out(5, UInt8(next(256)) & UInt8(next(256)))
                bench.out(7, 0xA0)
                bench.wait()
                var packet = (0..<12).map { _ in UInt8(next(3) == 0 ? next(256) : next(3)) }
                packet[0] = codes[Int(next(UInt64(codes.count)))]
                bench.writeWords(packet)
                if step & 1 == 0 { bench.wait() }
            }
        }
        bench.channel.reset()
        bench.wait()
        bench.channel.attachCDROM(IDEBench.disc(20), drive: 0)
        _ = bench.packet([0x03, 0, 0, 0, 18])
        #expect(bench.packet(Self.read(19, 1)).data == IDEBench.discContent(19))
    }
}
