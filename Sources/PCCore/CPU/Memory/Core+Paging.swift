/// Paging: linear to physical [SDM 3A 4.3].
extension Core {
    /// Bits of a page fault's error code.
    enum PageFaultCode {
        static let protection: UInt32 = 1
        static let write: UInt32 = 2
        static let user: UInt32 = 4
        static let reserved: UInt32 = 8
    }

    private enum PageEntry {
        static let present: UInt32 = 1
        static let writable: UInt32 = 2
        static let user: UInt32 = 4
        static let accessed: UInt32 = 0x20
        static let dirty: UInt32 = 0x40
        static let large: UInt32 = 0x80
    }

    /// The physical address (masked by A20) of `linear`, by the TLB or by the page tables; fills the TLB.
    @inline(never)
    func translate(_ linear: UInt32, write: Bool, user: Bool) throws(Fault) -> UInt32 {
        let index = Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let isCurrent = user == (s.pointee.cpl == 3)
        let tlbs = s.pointee.tlbs
        let info = (isCurrent ? s.pointee.tlbInfo : user ? tlbs.userInfo : tlbs.supervisorInfo) + index
        let tag = (linear & 0xFFFF_F000) | s.pointee.generation
        if info.pointee.tag == tag, !write || info.pointee.physical & TLBInfo.writable != 0 {
            let physical = info.pointee.physical & 0xFFFF_F000
            let entry = (isCurrent ? s.pointee.tlb : user ? tlbs.userTLB : tlbs.supervisorTLB) + index
            // A page with decoded code gets no write tag.
            if entry.pointee.readTag != tag
                || (write && entry.pointee.writeTag != tag && codePage(physical: physical) == 0)
            {
                fill(entry, info.pointee)
            }
            return physical | (linear & 0xFFF)
        }
        let (page, writable) = try walk(linear, write: write, user: user)
        info.pointee = TLBInfo(tag: tag, physical: page | (writable ? TLBInfo.writable : 0))
        fill((isCurrent ? s.pointee.tlb : user ? tlbs.userTLB : tlbs.supervisorTLB) + index, info.pointee)
        return page | (linear & 0xFFF)
    }

    /// What `walk` gives where the tables lie in RAM above 1 MB, the page is not large, the access is allowed and no bit
    /// of an entry changes; nil in every other case.
    @inline(__always)
    func quickWalk(_ linear: UInt32, write: Bool) -> TLBInfo? {
        let (ram, end) = s.pointee.memory._withUnsafeGuaranteedRef { ($0.start, $0.extendedEnd) }
        let mask = s.pointee.bus._withUnsafeGuaranteedRef { $0.addressMask }
        guard s.pointee.cr0 & CR0.paging != 0 else {
            return TLBInfo(
                tag: (linear & 0xFFFF_F000) | s.pointee.generation,
                physical: (linear & 0xFFFF_F000 & mask) | TLBInfo.writable)
        }
        let directoryAddress = ((s.pointee.cr3 & 0xFFFF_F000) | ((linear >> 20) & 0xFFC)) & mask
        guard directoryAddress >= 0x10_0000, directoryAddress < end else { return nil }
        // SAFETY: RAM lies there from 1 MB to `extendedEnd`, whole pages.
        let directory = ram.load(fromByteOffset: Int(directoryAddress), as: UInt32.self)
        let tableAddress = ((directory & 0xFFFF_F000) | ((linear >> 10) & 0xFFC)) & mask
        guard directory & PageEntry.large == 0, tableAddress >= 0x10_0000, tableAddress < end else { return nil }
        // SAFETY: as above.
        let table = ram.load(fromByteOffset: Int(tableAddress), as: UInt32.self)
        let isUser = s.pointee.cpl == 3
        let rights = directory & table
        let needed = PageEntry.present | PageEntry.accessed | (isUser ? PageEntry.user : 0)
        guard rights & needed == needed else { return nil }
        let isWritable = mayWrite(rights, table, isUser)
        guard isWritable || !write else { return nil }
        return TLBInfo(
            tag: (linear & 0xFFFF_F000) | s.pointee.generation,
            physical: (table & 0xFFFF_F000 & mask) | (isWritable ? TLBInfo.writable : 0))
    }

    /// Lets the fast paths use a translation, as far as its page allows.
    @inline(__always)
    func fill(_ entry: UnsafeMutablePointer<TLBEntry>, _ info: TLBInfo) {
        let physical = info.physical & 0xFFFF_F000
        let (page, isNoted, hasCode) = s.pointee.memory._withUnsafeGuaranteedRef {
            let number = Int(physical >> 12)
            let isNoted = number < $0.codePageCount
            return ($0.page(physical), isNoted, isNoted && $0.codePages[number] != 0)
        }
        guard let host = page.host else {
            entry.pointee = TLBEntry(readTag: 0, writeTag: 0, addend: 0)
            return
        }
        var (canRead, canWrite) = (true, info.physical & TLBInfo.writable != 0 && page.writable && !hasCode)
        if s.pointee.checksAccesses {
            let denied = deniedAccess(info)
            canRead = !denied.contains(.read)
            canWrite = canWrite && !denied.contains(.write)
        }
        entry.pointee = TLBEntry(
            readTag: canRead ? info.tag : 0, writeTag: canWrite ? info.tag : 0,
            addend: Int(bitPattern: host) &- Int(info.tag & 0xFFFF_F000))
        // Code is not decoded from a frame buffer above RAM, which has no notes.
        if canWrite, isNoted {
            // SAFETY: a note stands for each page below `codePageCount`.
            let writers = s.pointee.memory._withUnsafeGuaranteedRef { $0.pageWriters }
            s.pointee.tlbs.noteWriter(entry, writers + Int(physical >> 12))
        }
    }

