/// IRET [SDM 2A IRET].
extension Core {
    func interruptReturn(operand32: Bool) throws(Fault) {
        // NMIs come again even if this faults [SDM 3A 6.7.1].
        if s.pointee.nmiBlocked {
            s.pointee.nmiBlocked = false
            look()
        }
        guard !s.pointee.isProtected else { return try protectedReturn(operand32) }
        if s.pointee.isVirtual8086, iopl < 3 { return try virtualReturn(operand32) }
        let target = try stackSlot(0, wide: operand32)
        let selector = UInt16(truncatingIfNeeded: try stackSlot(1, wide: operand32))
        let image = try stackSlot(2, wide: operand32)
        guard target <= realModeCodeLimit else { throw .generalProtection() }
        setStackPointer(esp &+ (operand32 ? 12 : 6))
        loadRealCode(selector)
        s.pointee.eip = target
        // VM, VIF and VIP stay as they are, and IOPL does in virtual-8086 mode.
        let may: UInt32 = operand32 ? 0x0025_7FD5 : 0x7FD5
        replaceFlags(image, s.pointee.isVirtual8086 ? may & ~Flags.iopl : may)
    }

    private func protectedReturn(_ operand32: Bool) throws(Fault) {
        if s.pointee.systemFlags & Flags.nestedTask != 0 { return try returnFromTask() }
        let target = try stackSlot(0, wide: operand32)
        let selector = UInt16(truncatingIfNeeded: try stackSlot(1, wide: operand32))
        let image = try stackSlot(2, wide: operand32)
        if operand32, image & Flags.virtual8086 != 0, s.pointee.cpl == 0 {
            return try returnToVirtual8086(selector, target, image)
        }
        let descriptor = try returnCode(selector)
        let size: UInt32 = operand32 ? 4 : 2
        let level = UInt8(selector & 3)
        guard level > s.pointee.cpl else {
            guard target <= descriptor.codeLimit else { throw .generalProtection() }
            try markAccessed(selector, descriptor)
            let may = flagsOfReturn(operand32)
            setStackPointer(esp &+ 3 &* size)
            s.pointee.eip = target
            replaceFlags(image, may)
            return installCode(Segment(selector, descriptor), level: level)
        }
        try checkPop(5 &* size)
        let (pointer, stackSelector) = try returnStack(at: stackOffset(esp &+ 3 &* size), wide: operand32)
        let stack = try outerStack(stackSelector, level)
        guard target <= descriptor.codeLimit else { throw .generalProtection() }
        try markAccessed(stackSelector, stack)
        try markAccessed(selector, descriptor)
        let may = flagsOfReturn(operand32)
        enterOuterLevel(Segment(selector, descriptor), target, Segment(stackSelector, stack), pointer)
        replaceFlags(image, may)
    }

    /// The flags that IRET may change at the current level.
    private func flagsOfReturn(_ operand32: Bool) -> UInt32 {
        var may = Flags.arithmetic | Flags.trap | Flags.direction | Flags.nestedTask
        if s.pointee.cpl <= iopl { may |= Flags.interrupt }
        if s.pointee.cpl == 0 { may |= Flags.iopl }
        if operand32 {
            may |= Flags.resume | Flags.alignmentCheck | Flags.identification
            if s.pointee.cpl == 0 { may |= Flags.virtualInterrupt | Flags.virtualInterruptPending }
        }
        return may
    }

    /// To virtual-8086 mode: nine dwords stand on the stack.
    private func returnToVirtual8086(_ selector: UInt16, _ target: UInt32, _ image: UInt32) throws(Fault) {
        try checkPop(36)
        let pointer = try stackSlot(3, wide: true)
        let ss = UInt16(truncatingIfNeeded: try stackSlot(4, wide: true))
        let es = UInt16(truncatingIfNeeded: try stackSlot(5, wide: true))
        let ds = UInt16(truncatingIfNeeded: try stackSlot(6, wide: true))
        let fs = UInt16(truncatingIfNeeded: try stackSlot(7, wide: true))
        let gs = UInt16(truncatingIfNeeded: try stackSlot(8, wide: true))
        guard target <= 0xFFFF else { throw .generalProtection() }
        esp = pointer
        s.pointee.eip = target
        s.segment(SegmentNumber.cs).pointee = .virtual8086(selector)
        s.segment(SegmentNumber.ss).pointee = .virtual8086(ss)
        s.segment(SegmentNumber.es).pointee = .virtual8086(es)
        s.segment(SegmentNumber.ds).pointee = .virtual8086(ds)
        s.segment(SegmentNumber.fs).pointee = .virtual8086(fs)
        s.segment(SegmentNumber.gs).pointee = .virtual8086(gs)
        s.pointee.cpl = 3
        setEFLAGS(image & knownFlags)
    }

    /// Back to the task that the back link names: NT was set.
    private func returnFromTask() throws(Fault) {
        let tr = s.segment(SegmentNumber.tr).pointee
        let selector: UInt16 = try readSystem(tr.base)
        let code = errorCode(selector)
        guard selector & 4 == 0, !isNull(selector), let descriptor = try readDescriptor(selector) else {
            throw .invalidTSS(code)
        }
        let type = systemType(descriptor)
        guard type == SystemType.busyTSS16 || type == SystemType.busyTSS32 else { throw .invalidTSS(code) }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        try switchTask(to: selector, descriptor, by: .interruptReturn)
    }
}
