import Testing

@testable import PCCore

/// What made bus masters of other emulators loop, assert or write where no memory is.
@Suite struct BusMasterEscapeTests {
    private static let ports: UInt16 = 0xC000

    private func machine(_ disk: any BlockDevice = IDEBench.disk(600)) -> PCIBench {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD], disks: [disk])
        bench.write(1, function: 1, 0x20, UInt32(Self.ports))
        bench.write(1, function: 1, 4, 5, .word)
        bench.pass(100)
        return bench
    }

    private func put(_ values: [UInt32], _ bench: PCIBench, at: UInt32) {
        bench.poke(at, values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) } })
    }

    /// READ DMA of `count` sectors along the table at `table`; gives BMIS and the drive's status.
    private func read(_ count: UInt32, table: UInt32, _ bench: PCIBench, command: UInt32 = 0xC8) -> [UInt32] {
        for (i, value) in [0, count, 0, 0, 0, 0xE0].enumerated() where i > 0 { bench.out(0x1F1 + UInt16(i), value) }
        bench.out(Self.ports + 4, table, .dword)
        bench.out(Self.ports + 2, 0x06)
        bench.out(Self.ports, 8)
        bench.out(0x1F7, command)
        bench.out(Self.ports, 9)
        bench.pass(bench.pc.slotsPerSecond / 50)
        return [bench.input(Self.ports + 2), bench.input(0x3F6)]
    }

    /// CVE-2015-8558 (there a USB controller's): a list without an end. Each region moves at least two bytes, so that the
    /// drive's data come to an end before the list does.
    @Test func aTableWithoutAnEnd() {
        let bench = machine()
        // 16,384 regions of two bytes, none of them marked as the last.
        var entry: UInt32 = 0x8_0000
        while entry < 0x10_0000 - 0x6_0000 {
            put([0x1_0000, 2], bench, at: entry)
            entry += 8
        }
        #expect(read(60, table: 0x8_0000, bench) == [5, 0x50])
        #expect(bench.peek(0x1_0000) == IDEBench.content(59)[0])
    }

    /// A table that the transfer itself writes over, and one whose regions are the table.
    @Test func aTableThatIsItsOwnTarget() {
        let bench = machine()
        put([0x8000, 0x8000_0000], bench, at: 0x8000)
        #expect(read(64, table: 0x8000, bench) == [5, 0x50])
        #expect(bench.peek(0x8000) == IDEBench.content(0)[0] && bench.peek(0x8000 + 0x7FFF) == IDEBench.content(63)[0])
    }

    /// CVE-2014-9718: regions too short for a sector, down to two bytes, and none at all for what is left.
    /// CVE-2019-20175: the same in the middle of the data; another emulator asserted.
    @Test func regionsShorterThanASector() {
        for length in [2, 510, 514, 1022] as [UInt32] {
            let bench = machine()
            put([0x1_0000, length | 0x8000_0000], bench, at: 0x8000)
            // Not active any more, no error, no interrupt; the drive waits until it is reset.
            #expect(read(4, table: 0x8000, bench) == [0, 0x58])
            #expect(bench.peek(0x1_0000 + length) == 0)
            bench.out(0x3F6, 4)
            bench.out(0x3F6, 0)
            bench.pass(bench.pc.slotsPerSecond / 100)
            #expect(bench.input(0x3F6) == 0x50)
        }
    }

    /// Tables and regions where nothing is, at the end of memory, and over the end of 32 bits.
    @Test(arguments: [0xFFFF_FFF8, 0x1F_FFFC, 0x20_0000, 0xFFFF_FFFC, 0xD000_0000] as [UInt32])
    func tablesWhereNothingIs(table: UInt32) {
        let bench = machine()
        let status = read(8, table: table, bench)
        #expect(status[0] & 1 == 0 || status == [5, 0x50])
    }

    @Test(arguments: [0x1F_FF00, 0x9_FF00, 0xFFFF_FF00, 0xF_FFFE, 0xE_0000, 0xFEE0_0000] as [UInt32])
    func regionsWhereNothingIs(target: UInt32) {
        let bench = machine()
        put([target, 0x8000_0000], bench, at: 0x8000)
        let status = read(16, table: 0x8000, bench)
        // Ended, with the error bit or without; never stuck.
        #expect(status[0] & 1 == 0 || status == [5, 0x50])
        #expect(bench.peek(0xF_FFF0) == 0xEA)
    }

    /// CVE-2021-3750 and its kin: a bus master writes to a device's registers. Here they are video memory and nobody's.
    @Test func aRegionInADevice() {
        let bench = machine()
        put([0xB_8000, 0x8000_0000], bench, at: 0x8000)
        #expect(read(128, table: 0x8000, bench) == [4, 0x50])
    }

    /// DMA of the 8237s to video memory, ROM and beyond, in every mode, by a floppy controller that asks again and again.
    @Test func floppyDMAToDevices() {
        for page in [0x00, 0x0A, 0x0B, 0x0F, 0x1F, 0xFF] as [UInt32] {
            for mode in [0x46, 0x56, 0x66, 0x76, 0x42, 0x4E, 0xC6, 0x06] as [UInt32] {
                let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD]) {
                    $0.floppies[0] = MemoryDisk(sectorCount: 2880)
                }
                bench.pass(1000)
                let writes: [(UInt16, UInt32)] = [
                    (0x0C, 0), (0x04, 0xF0), (0x04, 0xFF), (0x05, 0xFF), (0x05, 0xFF), (0x81, page), (0x0B, mode),
                    (0x0A, 2),
                    (0x3F2, 0x1C), (0x3F7, 0),
                ]
                for (port, value) in writes { bench.out(port, value) }
                bench.pass(bench.pc.slotsPerSecond / 1000)
                for byte in [0x03, 0xDF, 0x02, 0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF] as [UInt32] {
                    bench.out(0x3F5, byte)
                }
                bench.pass(bench.pc.slotsPerSecond)
                #expect(bench.input(0x3F4) & 0xC0 == 0xC0, "the command has ended")
                #expect(bench.peek(0xF_FFF0) == 0xEA)
            }
        }
    }
}
