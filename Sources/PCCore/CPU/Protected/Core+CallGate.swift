/// Call gates [SDM 2A CALL, JMP: CALL-GATE; SDM 3A 5.8].
extension Core {
    /// JMP through a call gate: the level stays.
    func jumpThroughGate(_ selector: UInt16, _ gate: Descriptor) throws(Fault) {
        let (target, descriptor) = try codeOfGate(selector, gate)
        let code = errorCode(target)
        let cpl = s.pointee.cpl
        guard descriptor.isConformingCode ? descriptor.dpl <= cpl : descriptor.dpl == cpl else {
            throw .generalProtection(code)
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection() }
        try markAccessed(target, descriptor)
        s.pointee.eip = gate.gateOffset
        installCode(Segment(target, descriptor).with(rpl: cpl), level: cpl)
    }

    /// CALL through a call gate, to the same level or to an inner one.
    func callThroughGate(_ selector: UInt16, _ gate: Descriptor) throws(Fault) {
        let (target, descriptor) = try codeOfGate(selector, gate)
        let code = errorCode(target)
        guard descriptor.dpl <= s.pointee.cpl else { throw .generalProtection(code) }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        if !descriptor.isConformingCode, descriptor.dpl < s.pointee.cpl {
            return try callInnerLevel(target, descriptor, gate)
        }
        let wide = gate.isGate32
        let ss = s.segment(SegmentNumber.ss).pointee
        guard ss.hasRoom(esp, 2, size: wide ? 4 : 2) else { throw .stackFault() }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection() }
        try markAccessed(target, descriptor)
        try writeReturnAddress(wide: wide)
        s.pointee.eip = gate.gateOffset
        installCode(Segment(target, descriptor).with(rpl: s.pointee.cpl), level: s.pointee.cpl)
    }

    /// What a gate leads to, as far as both kinds of transfer check it alike.
    private func codeOfGate(_ selector: UInt16, _ gate: Descriptor) throws(Fault) -> (UInt16, Descriptor) {
        try checkGatePrivilege(selector, gate)
        guard gate.isPresent else { throw .segmentNotPresent(errorCode(selector)) }
        let target = gate.gateSelector
        guard !isNull(target) else { throw .generalProtection() }
        guard let descriptor = try readDescriptor(target), descriptor.isCode else {
            throw .generalProtection(errorCode(target))
        }
        return (target, descriptor)
    }

    /// The stack comes from the TSS; old SS and ESP, the parameters and the return address go onto it.
    private func callInnerLevel(_ target: UInt16, _ descriptor: Descriptor, _ gate: Descriptor) throws(Fault) {
        let wide = gate.isGate32
        let level = descriptor.dpl
        var stack = try innerStack(level)
        let count = gate.parameterCount
        guard stack.segment.hasRoom(stack.pointer, count &+ 4, size: wide ? 4 : 2) else {
            throw .stackFault(errorCode(stack.segment.selector))
        }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection() }
        try markAccessed(stack)
        try markAccessed(target, descriptor)
        try push(UInt32(s.segment(SegmentNumber.ss).pointee.selector), wide: wide, on: &stack)
        try push(esp, wide: wide, on: &stack)
        var left = count
        while left > 0 {
            left &-= 1
            try push(try stackSlot(left, wide: wide), wide: wide, on: &stack)
        }
        try push(UInt32(s.segment(SegmentNumber.cs).pointee.selector), wide: wide, on: &stack)
        try push(s.pointee.eip, wide: wide, on: &stack)
        install(stack)
        s.pointee.eip = gate.gateOffset
        installCode(Segment(target, descriptor).with(rpl: level), level: level)
    }
}
