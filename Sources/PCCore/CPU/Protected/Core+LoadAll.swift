/// LOADALL: every register with its hidden part from a table in memory, without a check
/// [Intel, "Undocumented iAPX 286 test instruction"; 386 form as in Intel's ICE].
extension Core {
    /// The 286's form (0F05h): 102 bytes at physical 800h.
    func loadAll286() throws(Fault) {
        try requirePrivilege0()
        // PE cannot be cleared.
        let status = UInt32(loadAllWord(0x806)) & 0xF | s.pointee.cr0 & CR0.protection
        for (place, number) in [
            (0x826, 7), (0x828, 6), (0x82A, 5), (0x82C, 4), (0x82E, 3), (0x830, 2), (0x832, 1), (0x834, 0),
        ]
            as [(UInt32, Int)]
        {
            setRegister(number, UInt32(loadAllWord(place)))
        }
        s.segment(SegmentNumber.es).pointee = loadAllCache(0x836, selectorAt: 0x824)
        s.segment(SegmentNumber.cs).pointee = loadAllCache(0x83C, selectorAt: 0x822)
        s.segment(SegmentNumber.ss).pointee = loadAllCache(0x842, selectorAt: 0x820)
        s.segment(SegmentNumber.ds).pointee = loadAllCache(0x848, selectorAt: 0x81E)
        s.segment(SegmentNumber.ldtr).pointee = loadAllCache(0x854, selectorAt: 0x81C)
        s.segment(SegmentNumber.tr).pointee = loadAllCache(0x860, selectorAt: 0x816)
        let gdt = loadAllCache(0x84E, selectorAt: nil)
        (s.pointee.gdtBase, s.pointee.gdtLimit) = (gdt.base, gdt.limit)
        let idt = loadAllCache(0x85A, selectorAt: nil)
        (s.pointee.idtBase, s.pointee.idtLimit) = (idt.base, idt.limit)
        s.pointee.eip = UInt32(loadAllWord(0x81A))
        s.pointee.cr0 = status
        enterLoadedState(UInt32(loadAllWord(0x818)))
    }

    private func loadAllWord(_ physical: UInt32) -> UInt16 { readPhysical(physical) }

    /// Base, access and limit in six bytes.
    private func loadAllCache(_ physical: UInt32, selectorAt: UInt32?) -> Segment {
        let low: UInt32 = readPhysical(physical)
        var segment = Segment()
        segment.base = low & 0xFF_FFFF
        segment.access = UInt8(truncatingIfNeeded: low >> 24)
        segment.limit = UInt32(loadAllWord(physical &+ 4))
        segment.selector = selectorAt.map { loadAllWord($0) } ?? 0
        segment.updateBounds()
        return segment
    }

    /// The 386's form (0F07h): 204 bytes at ES:EDI.
    func loadAll386() throws(Fault) {
        try requirePrivilege0()
        let start = edi
        let image = try LoadAllImage(self, start)
        s.pointee.dr6 = (image[0x2C] & 0xE00F) | 0xFFFF_0FF0
        s.pointee.dr7 = (image[0x30] & 0xFFFF_23FF) | 0x400
        for (place, number) in [(0x0C, 7), (0x10, 6), (0x14, 5), (0x18, 4), (0x1C, 3), (0x20, 2), (0x24, 1), (0x28, 0)]
        {
            setRegister(number, image[place])
        }
        s.segment(SegmentNumber.tr).pointee = image.cache(0x54, selectorAt: 0x34)
        s.segment(SegmentNumber.ldtr).pointee = image.cache(0x78, selectorAt: 0x38)
        s.segment(SegmentNumber.gs).pointee = image.cache(0x84, selectorAt: 0x3C)
        s.segment(SegmentNumber.fs).pointee = image.cache(0x90, selectorAt: 0x40)
        s.segment(SegmentNumber.ds).pointee = image.cache(0x9C, selectorAt: 0x44)
        s.segment(SegmentNumber.ss).pointee = image.cache(0xA8, selectorAt: 0x48)
        s.segment(SegmentNumber.cs).pointee = image.cache(0xB4, selectorAt: 0x4C)
        s.segment(SegmentNumber.es).pointee = image.cache(0xC0, selectorAt: 0x50)
        (s.pointee.idtBase, s.pointee.idtLimit) = (image[0x64], image[0x68] & 0xFFFF)
        (s.pointee.gdtBase, s.pointee.gdtLimit) = (image[0x70], image[0x74] & 0xFFFF)
        s.pointee.eip = image[0x08]
        s.pointee.cr0 = image[0x00] & 0x8000_001F
        enterLoadedState(image[0x04])
    }

    /// Works out mode and privilege: the level is that of SS.
    private func enterLoadedState(_ flags: UInt32) {
        flushTLB()
        setEFLAGS(flags & knownFlags)
        let isVirtual = s.pointee.systemFlags & Flags.virtual8086 != 0
        let isProtected = s.pointee.cr0 & CR0.protection != 0
        s.pointee.cpl = !isProtected ? 0 : isVirtual ? 3 : UInt8(s.segment(SegmentNumber.ss).pointee.dpl)
        updateMode()
        updateFloatMode()
    }
}

/// The table of the 386's LOADALL.
private struct LoadAllImage {
    private var words = InlineArray<51, UInt32>(repeating: 0)

    init(_ core: Core, _ start: UInt32) throws(Fault) {
        for i in 0..<51 { words[i] = try core.read(SegmentNumber.es, start &+ UInt32(i) &* 4) }
    }

    /// The dword at a byte offset.
    subscript(_ place: Int) -> UInt32 { words[place / 4] }

    /// Access and flags as they stand in a descriptor's upper half, base, limit.
    func cache(_ place: Int, selectorAt: Int) -> Segment {
        var segment = Segment()
        segment.access = UInt8(truncatingIfNeeded: self[place] >> 8)
        segment.flags = UInt8(truncatingIfNeeded: self[place] >> 16) & 0xF0
        segment.base = self[place + 4]
        segment.limit = self[place + 8]
        segment.selector = UInt16(truncatingIfNeeded: self[selectorAt])
        segment.updateBounds()
        return segment
    }
}
