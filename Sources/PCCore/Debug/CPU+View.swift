/// A segment register with its hidden part, as a debugger shows it.
public struct SegmentView: Equatable, Sendable {
    public var selector: UInt16
    public var base: UInt32
    /// The highest offset in bytes; of an expand-down segment the highest that is outside.
    public var limit: UInt32
    /// P, DPL, S and type.
    public var access: UInt8
    /// G, D/B, L and AVL in bits 7-4.
    public var flags: UInt8

    /// D/B: 32-bit code, or a stack addressed by ESP.
    public var isBig: Bool { flags & Segment.big != 0 }
}

/// A descriptor table's register.
public struct TableView: Equatable, Sendable {
    public var base: UInt32
    public var limit: UInt32
}

/// What a debugger asks between two instructions. Nothing here has an effect.
extension CPU {
    /// The hidden part of ES, CS, SS, DS, FS, GS, LDTR or TR; nil for other registers.
    public func segment(_ register: Register) -> SegmentView? {
        guard case .segment(let number) = register.place else { return nil }
        let segment = s.segment(number).pointee
        return SegmentView(
            selector: segment.selector, base: segment.base, limit: segment.limit, access: segment.access,
            flags: segment.flags)
    }

    public var gdtr: TableView { TableView(base: s.pointee.gdtBase, limit: s.pointee.gdtLimit) }
    public var idtr: TableView { TableView(base: s.pointee.idtBase, limit: s.pointee.idtLimit) }
    public var model: CPUModel { s.pointee.model }
    /// CPL.
    public var privilege: UInt8 { s.pointee.cpl }
    /// Protected mode without VM.
    public var isProtected: Bool { s.pointee.isProtected }
    public var isVirtual8086: Bool { s.pointee.isVirtual8086 }
    public var hasPaging: Bool { s.pointee.cr0 & Core.CR0.paging != 0 }
    /// Code at CS:EIP is 32-bit.
    public var isCode32: Bool { s.segment(SegmentNumber.cs).pointee.isBig }
    /// CS base + EIP, where the next instruction is. IP goes round at 64 KB up to the 80186.
    public var codeAddress: UInt32 {
        linear(SegmentNumber.cs, model <= .i80186 ? s.pointee.eip & 0xFFFF : s.pointee.eip)
    }
    /// SS base + SP or ESP.
    public var stackTop: UInt32 {
        let isBig = s.segment(SegmentNumber.ss).pointee.isBig
        return linear(SegmentNumber.ss, isBig ? core.esp : core.esp & 0xFFFF)
    }

    /// A linear address as the CPU has it: up to the 286 there are no more bits of it than address lines.
    public func wrapped(_ linear: UInt32) -> UInt32 { model <= .i80286 ? linear & bus.addressLines : linear }

    private func linear(_ segment: Int, _ offset: UInt32) -> UInt32 {
        wrapped(s.segment(segment).pointee.base &+ offset)
    }
}

/// One level of a translation.
public struct PageWalk: Equatable, Sendable {
    /// The directory entry, and where it stands; nil where there is no paging.
    public var directory: (address: UInt32, entry: UInt32)?
    /// The table entry; nil for a large page, or where the directory entry is not present.
    public var table: (address: UInt32, entry: UInt32)?
    /// Where the address leads; nil where nothing is mapped.
    public var physical: UInt32?

    public static func == (a: PageWalk, b: PageWalk) -> Bool {
        a.physical == b.physical && a.directory?.address == b.directory?.address
            && a.directory?.entry == b.directory?.entry && a.table?.address == b.table?.address
            && a.table?.entry == b.table?.entry
    }
}

extension PC {
    /// Walks the page tables for `linear` as they stand in memory, whatever the TLBs hold. Rights are not looked at, and
    /// nothing is marked as accessed. [SDM 3A 4.3]
    public func walk(_ linear: UInt32) -> PageWalk {
        var walk = PageWalk()
        guard cpu.hasPaging else {
            walk.physical = linear & bus.addressMask
            return walk
        }
        let state = cpu.s.pointee
        let directoryAddress = ((state.cr3 & 0xFFFF_F000) | ((linear >> 20) & 0xFFC)) & bus.addressMask
        guard let directory = peekLong(directoryAddress) else { return walk }
        walk.directory = (directoryAddress, directory)
        guard directory & 1 != 0 else { return walk }
        if directory & 0x80 != 0, state.cr4 & Core.CR4.pageSizeExtension != 0 {
            walk.physical = ((directory & 0xFFC0_0000) | (linear & 0x003F_FFFF)) & bus.addressMask
            return walk
        }
        let tableAddress = ((directory & 0xFFFF_F000) | ((linear >> 10) & 0xFFC)) & bus.addressMask
        guard let table = peekLong(tableAddress) else { return walk }
        walk.table = (tableAddress, table)
        guard table & 1 != 0 else { return walk }
        walk.physical = ((table & 0xFFFF_F000) | (linear & 0xFFF)) & bus.addressMask
        return walk
    }

    /// A byte of RAM, ROM or video memory, as the CPU would read it; nil where another device or nothing answers. Nobody
    /// is asked, and the VGA's latches stay.
    public func peek(_ physical: UInt32) -> UInt8? {
        let address = physical & bus.addressMask
        return memory.peek(address) ?? peekVideo(address)
    }

    private func peekLong(_ physical: UInt32) -> UInt32? {
        var value: UInt32 = 0
        for i in 0..<UInt32(4) {
            guard let byte = memory.peek(physical &+ i) else { return nil }
            value |= UInt32(byte) << (i * 8)
        }
        return value
    }
}
