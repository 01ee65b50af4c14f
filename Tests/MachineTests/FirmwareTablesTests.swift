import PCHost
import Testing

@testable import PCCore

/// What our BIOS leaves in memory for operating systems, and its boot menu.
@Suite struct FirmwareTablesTests {
    /// A machine with a BIOS that has found nothing to boot.
    private func machine(_ cpu: CPUModel, apic: Bool? = nil, prepare: (PC) -> Void = { _ in }) -> PC {
        var configuration = PCConfiguration()
        configuration.cpu = cpu
        configuration.apic = apic
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.disks[0] = MemoryDisk([UInt8](repeating: 0, count: 1 << 20))
        configuration.cdroms[2] = CDROMDrive()
        let pc = PC(configuration, allocator: .mapped)
        prepare(pc)
        _ = pc.run(until: 5 * pc.slotsPerSecond)
        return pc
    }

    private func bytes(_ pc: PC, _ address: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { pc.bus.readByte(UInt32(address + $0)) }
    }

    private func word(_ pc: PC, _ address: Int) -> Int {
        bytes(pc, address, 4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func sum(_ pc: PC, _ address: Int, _ count: Int) -> UInt8 { bytes(pc, address, count).reduce(0, &+) }

    /// Where `signature` stands on a paragraph of the BIOS's 64 KB.
    private func find(_ signature: String, _ pc: PC) -> Int? {
        stride(from: 0xF0000, to: 0x10_0000, by: 16).first {
            bytes(pc, $0, signature.utf8.count) == Array(signature.utf8)
        }
    }

    @Test(arguments: [CPUModel.pentium, .pentiumII]) func theMPTable(cpu: CPUModel) throws {
        let pc = machine(cpu)
        let pointer = try #require(find("_MP_", pc))
        #expect(sum(pc, pointer, 16) == 0)
        let table = word(pc, pointer + 4)
        #expect(bytes(pc, table, 4) == Array("PCMP".utf8))
        let length = word(pc, table + 4) & 0xFFFF
        #expect(sum(pc, table, length) == 0)
        let sizes = [20, 8, 8, 8, 8]
        var (place, count) = (table + 44, 0)
        while place < table + length, let size = sizes[safe: Int(bytes(pc, place, 1)[0])] {
            place += size
            count += 1
        }
        #expect(place == table + length)
        #expect(count == word(pc, table + 34) & 0xFFFF)
        #expect(word(pc, table + 48) == (cpu == .pentium ? 0x543 : 0x652), "the processor's signature")
        #expect(word(pc, table + 52) & 0x200 != 0)
    }

    @Test(arguments: [(CPUModel.pentiumII, 2), (.i80486, 1)]) func theACPITables(cpu: CPUModel, entries: Int) throws {
        let pc = machine(cpu)
        let pointer = try #require(find("RSD PTR ", pc))
        #expect(sum(pc, pointer, 20) == 0)
        let root = word(pc, pointer + 16)
        #expect(word(pc, root + 4) == 36 + 4 * entries)
        #expect(sum(pc, root, word(pc, root + 4)) == 0)
        var tables = (0..<entries).map { word(pc, root + 36 + 4 * $0) }
        #expect(bytes(pc, tables[0], 4) == Array("FACP".utf8))
        #expect(bytes(pc, word(pc, tables[0] + 36), 4) == Array("FACS".utf8))
        tables.append(word(pc, tables[0] + 40))
        for table in tables { #expect(sum(pc, table, word(pc, table + 4)) == 0) }
        // What the tables say is where the hardware is.
        #expect(word(pc, tables[0] + 56) == 0x600)
        #expect(pc.bus.readPort(0x608, .dword) != 0xFFFF_FFFF)
    }

    @Test func theSMBIOSTables() throws {
        let pc = machine(.pentiumII)
        let entry = try #require(find("_SM_", pc))
        #expect(sum(pc, entry, 31) == 0)
        #expect(sum(pc, entry + 16, 15) == 0)
        let (table, length) = (word(pc, entry + 24), word(pc, entry + 22) & 0xFFFF)
        var (place, types, longest) = (table, [UInt8](), 0)
        while place < table + length {
            let start = place
            types.append(bytes(pc, place, 1)[0])
            place += Int(bytes(pc, place + 1, 1)[0])
            while bytes(pc, place, 2) != [0, 0] { place += 1 }
            place += 2
            longest = max(longest, place - start)
        }
        #expect(place == table + length)
        #expect(types == [0, 1, 3, 4, 16, 17, 19, 32, 127])
        #expect(types.count == word(pc, entry + 28) & 0xFFFF)
        #expect(longest == word(pc, entry + 8) & 0xFFFF)
    }

    @Test func whatIsNotThereIsNotTold() {
        let off = machine(.pentiumII, apic: false)
        #expect(find("_MP_", off) == nil && find("RSD PTR ", off) != nil)
        let old = machine(.i80386)
        for signature in ["_MP_", "RSD PTR ", "_SM_"] { #expect(find(signature, old) == nil) }
    }

    @Test func theTablesCannotBeWritten() throws {
        let pc = machine(.pentiumII)
        let pointer = try #require(find("_MP_", pc))
        pc.bus.writeByte(UInt32(pointer), 0)
        #expect(find("_MP_", pc) == pointer)
    }

    /// A hand that acts when it has read the line about the key.
    @Test func theBootMenuCanBeReached() throws {
        let pc = machine(.pentiumII) { pc in
            for _ in 0..<100 where pc.textScreen?.lines.contains(where: { $0.contains("F12") }) != true {
                _ = pc.run(until: pc.now + pc.slotsPerSecond / 50)
            }
            _ = pc.run(until: pc.now + pc.slotsPerSecond * 3 / 10)
            pc.press(.f12)
            _ = pc.run(until: pc.now + pc.slotsPerSecond / 20)
            pc.release(.f12)
            _ = pc.run(until: pc.now + pc.slotsPerSecond)
        }
        #expect(try #require(pc.textScreen).lines.contains { $0.hasPrefix("Boot menu") })
    }

    @Test func theBootMenu() throws {
        let pc = machine(.pentiumII) { pc in
            // F12 goes down again and again, as a hand does that wants to be seen.
            for _ in 0..<100 {
                pc.press(.f12)
                _ = pc.run(until: pc.now + pc.slotsPerSecond / 50)
                pc.release(.f12)
                _ = pc.run(until: pc.now + pc.slotsPerSecond / 50)
            }
        }
        let lines = try #require(pc.textScreen).lines
        #expect(lines.contains { $0.hasPrefix("Boot menu") })
        #expect(lines.contains { $0.hasPrefix(" 2 Hard disk: SWIFT86 HARD DISK") })
        #expect(lines.contains { $0.hasPrefix(" 3 CD-ROM: SWIFT86") })
        pc.press(.digit2)
        _ = pc.run(until: pc.now + pc.slotsPerSecond)
        pc.release(.digit2)
        #expect(try #require(pc.textScreen).lines.contains { $0.hasPrefix("Hard disk has no boot sector") })
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
