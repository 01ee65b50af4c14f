import Testing

@testable import PCCore

/// A disk whose sectors from `bad` on cannot be read.
private final class WornDisk: BlockDevice {
    let sectorSize = 512
    let sectorCount = 1000
    let isReadOnly = false
    let bad: Int

    init(bad: Int) { self.bad = bad }

    func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector < bad else { throw .failed("worn out") }
        return IDEBench.content(sector)
    }
    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .failed("worn out") }
    func flush() throws(BlockError) {}
}

@Suite struct BusMasterTests {
    private static let ports: UInt16 = 0xC000
    private static let table: UInt32 = 0x8000

    /// A machine at HLT with interrupts on and all inputs masked, and a disk; the bus masters stand at C000h.
    private func machine(_ disk: any BlockDevice = IDEBench.disk(1000)) -> PCIBench {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD], disks: [disk])
        bench.write(1, function: 1, 0x20, UInt32(Self.ports))
        bench.write(1, function: 1, 4, 5, .word)
        bench.pass(100)
        return bench
    }

    /// Writes a table of regions at `at`; the last has the mark.
    private func describe(_ regions: [(UInt32, Int)], _ bench: PCIBench, at: UInt32 = table, marksEnd: Bool = true) {
        for (number, region) in regions.enumerated() {
            let mark: UInt32 = marksEnd && number == regions.count - 1 ? 0x8000_0000 : 0
            for (i, value) in [region.0, UInt32(region.1 & 0xFFFF) | mark].enumerated() {
                let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
                bench.poke(at + UInt32(number * 8 + i * 4), bytes)
            }
        }
    }

    private func command(_ command: UInt8, lba: UInt32, count: UInt8, _ bench: PCIBench) {
        bench.out(0x1F6, 0xE0 | lba >> 24 & 0x0F)
        for (i, value) in [UInt32(count), lba, lba >> 8, lba >> 16].enumerated() {
            bench.out(0x1F2 + UInt16(i), value & 0xFF)
        }
        bench.out(0x1F7, UInt32(command))
    }

    private func start(_ bench: PCIBench, toMemory: Bool, table: UInt32 = table) {
        bench.out(Self.ports + 4, table, .dword)
        bench.out(Self.ports + 2, 0x06)
        bench.out(Self.ports, toMemory ? 0x08 : 0)
        bench.out(Self.ports, toMemory ? 0x09 : 1)
    }

    private func status(_ bench: PCIBench) -> UInt32 { bench.input(Self.ports + 2) }
    private func millisecond(_ bench: PCIBench) { bench.pass(bench.pc.slotsPerSecond / 1000) }
    private func bytes(_ bench: PCIBench, _ at: UInt32, _ count: Int) -> [UInt8] {
        (0..<UInt32(count)).map { bench.peek(at + $0) }
    }

    @Test func aReadGoesWhereTheTableSays() {
        let bench = machine()
        describe([(0x1_0000, 512), (0x2_0002, 1022), (0x3_0000, 40 * 512 - 1534)], bench)
        command(0xC8, lba: 7, count: 40, bench)
        millisecond(bench)
        // The drive waits for the bus master.
        #expect(bench.input(0x3F6) == 0x58 && status(bench) == 0)
        start(bench, toMemory: true)
        #expect(status(bench) == 1)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.input(0x1F7) == 0x50 && bench.input(0x1F2) == 0)
        let all = (7..<47).flatMap(IDEBench.content)
        #expect(bytes(bench, 0x1_0000, 512) == Array(all[0..<512]))
        #expect(bytes(bench, 0x2_0002, 1022) == Array(all[512..<1534]))
        #expect(bytes(bench, 0x3_0000, 40 * 512 - 1534) == Array(all[1534...]))
        #expect(bench.peek(0x1_0200) == 0 && bench.peek(0x2_0001) == 0 && bench.peek(0x2_0400) == 0)
        bench.out(Self.ports + 2, 0x64)
        #expect(status(bench) == 0x60)
    }

    @Test func aWriteComesFromMemory() throws {
        let disk = MemoryDisk(sectorCount: 1000)
        let bench = machine(disk)
        let content = (0..<20 * 512).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        bench.poke(0x1_0000, content)
        describe([(0x1_0000, 6), (0x1_0006, 20 * 512 - 6)], bench)
        start(bench, toMemory: false)
        command(0xCA, lba: 500, count: 20, bench)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.input(0x1F7) == 0x50)
        #expect(Array(disk.bytes[500 * 512..<520 * 512]) == content)
        #expect(disk.bytes[520 * 512] == 0)
    }

    // MARK: CD-ROM

    /// A machine with a disc of 100 sectors in the first channel's drive.
    private func discMachine() -> PCIBench {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD]) { $0.cdroms[0] = CDROMDrive(IDEBench.disc(100)) }
        bench.write(1, function: 1, 0x20, UInt32(Self.ports))
        bench.write(1, function: 1, 4, 5, .word)
        bench.pass(100)
        // What the reset has left to tell.
        packet([0x03, 0, 0, 0, 18], features: 0, bench)
        millisecond(bench)
        while bench.input(0x3F6) & 8 != 0 { _ = bench.input(0x1F0, .word) }
        millisecond(bench)
        #expect(bench.input(0x1F7) == 0x50)
        bench.out(Self.ports + 2, 0x04)
        return bench
    }

    /// Sends a packet, whose data come by DMA with `features` 1.
    private func packet(_ bytes: [UInt32], features: UInt32 = 1, _ bench: PCIBench) {
        bench.out(0x1F6, 0xA0)
        bench.out(0x1F1, features)
        bench.out(0x1F4, 0xFE)
        bench.out(0x1F5, 0xFF)
        bench.out(0x1F7, 0xA0)
        millisecond(bench)
        let padded = bytes + [UInt32](repeating: 0, count: 12 - bytes.count)
        for i in 0..<6 { bench.out(0x1F0, padded[2 * i] | padded[2 * i + 1] << 8, .word) }
    }

    @Test func aPacketsDataGoWhereTheTableSays() {
        let bench = discMachine()
        describe([(0x1_0000, 2000), (0x2_0000, 6 * 2048 - 2000)], bench)
        packet([0x28, 0, 0, 0, 0, 7, 0, 0, 6], bench)
        millisecond(bench)
        // The drive waits for the bus master, without an interrupt.
        #expect(bench.input(0x3F6) == 0x58 && status(bench) & 4 == 0)
        start(bench, toMemory: true)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.input(0x1F7) == 0x50 && bench.input(0x1F2) == 3)
        let all = (7..<13).flatMap(IDEBench.discContent)
        #expect(bytes(bench, 0x1_0000, 2000) == Array(all[..<2000]))
        #expect(bytes(bench, 0x2_0000, 6 * 2048 - 2000) == Array(all[2000...]))
        #expect(bench.peek(0x2_0000 + 6 * 2048 - 2000) == 0)
    }

    @Test func rawSectorsAndShortAnswersMoveByDMAToo() {
        let bench = discMachine()
        describe([(0x1_0000, 0), (0x2_0000, 0)], bench)
        start(bench, toMemory: true)
        packet([0xBE, 0, 0, 0, 0, 3, 0, 0, 20, 0xF8], bench)
        for _ in 0..<20 { millisecond(bench) }
        // The table is longer than what came: the master stays active. [PIIX3 3.4.2]
        #expect(status(bench) == 5 && bench.input(0x1F7) == 0x50)
        #expect(bytes(bench, 0x1_0000, 3) == [0x00, 0xFF, 0xFF])
        #expect(bytes(bench, 0x1_0000 + 19 * 2352 + 16, 2048) == IDEBench.discContent(22))
        // INQUIRY, 36 bytes.
        describe([(0x1_0000, 36)], bench)
        start(bench, toMemory: true)
        packet([0x12, 0, 0, 0, 36], bench)
        millisecond(bench)
        #expect(status(bench) == 4)
        #expect(bytes(bench, 0x1_0008, 7) == Array("SWIFT86".utf8))
        #expect(bench.input(0x1F7) == 0x50)
    }

    @Test func whatCannotBeReadEndsWithoutData() {
        let bench = discMachine()
        describe([(0x1_0000, 2048)], bench)
        start(bench, toMemory: true)
        packet([0x28, 0, 0, 0, 0, 100, 0, 0, 1], bench)
        millisecond(bench)
        #expect(status(bench) == 5 && bench.input(0x1F7) == 0x51 && bench.input(0x1F1) == 0x54)
        #expect(bench.peek(0x1_0000) == 0)
    }

    @Test func aDriveWithoutABusMasterOffersNoDMA() {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD], cpu: .i80386) {
            $0.cdroms[0] = CDROMDrive(IDEBench.disc(100))
        }
        bench.pass(100)
        packet([0x28, 0, 0, 0, 0, 7, 0, 0, 1], bench)
        #expect(bench.input(0x1F7) & 1 == 1 && bench.input(0x1F1) & 4 == 4)
    }

    /// Words 49, 53, 63 and 88 of IDENTIFY PACKET DEVICE, and the mode that SET FEATURES chooses.
    @Test(
        arguments: [(0, 0x0007, 0x0007), (0x21, 0x0207, 0x0007), (0x42, 0x0007, 0x0407)] as [(UInt32, UInt32, UInt32)])
    func aDriveSaysWhatItCanDoByDMA(mode: UInt32, multiword: UInt32, ultra: UInt32) {
        let bench = discMachine()
        bench.out(0x1F6, 0xA0)
        bench.out(0x1F1, 3)
        bench.out(0x1F2, mode)
        bench.out(0x1F7, 0xEF)
        millisecond(bench)
        #expect(bench.input(0x1F7) == 0x50)
        bench.out(0x1F7, 0xA1)
        millisecond(bench)
        let words = (0..<256).map { _ in bench.input(0x1F0, .word) }
        #expect([words[49], words[53], words[63], words[88]] == [0x0F00, 0x0006, multiword, ultra])
    }

    @Test func commandsWith48BitsMoveByDMAToo() {
        let disk = MemoryDisk(sectorCount: 1000)
        let bench = machine(disk)
        bench.poke(0x1_0000, [UInt8](repeating: 0x5A, count: 257 * 512))
        describe([(0x1_0000, 0), (0x2_0000, 0), (0x3_0000, 512)], bench)
        start(bench, toMemory: false)
        // 257 sectors: the upper halves of the registers first.
        for value in [1, 0, 0, 0, 1, 10, 0, 0].enumerated() {
            bench.out(0x1F2 + UInt16(value.offset & 3), UInt32(value.element))
        }
        bench.out(0x1F6, 0x40)
        bench.out(0x1F7, 0x35)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.input(0x1F7) == 0x50)
        #expect(disk.bytes[9 * 512 + 511] == 0 && disk.bytes[267 * 512] == 0)
        #expect(disk.bytes[10 * 512..<267 * 512].allSatisfy { $0 == 0x5A })
    }

    @Test func aTableThatIsTooShortStopsTheBusMaster() {
        let bench = machine()
        describe([(0x1_0000, 700)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 2, bench)
        millisecond(bench)
        // No error, no interrupt: the drive still waits.
        #expect(status(bench) == 0 && bench.input(0x3F6) == 0x58)
        #expect(bench.peek(0x1_0000 + 699) == IDEBench.content(1)[0] && bench.peek(0x1_0000 + 700) == 0)
        // Another table takes the rest.
        describe([(0x2_0000, 1024 - 700)], bench)
        bench.out(Self.ports, 8)
        start(bench, toMemory: true)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.peek(0x2_0000 + 323) == IDEBench.content(1)[0])
    }

    @Test func aTableThatIsTooLongLeavesItActive() {
        let bench = machine()
        describe([(0x1_0000, 0)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 2, bench)
        millisecond(bench)
        #expect(status(bench) == 5)
        bench.out(Self.ports, 0)
        #expect(status(bench) == 4)
    }

    @Test(arguments: [0xF000_0000, 0x20_0000] as [UInt32])
    func whereNobodyAnswersIsAMasterAbort(address: UInt32) {
        var bench = machine()
        describe([(0x1_0000, 512), (address, 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 2, bench)
        millisecond(bench)
        #expect(status(bench) == 2 && bench.peek(0x1_01FF) == IDEBench.content(0)[0])
        bench.out(Self.ports + 2, 2)
        #expect(status(bench) == 0)
        // The table itself.
        bench = machine()
        start(bench, toMemory: true, table: address)
        command(0xC8, lba: 0, count: 1, bench)
        millisecond(bench)
        #expect(status(bench) == 2)
        // Memory ends within the region.
        bench = machine()
        describe([(0x20_0000 - 100, 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 1, bench)
        millisecond(bench)
        #expect(status(bench) == 2 && bench.peek(0x1F_FFFF) == IDEBench.content(0)[0])
        bench.out(0x3F6, 4)
        bench.out(0x3F6, 0)
        millisecond(bench)
        #expect(bench.input(0x1F7) == 0x50)
    }

    @Test func aTableOverItselfAndOverPageZeroIsData() {
        let bench = machine()
        // The first region is the table: its second entry is what the disk holds, address and count 01010101h.
        describe([(Self.table, 512), (0x1_0000, 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 2, bench)
        millisecond(bench)
        #expect(status(bench) & 3 == 2)
        // At address 0 are zeros: 64 KB at 0.
        bench.out(Self.ports, 0)
        bench.out(0x3F6, 4)
        bench.out(0x3F6, 0)
        millisecond(bench)
        start(bench, toMemory: true, table: 0)
        command(0xC8, lba: 3, count: 1, bench)
        millisecond(bench)
        #expect(status(bench) == 5 && bench.peek(0x1FF) == IDEBench.content(3)[0])
    }

    @Test func withoutPermissionNothingMoves() {
        let bench = machine()
        bench.write(1, function: 1, 4, 1, .word)
        describe([(0x1_0000, 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 3, count: 1, bench)
        millisecond(bench)
        #expect(status(bench) == 1 && bench.peek(0x1_0000) == 0)
        bench.write(1, function: 1, 4, 5, .word)
        millisecond(bench)
        #expect(status(bench) == 4 && bench.peek(0x1_0000) == IDEBench.content(3)[0])
    }

    @Test func theWrongDirectionIsAnError() {
        let bench = machine()
        describe([(0x1_0000, 512)], bench)
        start(bench, toMemory: false)
        command(0xC8, lba: 3, count: 1, bench)
        millisecond(bench)
        #expect(status(bench) == 2 && bench.peek(0x1_0000) == 0)
    }

    @Test func errorsOfTheDiskEndTheCommand() {
        let bench = machine(WornDisk(bad: 5))
        describe([(0x1_0000, 8 * 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 2, count: 8, bench)
        millisecond(bench)
        #expect(status(bench) == 5 && bench.input(0x1F7) == 0x51 && bench.input(0x1F1) == 0x40)
        // The registers name the sector; those before it have come.
        #expect(bench.input(0x1F3) == 5 && bench.input(0x1F2) == 5)
        #expect(bytes(bench, 0x1_0000, 1537) == (2..<5).flatMap(IDEBench.content) + [0])
        bench.out(Self.ports, 0)
        start(bench, toMemory: false)
        command(0xCA, lba: 2, count: 8, bench)
        millisecond(bench)
        #expect(bench.input(0x1F7) == 0x71 && bench.input(0x1F3) == 2)
    }

    @Test func aReadChangesCodeThatRuns() {
        // At 0000:0600 stands MOV AL,1 / RETF; the disk holds MOV AL,2 / RETF.
        let sector: [UInt8] = [0xB0, 0x02, 0xCB] + [UInt8](repeating: 0, count: 509)
        // XOR AX,AX / MOV SS,AX / MOV SP,600 / STI / L: CALL 0000:0600 / MOV BL,AL / JMP L
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD0, 0xBC, 0x00, 0x06, 0xFB, 0x9A, 0x00, 0x06, 0x00, 0x00, 0x88, 0xC3, 0xEB, 0xF7,
        ]
        let bench = PCIBench(code: code, disks: [MemoryDisk(sector)])
        bench.poke(0x600, [0xB0, 0x01, 0xCB])
        bench.write(1, function: 1, 0x20, UInt32(Self.ports))
        bench.write(1, function: 1, 4, 5, .word)
        bench.pass(1000)
        #expect(bench.pc.cpu.core.ebx & 0xFF == 1)
        describe([(0x600, 512)], bench)
        start(bench, toMemory: true)
        command(0xC8, lba: 0, count: 1, bench)
        millisecond(bench)
        #expect(bench.pc.cpu.core.ebx & 0xFF == 2)
    }

    @Test func nothingTrapsWhateverTheTableSays() {
        let bench = machine()
        var random: UInt64 = 7
        func next() -> UInt32 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt32(truncatingIfNeeded: random >> 33)
        }
        func address() -> UInt32 {
            switch next() & 7 {
            case 0: next() << 1
            case 1: 0xFFFF_FF00 &+ (next() & 0xFF)
            case 2: 0xA_0000 + (next() & 0x5_FFFF)
            case 3: Self.table
            default: 0x1_0000 + (next() & 0xF_FFFF)
            }
        }
        for _ in 0..<400 {
            for entry in 0..<8 as Range<UInt32> {
                // Not into the first 64 KB: the vectors and the test's own table stand there.
                let place = address()
                for (i, value) in [place, next() & (next() & 1 == 0 ? 0x8000_001F : .max)].enumerated() {
                    bench.poke(
                        Self.table + entry * 8 + UInt32(i) * 4,
                        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) })
                }
            }
            bench.out(Self.ports + 4, next() & 3 == 0 ? address() : Self.table, .dword)
            let commands: [UInt8] = [0xC8, 0xCA, 0x25, 0x35, 0xEC, 0x20, 0x40, 0xC9]
            command(commands[Int(next() & 7)], lba: next() % 1100, count: UInt8(next() & 0xFF), bench)
            for _ in 0..<4 {
                bench.out(Self.ports + UInt16(next() & 0xF), next(), [.byte, .word, .dword][Int(next() % 3)])
            }
            bench.pass(UInt64(next() & 0x3FFFF))
            if next() & 7 == 0 {
                bench.out(0x3F6, 4)
                bench.out(0x3F6, 0)
            }
        }
        #expect(bench.pc.canonicalState() == bench.pc.canonicalState())
    }
}
