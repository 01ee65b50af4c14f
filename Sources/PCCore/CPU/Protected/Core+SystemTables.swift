/// GDTR, IDTR, LDTR, TR, and the instructions that ask a descriptor [SDM 2A LAR, LGDT, LLDT, LSL, LTR, 2B SGDT, VERR].
extension Core {
    // MARK: GDTR and IDTR

    func storeGDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {
        try storeTable(segment, offset, s.pointee.gdtBase, s.pointee.gdtLimit)
    }

    func storeIDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {
        try storeTable(segment, offset, s.pointee.idtBase, s.pointee.idtLimit)
    }

    /// Six bytes. The 286 has 24 bits of base and writes ones above; later chips write all 32 bits in both operand
    /// sizes.
    private func storeTable(_ segment: Int, _ offset: UInt32, _ base: UInt32, _ limit: UInt32) throws(Fault) {
        _ = try linearForWrite(segment, offset, size: 6)
        let shown = s.pointee.model == .i80286 ? base | 0xFF00_0000 : base
        try write(segment, offset, UInt16(truncatingIfNeeded: limit))
        try write(segment, offset &+ 2, shown)
    }

    func loadGDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {
        let (base, limit) = try loadTable(segment, offset, operand32)
        s.pointee.gdtBase = base
        s.pointee.gdtLimit = limit
    }

    func loadIDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {
        let (base, limit) = try loadTable(segment, offset, operand32)
        s.pointee.idtBase = base
        s.pointee.idtLimit = limit
    }

    private func loadTable(_ segment: Int, _ offset: UInt32, _ operand32: Bool) throws(Fault) -> (UInt32, UInt32) {
        try requirePrivilege0()
        let limit: UInt16 = try read(segment, offset)
        let base: UInt32 = try read(segment, offset &+ 2)
        return (operand32 ? base : base & 0xFF_FFFF, UInt32(limit))
    }

    // MARK: LDTR and TR

    func loadLDT(_ selector: UInt16) throws(Fault) {
        try requirePrivilege0()
        guard !isNull(selector) else {
            s.segment(SegmentNumber.ldtr).pointee = .null(selector)
            return
        }
        let code = errorCode(selector)
        guard selector & 4 == 0, let descriptor = try readDescriptor(selector),
            systemType(descriptor) == SystemType.ldt
        else { throw .generalProtection(code) }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        s.segment(SegmentNumber.ldtr).pointee = Segment(selector, descriptor)
    }

    func loadTaskRegister(_ selector: UInt16) throws(Fault) {
        try requirePrivilege0()
        guard !isNull(selector) else { throw .generalProtection() }
        let code = errorCode(selector)
        guard selector & 4 == 0, var descriptor = try readDescriptor(selector) else { throw .generalProtection(code) }
        let type = systemType(descriptor)
        guard type == SystemType.availableTSS16 || type == SystemType.availableTSS32 else {
            throw .generalProtection(code)
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        try markBusy(selector, true)
        descriptor.high |= UInt32(SystemType.busy) << 8
        s.segment(SegmentNumber.tr).pointee = Segment(selector, descriptor)
    }

    // MARK: Asking a descriptor

    /// Whether level and RPL may look at a descriptor; conforming code is there for everyone.
    private func isVisible(_ selector: UInt16, _ descriptor: Descriptor) -> Bool {
        descriptor.isConformingCode || descriptor.dpl >= max(s.pointee.cpl, UInt8(selector & 3))
    }

    /// LAR: the access byte and flags in their place, nil for ZF = 0.
    func accessRights(_ selector: UInt16) throws(Fault) -> UInt32? {
        guard !isNull(selector), let descriptor = try readDescriptor(selector), isVisible(selector, descriptor) else {
            return nil
        }
        if !descriptor.isSegment {
            switch systemType(descriptor) {
            case SystemType.availableTSS16...SystemType.taskGate, SystemType.availableTSS32, SystemType.busyTSS32,
                SystemType.callGate32:
                break
            default: return nil
            }
        }
        return descriptor.high & 0x00FF_FF00
    }

    /// LSL: the limit in bytes, nil for ZF = 0.
    func segmentLimit(_ selector: UInt16) throws(Fault) -> UInt32? {
        guard !isNull(selector), let descriptor = try readDescriptor(selector), isVisible(selector, descriptor) else {
            return nil
        }
        if !descriptor.isSegment {
            switch systemType(descriptor) {
            case SystemType.availableTSS16...SystemType.busyTSS16, SystemType.availableTSS32, SystemType.busyTSS32:
                break
            default: return nil
            }
        }
        return descriptor.limit
    }

    /// VERR and VERW: ZF.
    func verify(_ selector: UInt16, write: Bool) throws(Fault) -> Bool {
        guard !isNull(selector), let descriptor = try readDescriptor(selector), isVisible(selector, descriptor) else {
            return false
        }
        return write ? descriptor.isWritableData : descriptor.isReadable
    }
}