    /// Walks the page tables. Gives the physical page, and whether writes need no further walk.
    func walk(_ linear: UInt32, write: Bool, user: Bool) throws(Fault) -> (page: UInt32, writable: Bool) {
        let mask = s.pointee.bus._withUnsafeGuaranteedRef { $0.addressMask }
        guard s.pointee.cr0 & CR0.paging != 0 else { return (linear & 0xFFFF_F000 & mask, true) }
        let code = (write ? PageFaultCode.write : 0) | (user ? PageFaultCode.user : 0)
        let directoryAddress = ((s.pointee.cr3 & 0xFFFF_F000) | ((linear >> 20) & 0xFFC)) & mask
        let directory = readPhysical(directoryAddress, as: UInt32.self)
        guard directory & PageEntry.present != 0 else { throw .pageFault(code, at: linear) }
        // The 386 ignores WP; a supervisor may then write anywhere [SDM 3A 4.6].
        let checksWrites = write && (user || s.pointee.cr0 & CR0.writeProtect != 0)
        if directory & PageEntry.large != 0, s.pointee.cr4 & CR4.pageSizeExtension != 0 {
            if (user && directory & PageEntry.user == 0) || (checksWrites && directory & PageEntry.writable == 0) {
                throw .pageFault(code | PageFaultCode.protection, at: linear)
            }
            if directory & 0x003F_E000 != 0 {
                throw .pageFault(code | PageFaultCode.protection | PageFaultCode.reserved, at: linear)
            }
            let updated = directory | PageEntry.accessed | (write ? PageEntry.dirty : 0)
            if updated != directory { writeEntry(directoryAddress, updated) }
            let page = (directory & 0xFFC0_0000) | (linear & 0x003F_F000)
            return (page & mask, mayWrite(directory, updated, user))
        }
        let tableAddress = ((directory & 0xFFFF_F000) | ((linear >> 10) & 0xFFC)) & mask
        let table = readPhysical(tableAddress, as: UInt32.self)
        guard table & PageEntry.present != 0 else { throw .pageFault(code, at: linear) }
        let rights = directory & table
        if (user && rights & PageEntry.user == 0) || (checksWrites && rights & PageEntry.writable == 0) {
            throw .pageFault(code | PageFaultCode.protection, at: linear)
        }
        if directory & PageEntry.accessed == 0 { writeEntry(directoryAddress, directory | PageEntry.accessed) }
        let updated = table | PageEntry.accessed | (write ? PageEntry.dirty : 0)
        if updated != table { writeEntry(tableAddress, updated) }
        return (table & 0xFFFF_F000 & mask, mayWrite(rights, updated, user))
    }

    private func writeEntry(_ physical: UInt32, _ value: UInt32) {
        if s.pointee.watchesMemory { noteTableWrite(physical, value) }
        writePhysical(physical, value)
    }

    /// Whether a write with these rights needs no further look: allowed, and the page is dirty already.
    private func mayWrite(_ rights: UInt32, _ entry: UInt32, _ user: Bool) -> Bool {
        entry & PageEntry.dirty != 0
            && (rights & PageEntry.writable != 0 || (!user && s.pointee.cr0 & CR0.writeProtect == 0))
    }

    /// The physical address of code at `linear`, by the code TLB or by the page tables.
    func translateCode(_ linear: UInt32) throws(Fault) -> UInt32 {
        let info = s.pointee.codeTLB + Int((linear >> 12) & UInt32(TLBSize.code - 1))
        let tag = (linear & 0xFFFF_F000) | s.pointee.generation
        if info.pointee.tag != tag {
            let page = try walk(linear, write: false, user: s.pointee.cpl == 3).page
            info.pointee = TLBInfo(tag: tag, physical: page)
        }
        return info.pointee.physical | (linear & 0xFFF)
    }

    // MARK: Flushing

    /// Forgets every translation: CR3 was loaded, or what translations depend on has changed.
    func flushTLB() {
        s.pointee.leaveTrace = true
        if s.pointee.generation < TLBSize.lastGeneration {
            s.pointee.generation &+= 1
        } else {
            s.pointee.tlbs.clearTLBs()
            s.pointee.generation = 1
        }
    }

    /// INVLPG: forgets the translation of one page. A large page may stand behind several entries.
    func invalidatePage(_ linear: UInt32) {
        if s.pointee.cr4 & CR4.pageSizeExtension != 0 { return flushTLB() }
        s.pointee.tlbs.dropPage(linear)
        s.pointee.leaveTrace = true
    }

    /// Chooses the TLBs of the current privilege.
    func selectTLB() {
        let tlbs = s.pointee.tlbs
        let user = s.pointee.cpl == 3
        s.pointee.tlb = user ? tlbs.userTLB : tlbs.supervisorTLB
        s.pointee.tlbInfo = user ? tlbs.userInfo : tlbs.supervisorInfo
        s.pointee.codeTLB = user ? tlbs.userCode : tlbs.supervisorCode
    }
}
