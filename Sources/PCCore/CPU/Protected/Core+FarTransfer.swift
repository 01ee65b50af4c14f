/// Far JMP and CALL by a direct pointer [SDM 2A CALL, JMP].
extension Core {
    func farJump(_ selector: UInt16, _ offset: UInt32, operand32: Bool) throws(Fault) {
        let target = operand32 ? offset : offset & 0xFFFF
        guard s.pointee.isProtected else {
            guard target <= realModeCodeLimit else { throw .generalProtection() }
            loadRealCode(selector)
            s.pointee.eip = target
            return
        }
        guard !isNull(selector) else { throw .generalProtection() }
        let code = errorCode(selector)
        guard let descriptor = try readDescriptor(selector) else { throw .generalProtection(code) }
        guard !descriptor.isSegment else {
            try checkCode(selector, descriptor)
            guard target <= descriptor.codeLimit else { throw .generalProtection() }
            try markAccessed(selector, descriptor)
            s.pointee.eip = target
            return installCode(Segment(selector, descriptor).with(rpl: s.pointee.cpl), level: s.pointee.cpl)
        }
        switch systemType(descriptor) {
        case SystemType.availableTSS16, SystemType.availableTSS32:
            // A TSS stands in the GDT alone (verified: TestROMs/tasks).
            guard selector & 4 == 0 else { throw .generalProtection(code) }
            try checkGatePrivilege(selector, descriptor)
            guard descriptor.isPresent else { throw .segmentNotPresent(code) }
            try switchTask(to: selector, descriptor, by: .jump)
        case SystemType.taskGate:
            try checkGatePrivilege(selector, descriptor)
            guard descriptor.isPresent else { throw .segmentNotPresent(code) }
            let (tss, target) = try taskOfGate(descriptor.gateSelector)
            try switchTask(to: tss, target, by: .jump)
        case SystemType.callGate16, SystemType.callGate32:
            try jumpThroughGate(selector, descriptor)
        default:
            throw .generalProtection(code)
        }
    }

    func farCall(_ selector: UInt16, _ offset: UInt32, operand32: Bool) throws(Fault) {
        let target = operand32 ? offset : offset & 0xFFFF
        guard s.pointee.isProtected else { return try realCall(selector, target, operand32) }
        guard !isNull(selector) else { throw .generalProtection() }
        let code = errorCode(selector)
        guard let descriptor = try readDescriptor(selector) else { throw .generalProtection(code) }
        guard !descriptor.isSegment else {
            try checkCode(selector, descriptor)
            let ss = s.segment(SegmentNumber.ss).pointee
            guard ss.hasRoom(esp, 2, size: operand32 ? 4 : 2) else { throw .stackFault() }
            guard target <= descriptor.codeLimit else { throw .generalProtection() }
            try markAccessed(selector, descriptor)
            try writeReturnAddress(wide: operand32)
            s.pointee.eip = target
            return installCode(Segment(selector, descriptor).with(rpl: s.pointee.cpl), level: s.pointee.cpl)
        }
        switch systemType(descriptor) {
        case SystemType.availableTSS16, SystemType.availableTSS32:
            // A TSS stands in the GDT alone (verified: TestROMs/tasks).
            guard selector & 4 == 0 else { throw .generalProtection(code) }
            try checkGatePrivilege(selector, descriptor)
            guard descriptor.isPresent else { throw .segmentNotPresent(code) }
            try switchTask(to: selector, descriptor, by: .call)
        case SystemType.taskGate:
            try checkGatePrivilege(selector, descriptor)
            guard descriptor.isPresent else { throw .segmentNotPresent(code) }
            let (tss, target) = try taskOfGate(descriptor.gateSelector)
            try switchTask(to: tss, target, by: .call)
        case SystemType.callGate16, SystemType.callGate32:
            try callThroughGate(selector, descriptor)
        default:
            throw .generalProtection(code)
        }
    }

    @inline(__always)
    private func realCall(_ selector: UInt16, _ target: UInt32, _ operand32: Bool) throws(Fault) {
        guard target <= realModeCodeLimit else { throw .generalProtection() }
        try writeReturnAddress(wide: operand32)
        loadRealCode(selector)
        s.pointee.eip = target
    }

    /// Pushes CS and EIP on the current stack; ESP changes only when both are written.
    @inline(__always)
    func writeReturnAddress(wide: Bool) throws(Fault) {
        let selector = s.segment(SegmentNumber.cs).pointee.selector
        if wide {
            try write(SegmentNumber.ss, stackOffset(esp &- 4), UInt32(selector))
            try write(SegmentNumber.ss, stackOffset(esp &- 8), s.pointee.eip)
            setStackPointer(esp &- 8)
        } else {
            try write(SegmentNumber.ss, stackOffset(esp &- 2), selector)
            try write(SegmentNumber.ss, stackOffset(esp &- 4), UInt16(truncatingIfNeeded: s.pointee.eip))
            setStackPointer(esp &- 4)
        }
    }

    /// Checks the code segment that a direct far transfer goes to, but for its limit.
    private func checkCode(_ selector: UInt16, _ descriptor: Descriptor) throws(Fault) {
        let code = errorCode(selector)
        let cpl = s.pointee.cpl
        guard descriptor.isCode else { throw .generalProtection(code) }
        if descriptor.isConformingCode {
            guard descriptor.dpl <= cpl else { throw .generalProtection(code) }
        } else {
            guard UInt8(selector & 3) <= cpl, descriptor.dpl == cpl else { throw .generalProtection(code) }
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
    }

    /// Raises `#GP` where CPL or RPL is above the DPL of a gate or TSS.
    func checkGatePrivilege(_ selector: UInt16, _ descriptor: Descriptor) throws(Fault) {
        guard descriptor.dpl >= max(s.pointee.cpl, UInt8(selector & 3)) else {
            throw .generalProtection(errorCode(selector))
        }
    }

    /// The available TSS that a task gate names [SDM 2A CALL, TASK-GATE].
    func taskOfGate(_ selector: UInt16, _ external: UInt32 = 0) throws(Fault) -> (UInt16, Descriptor) {
        let code = errorCode(selector, external)
        guard selector & 4 == 0, !isNull(selector), let descriptor = try readDescriptor(selector) else {
            throw .generalProtection(code)
        }
        let type = systemType(descriptor)
        guard type == SystemType.availableTSS16 || type == SystemType.availableTSS32 else {
            throw .generalProtection(code)
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        return (selector, descriptor)
    }
}
