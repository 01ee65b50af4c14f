extension CPU {
    /// Registers, descriptor caches, modes, and every translation that the guest could still see. Gives back what puts them
    /// into effect after they were read.
    func visitState<V: StateVisitor>(_ visitor: inout V, now: GuestTime) -> () -> Void {
        // They are read into a copy, so that nothing happens before the rest of the board is there.
        var p = s.pointee
        func segments(_ action: (inout Segment) -> Void) {
            action(&p.segments.0)
            action(&p.segments.1)
            action(&p.segments.2)
            action(&p.segments.3)
            action(&p.segments.4)
            action(&p.segments.5)
            action(&p.segments.6)
            action(&p.segments.7)
        }
        visitor.visit(&p.registers.0)
        visitor.visit(&p.registers.1)
        visitor.visit(&p.registers.2)
        visitor.visit(&p.registers.3)
        visitor.visit(&p.registers.4)
        visitor.visit(&p.registers.5)
        visitor.visit(&p.registers.6)
        visitor.visit(&p.registers.7)
        segments {
            visitor.visit(&$0.selector)
            visitor.visit(&$0.base)
            visitor.visit(&$0.limit)
            visitor.visit(&$0.access)
            visitor.visit(&$0.flags)
            $0.updateBounds()
        }
        var (flags, cpl) = (core.eflags, UInt32(p.cpl))
        visitor.visit(&p.eip)
        visitor.visit(&flags)
        visitor.visit(&p.cr0)
        visitor.visit(&p.cr2)
        visitor.visit(&p.cr3)
        visitor.visit(&p.cr4)
        visitor.visit(&p.dr.0)
        visitor.visit(&p.dr.1)
        visitor.visit(&p.dr.2)
        visitor.visit(&p.dr.3)
        visitor.visit(&p.dr6)
        visitor.visit(&p.dr7)
        visitor.visit(&p.gdtBase)
        visitor.visit(&p.gdtLimit)
        visitor.visit(&p.idtBase)
        visitor.visit(&p.idtLimit)
        visitor.visit(&p.pendingDebug)
        visitor.visit(&cpl, in: 0...3)
        visitor.visit(&p.tscOffset)
        visitor.visit(&p.system)
        var isShadowed = p.shadowTime == scheduler.now
        var isStackLoad = isShadowed && p.shadowIsStackLoad
        visitor.visit(&p.halted)
        visitor.visit(&p.shutdown)
        visitor.visit(&p.nmiBlocked)
        visitor.visit(&p.nmiPending)
        visitor.visit(&isShadowed)
        visitor.visit(&isStackLoad)
        var status = core.floatStatus
        visitFloat(&visitor, &p.fpu, &status)
        let translations = visitTranslations(&visitor)
        return { [self] in
            p.cpl = UInt8(truncatingIfNeeded: cpl)
            p.shadowTime = isShadowed ? now : .max
            p.shadowIsStackLoad = isStackLoad
            p.fpu.top = UInt32(status >> 11) & 7
            p.fpu.statusWord = status & ~0x3800
            (p.wide, p.mixed) = Flags.unpack(flags)
            takeOver(p, systemFlags: flags, now: now, translations)
        }
    }

    /// The x87 by register numbers, with what empty registers hold; what follows from control words is left out.
    private func visitFloat<V: StateVisitor>(_ visitor: inout V, _ fpu: inout FPUState, _ status: inout UInt16) {
        func register(_ register: inout FPUState.Register) {
            visitor.visit(&register.significand)
            visitor.visit(&register.signExponent)
            visitor.visit(&register.isEmpty, in: 0...1)
        }
        register(&fpu.registers.0)
        register(&fpu.registers.1)
        register(&fpu.registers.2)
        register(&fpu.registers.3)
        register(&fpu.registers.4)
        register(&fpu.registers.5)
        register(&fpu.registers.6)
        register(&fpu.registers.7)
        visitor.visit(&fpu.controlWord)
        visitor.visit(&status)
        visitor.visit(&fpu.opcode, in: 0...0x7FF)
        visitor.visit(&fpu.instructionPointer)
        visitor.visit(&fpu.dataPointer)
        visitor.visit(&fpu.instructionSelector)
        visitor.visit(&fpu.dataSelector)
        visitor.visit(&fpu.usesProtectedFormat)
        visitor.visit(&fpu.errorPin)
    }

    private var tables: [(UnsafeMutablePointer<TLBInfo>, Int)] {
        [
            (tlbs.supervisorInfo, TLBSize.data), (tlbs.userInfo, TLBSize.data), (tlbs.supervisorCode, TLBSize.code),
            (tlbs.userCode, TLBSize.code),
        ]
    }

    /// What the TLBs hold, each table with the number of its entries.
    private func visitTranslations<V: StateVisitor>(_ visitor: inout V) -> [[TLBInfo]] {
        tables.map { table, size in
            var entries: [TLBInfo] = []
            if !V.reads {
                for i in 0..<size where table[i].tag & 0xFFF == s.pointee.generation && table[i].tag != 0 {
                    entries.append(table[i])
                }
            }
            var count = UInt32(entries.count)
            visitor.visit(&count, in: 0...UInt32(size))
            for number in 0..<Int(count) {
                var entry = V.reads ? TLBInfo(tag: 0, physical: 0) : entries[number]
                var page = entry.tag & 0xFFFF_F000
                visitor.visit(&page)
                visitor.visit(&entry.physical)
                guard V.reads else { continue }
                entry.tag = page & 0xFFFF_F000
                entries.append(entry)
            }
            return entries
        }
    }

    /// Replaces all registers and translations, and works out what follows.
    private func takeOver(_ new: CPUState, systemFlags: UInt32, now: GuestTime, _ translations: [[TLBInfo]]) {
        forgetTraces()
        s.pointee = new
        // Bits that the guest never sees are left as an instruction would leave them.
        let shown = s.pointee.model <= .i80186 ? systemFlags & ~0xF000 : systemFlags
        s.pointee.systemFlags = shown & ~(Flags.arithmetic | 0xFFC0_802A)
        s.pointee.sliceEnd = now
        s.pointee.remaining = 0
        s.pointee.isRepeating = false
        s.pointee.generation = 1
        tlbs.clearTLBs()
        core.updateMode()
        core.updateFloatMode()
        let mask = bus.addressMask & 0xFFFF_F000
        let hasPaging = s.pointee.cr0 & Core.CR0.paging != 0
        for ((table, size), entries) in zip(tables, translations) {
            let isCode = table == tlbs.supervisorCode || table == tlbs.userCode
            for entry in entries {
                // Without paging a page can be nowhere else, and is writable; code entries have no rights. Both hold for
                // every state that a machine has saved.
                let page = (hasPaging ? entry.physical : entry.tag) & mask
                let rights = isCode ? 0 : hasPaging ? entry.physical & TLBInfo.writable : TLBInfo.writable
                let place = table + (Int(entry.tag >> 12) & (size - 1))
                place.pointee = TLBInfo(tag: entry.tag | 1, physical: page | rights)
            }
        }
        bus.attention = true
    }
}
