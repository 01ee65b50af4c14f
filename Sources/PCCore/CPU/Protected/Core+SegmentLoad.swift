/// Loads of segment registers [SDM 2B MOV, SDM 3A 5.6, 5.7].
extension Core {
    /// Loads ES, SS, DS, FS or GS, as MOV, POP and LDS do.
    func loadSegment(_ number: Int, _ selector: UInt16) throws(Fault) {
        guard s.pointee.isProtected else { return loadRealSegment(number, selector) }
        if number == SegmentNumber.ss { return try loadStackSegment(selector) }
        guard !isNull(selector) else { return setSegment(number, .null(selector)) }
        let code = errorCode(selector)
        guard let descriptor = try readDescriptor(selector), descriptor.isReadable else {
            throw .generalProtection(code)
        }
        // Conforming code is there for everyone.
        if !descriptor.isConformingCode, descriptor.dpl < max(s.pointee.cpl, UInt8(selector & 3)) {
            throw .generalProtection(code)
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        try markAccessed(selector, descriptor)
        setSegment(number, Segment(selector, descriptor))
    }

    private func loadStackSegment(_ selector: UInt16) throws(Fault) {
        guard !isNull(selector) else { throw .generalProtection(0) }
        let code = errorCode(selector)
        let cpl = s.pointee.cpl
        guard let descriptor = try readDescriptor(selector), UInt8(selector & 3) == cpl, descriptor.isWritableData,
            descriptor.dpl == cpl
        else { throw .generalProtection(code) }
        guard descriptor.isPresent else { throw .stackFault(code) }
        try markAccessed(selector, descriptor)
        setSegment(SegmentNumber.ss, Segment(selector, descriptor))
    }

    // MARK: Real and virtual-8086 mode

    /// Loads a segment register other than CS in real or virtual-8086 mode. Real mode leaves limit and rights as they
    /// are, which programs use to reach all of memory ("unreal mode").
    @inline(__always)
    func loadRealSegment(_ number: Int, _ selector: UInt16) {
        let segment = s.segment(number)
        segment.pointee.selector = selector
        segment.pointee.base = UInt32(selector) &<< 4
        if s.pointee.isVirtual8086 { return setSegment(number, .virtual8086(selector)) }
        if _fastPath(segment.pointee.limit == 0xFFFF && segment.pointee.access == Segment.Access.realModeData) {
            return
        }
        loadUnusualRealSegment(number)
    }

    /// After protected mode a segment may be flat, which decoded code depends on, or without a descriptor.
    @inline(never)
    private func loadUnusualRealSegment(_ number: Int) {
        var segment = s.segment(number).pointee
        if segment.access & 0x90 != 0x90 { segment.access = Segment.Access.realModeData }
        segment.updateBounds()
        setSegment(number, segment)
    }

    /// The highest EIP that a far transfer of real or virtual-8086 mode may go to. CS gets limit FFFFh there up to the
    /// 486; later chips keep what protected mode left.
    @inline(__always) var realModeCodeLimit: UInt32 {
        s.pointee.model >= .pentium ? s.pointee.codeLimit : 0xFFFF
    }

    /// Loads CS in real or virtual-8086 mode.
    @inline(__always)
    func loadRealCode(_ selector: UInt16) {
        let cs = s.segment(SegmentNumber.cs)
        if _fastPath(
            cs.pointee.limit == 0xFFFF && cs.pointee.access == Segment.Access.realModeData && !cs.pointee.isBig)
            && !s.pointee.isVirtual8086
        {
            cs.pointee.selector = selector
            cs.pointee.base = UInt32(selector) &<< 4
            s.pointee.leaveTrace = true
            return
        }
        loadUnusualRealCode(selector)
    }

    @inline(never)
    private func loadUnusualRealCode(_ selector: UInt16) {
        guard !s.pointee.isVirtual8086 else { return setSegment(SegmentNumber.cs, .virtual8086(selector)) }
        var cs = s.segment(SegmentNumber.cs).pointee
        cs.selector = selector
        cs.base = UInt32(selector) &<< 4
        // Stores through CS are allowed in real mode.
        cs.access = Segment.Access.realModeData
        if s.pointee.model < .pentium {
            cs.limit = 0xFFFF
            cs.flags = 0
        }
        cs.updateBounds()
        setSegment(SegmentNumber.cs, cs)
    }

    // MARK: After a change of privilege

    /// Takes data segments away that the new, outer level may not use [SDM 2B RET, "validate"].
    func dropInnerSegments() {
        dropInner(SegmentNumber.es)
        dropInner(SegmentNumber.ds)
        guard s.pointee.model >= .i80386 else { return }
        dropInner(SegmentNumber.fs)
        dropInner(SegmentNumber.gs)
    }

    private func dropInner(_ number: Int) {
        let segment = s.segment(number)
        // Only conforming code is there for every level.
        if segment.pointee.access & 0x1C != 0x1C, segment.pointee.dpl < Int(s.pointee.cpl) {
            segment.pointee = .null()
        }
    }
}
