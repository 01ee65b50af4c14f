/// The descriptor tables in memory.
extension Core {
    /// What an error code holds of a selector: index and table, with EXT as given [SDM 3A 6.13].
    @inline(__always) func errorCode(_ selector: UInt16, _ external: UInt32 = 0) -> UInt32 {
        UInt32(selector & 0xFFFC) | external
    }

    /// Whether `selector` is null: the first descriptor of the GDT.
    @inline(__always) func isNull(_ selector: UInt16) -> Bool { selector & 0xFFFC == 0 }

    /// Where the descriptor of `selector` stands; nil outside of its table.
    func descriptorAddress(_ selector: UInt16) -> UInt32? {
        let index = UInt32(selector & 0xFFF8)
        guard selector & 4 != 0 else {
            return index &+ 7 <= s.pointee.gdtLimit ? s.pointee.gdtBase &+ index : nil
        }
        let ldt = s.segment(SegmentNumber.ldtr).pointee
        return ldt.access & 0x9F == 0x80 | SystemType.ldt && index &+ 7 <= ldt.limit ? ldt.base &+ index : nil
    }

    /// The descriptor of `selector`; nil outside of its table.
    func readDescriptor(_ selector: UInt16) throws(Fault) -> Descriptor? {
        guard let address = descriptorAddress(selector) else { return nil }
        return try readDescriptor(at: address)
    }

    /// The descriptor at a linear address. The 286 ignores the last two bytes.
    func readDescriptor(at address: UInt32) throws(Fault) -> Descriptor {
        var descriptor = Descriptor(try readSystem(address))
        if s.pointee.model == .i80286 { descriptor.high &= 0xFFFF }
        return descriptor
    }

    /// The type of a system descriptor; `reserved` for code, data and what the chip does not know.
    func systemType(_ descriptor: Descriptor) -> UInt8 {
        descriptor.isSegment || (s.pointee.model == .i80286 && descriptor.type >= 8)
            ? SystemType.reserved : descriptor.type
    }

    /// Sets the accessed bit of a code or data descriptor that is about to be loaded.
    func markAccessed(_ selector: UInt16, _ descriptor: Descriptor) throws(Fault) {
        guard descriptor.access & Segment.Access.accessed == 0, let address = descriptorAddress(selector) else {
            return
        }
        try writeSystem(address &+ 5, descriptor.access | Segment.Access.accessed)
    }

    /// Sets or clears the busy bit of the TSS descriptor that `selector` chooses in the GDT.
    func markBusy(_ selector: UInt16, _ isBusy: Bool) throws(Fault) {
        let address = s.pointee.gdtBase &+ UInt32(selector & 0xFFF8) &+ 5
        let access: UInt8 = try readSystem(address)
        try writeSystem(address, isBusy ? access | SystemType.busy : access & ~SystemType.busy)
    }
}
