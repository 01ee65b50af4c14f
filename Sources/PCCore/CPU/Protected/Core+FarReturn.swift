/// RETF [SDM 2B RET].
extension Core {
    func farReturn(release: UInt32, operand32: Bool) throws(Fault) {
        let target = try stackSlot(0, wide: operand32)
        let selector = UInt16(truncatingIfNeeded: try stackSlot(1, wide: operand32))
        let size: UInt32 = operand32 ? 4 : 2
        guard s.pointee.isProtected else {
            guard target <= realModeCodeLimit else { throw .generalProtection() }
            loadRealCode(selector)
            s.pointee.eip = target
            return setStackPointer(esp &+ 2 &* size &+ release)
        }
        let descriptor = try returnCode(selector)
        let level = UInt8(selector & 3)
        guard level > s.pointee.cpl else {
            guard target <= descriptor.codeLimit else { throw .generalProtection() }
            try markAccessed(selector, descriptor)
            setStackPointer(esp &+ 2 &* size &+ release)
            s.pointee.eip = target
            return installCode(Segment(selector, descriptor), level: level)
        }
        // To an outer level: SS:ESP stands behind the parameters.
        try checkPop(4 &* size &+ release)
        let behind = stackOffset(esp &+ 2 &* size &+ release)
        let (pointer, stackSelector) = try returnStack(at: behind, wide: operand32)
        let stack = try outerStack(stackSelector, level)
        guard target <= descriptor.codeLimit else { throw .generalProtection() }
        try markAccessed(stackSelector, stack)
        try markAccessed(selector, descriptor)
        enterOuterLevel(
            Segment(selector, descriptor), target, Segment(stackSelector, stack), pointer &+ release)
    }

    /// The code segment that RETF or IRET goes back to, checked but for its limit.
    func returnCode(_ selector: UInt16) throws(Fault) -> Descriptor {
        guard !isNull(selector) else { throw .generalProtection() }
        let code = errorCode(selector)
        guard let descriptor = try readDescriptor(selector), descriptor.isCode else { throw .generalProtection(code) }
        let level = UInt8(selector & 3)
        guard level >= s.pointee.cpl, descriptor.isConformingCode ? descriptor.dpl <= level : descriptor.dpl == level
        else { throw .generalProtection(code) }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        return descriptor
    }

    /// ESP and SS of an outer level as they stand on the current stack.
    func returnStack(at offset: UInt32, wide: Bool) throws(Fault) -> (pointer: UInt32, selector: UInt16) {
        if wide {
            let pointer: UInt32 = try read(SegmentNumber.ss, offset)
            return (pointer, try read(SegmentNumber.ss, stackOffset(offset &+ 4)))
        }
        let pointer: UInt16 = try read(SegmentNumber.ss, offset)
        let selector: UInt16 = try read(SegmentNumber.ss, stackOffset(offset &+ 2))
        // The 486 has SS in the upper half of ESP then, later chips zeros [SDM 3B 22.31.4].
        return (UInt32(pointer) | (s.pointee.model == .i80486 ? UInt32(selector) << 16 : 0), selector)
    }

    /// The stack segment of the outer level `level`, checked.
    func outerStack(_ selector: UInt16, _ level: UInt8) throws(Fault) -> Descriptor {
        guard !isNull(selector) else { throw .generalProtection() }
        let code = errorCode(selector)
        guard let descriptor = try readDescriptor(selector), UInt8(selector & 3) == level, descriptor.isWritableData,
            descriptor.dpl == level
        else { throw .generalProtection(code) }
        guard descriptor.isPresent else { throw .stackFault(code) }
        return descriptor
    }

    /// Goes to the outer level that CS's RPL names; nothing can fail any more.
    func enterOuterLevel(_ code: Segment, _ target: UInt32, _ stack: Segment, _ pointer: UInt32) {
        s.segment(SegmentNumber.ss).pointee = stack
        setStackPointer(pointer)
        s.pointee.eip = target
        s.segment(SegmentNumber.cs).pointee = code
        s.pointee.cpl = UInt8(code.selector & 3)
        dropInnerSegments()
        updateMode()
    }
}
