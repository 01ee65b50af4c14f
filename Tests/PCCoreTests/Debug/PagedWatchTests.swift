import Testing

@testable import PCCore

/// Watches under paging: linear and physical addresses, page tables, descriptors.
@Suite struct PagedWatchTests {
    /// MOV [20000h], EAX / MOV [30000h], EAX / JMP to the first
    private static let stores: [UInt8] = [
        0xA3, 0x00, 0x00, 0x02, 0x00, 0xA3, 0x00, 0x00, 0x03, 0x00, 0xEB, 0xF4,
    ]

    /// Linear pages 20h and 30h lead to physical page 30h.
    private func bench() -> StopBench {
        let bench = StopBench(Self.stores, isFlat: true)
        bench.enablePaging()
        bench.put32(0x3_0007, at: 0x1_1000 + 0x20 * 4)
        return bench
    }

    @Test func linearAddresses() {
        let bench = bench()
        #expect(bench.next(200) == nil)
        bench.watch(0x2_0002)
        for pass: UInt64 in 0..<20 {
            let hit = bench.next()
            #expect(hit?.linear == 0x1000 && bench.pc.cpu[.eip] == 0x1005)
            guard case .memory(0x2_0000, 0x3_0000, 4, true, 0, 0, 0)? = hit?.cause else { return #expect(Bool(false)) }
            #expect(pass == 0 || hit?.instruction == bench.pc.instructionCount - 1)
        }
    }

    @Test func physicalAddresses() {
        let bench = bench()
        #expect(bench.next(200) == nil)
        bench.watch(0x3_0002, isPhysical: true)
        let offsets = (0..<6).map { _ in bench.next()?.offset }
        #expect(Set(offsets) == [0x1000, 0x1005])
        #expect(offsets[0] != offsets[1] && offsets[1] != offsets[2])
        bench.pc.stops = StopSet()
        bench.watch(0x2_0002, isPhysical: true)
        #expect(bench.next() == nil)
    }

    /// Accessed and dirty bits, for an access to data and for the fetch of code.
    @Test(arguments: [true, false]) func pageTables(isPhysical: Bool) {
        let bench = bench()
        bench.watch(0x1_1000 + 0x20 * 4, 4, isPhysical: isPhysical)
        let hit = bench.next()
        #expect(hit?.offset == 0x1000 && bench.pc.cpu[.eip] == 0x1005 && hit?.instruction == 0)
        #expect(hit?.cause == StopBench.write(0x1_1080, 4, 0x3_0007, 0x3_0067))
        #expect(bench.next() == nil)

        // JMP 5000h, where NOP / JMP $ is
        let code = StopBench([0xE9, 0xFB, 0x3F, 0x00, 0x00], isFlat: true)
        code.put([0x90, 0xEB, 0xFE], at: 0x5000)
        code.enablePaging()
        code.watch(0x1_1000 + 5 * 4, 4, isPhysical: isPhysical)
        let fetch = code.next()
        #expect(fetch?.offset == 0x5000 && fetch?.instruction == 1 && code.pc.cpu[.eip] == 0x5001)
        #expect(fetch?.cause == StopBench.write(0x1_1014, 4, 0x5007, 0x5027))
        #expect(code.next() == nil)
    }

    /// A write by the guest to the page tables.
    @Test func storesToPageTables() {
        // MOV DWORD [11080h], 30067h / MOV [20000h], EAX / JMP $
        let bench = StopBench(
            [0xC7, 0x05, 0x80, 0x10, 0x01, 0x00, 0x67, 0, 3, 0, 0xA3, 0x00, 0x00, 0x02, 0x00, 0xEB, 0xFE],
            isFlat: true)
        bench.enablePaging()
        bench.watch(0x1_1080, 4)
        #expect(bench.next()?.cause == StopBench.write(0x1_1080, 4, 0x2_0007, 0x3_0067))
        #expect(bench.next() == nil)
    }

    /// The accessed bit of a descriptor.
    @Test func descriptors() {
        // MOV AX, 10h / MOV DS, AX / JMP $
        let bench = StopBench([0x66, 0xB8, 0x10, 0x00, 0x8E, 0xD8, 0xEB, 0xFE], isFlat: true)
        bench.pc.cpu.s.pointee.gdtBase = 0x4000
        bench.put([0xFF, 0xFF, 0, 0, 0, 0x92, 0xCF, 0], at: 0x4010)
        bench.watch(0x4010, 8)
        let hit = bench.next()
        #expect(hit?.offset == 0x1004 && bench.pc.cpu[.eip] == 0x1006)
        guard case .memory(_, _, _, true, _, _, 0)? = hit?.cause else { return #expect(Bool(false)) }
        #expect(bench.get32(0x4014) == 0x00CF_9300)
    }

    /// A page fault: the access was none, the handler's delivery is a stop of its own.
    @Test func pageFaults() {
        let bench = bench()
        bench.put32(0, at: 0x1_1080)
        bench.pc.cpu.s.pointee.idtBase = 0x4800
        bench.pc.cpu.s.pointee.gdtBase = 0x4000
        bench.put([0xFF, 0xFF, 0, 0, 0, 0x9A, 0xCF, 0], at: 0x4008)
        bench.put([0x00, 0x50, 0x08, 0x00, 0x00, 0x8E, 0x00, 0x00], at: 0x4800 + 14 * 8)
        bench.put([0xEB, 0xFE], at: 0x5000)
        bench.watch(0x2_0000, 4)
        bench.pc.stops.interrupts = [14]
        let hit = bench.next()
        #expect(hit?.cause == .interrupt(14) && hit?.offset == 0x5000 && hit?.selector == 8)
        #expect(hit?.instruction == 1 && bench.pc.instructionCount == 1 && bench.pc.cpu[.eip] == 0x5000)
        #expect(bench.next() == nil)
    }
}
