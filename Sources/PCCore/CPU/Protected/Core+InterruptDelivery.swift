/// Delivery of interrupts and exceptions: real mode's vector table, interrupt and trap gates [SDM 2A INT, 3A 6.12].
extension Core {
    /// What is delivered.
    struct Event {
        let vector: UInt8
        /// INT n, INT3 and INTO: the gate's DPL is checked.
        var isSoftware = false
        var errorCode: UInt32?
        /// RF in the pushed EFLAGS: the instruction is to be resumed without its breakpoint [SDM 3B 17.3.1.1].
        var resumes = false

        /// EXT in the error codes of what goes wrong on the way.
        var external: UInt32 { isSoftware ? 0 : 1 }
    }

    // MARK: INT, INT3, INTO

    func softwareInterrupt(_ vector: UInt8) throws(Fault) {
        if s.pointee.isVirtual8086, !s.pointee.catchesExceptions, try redirectInterrupt(vector) {
            if s.pointee.hasStops { noteInterrupt(vector) }
            return
        }
        try deliver(Event(vector: vector, isSoftware: true))
    }

    func breakpointInterrupt() throws(Fault) {
        try deliver(Event(vector: Fault.Vector.breakpoint, isSoftware: true))
    }

    /// INTO with OF set.
    func overflowInterrupt() throws(Fault) {
        try deliver(Event(vector: Fault.Vector.overflow, isSoftware: true))
    }

    // MARK: Any event

    func deliver(_ event: Event) throws(Fault) {
        if s.pointee.catchesExceptions {
            s.pointee.caught = CaughtEvent(event)
            look()
            return
        }
        if s.pointee.isProtected || s.pointee.isVirtual8086 {
            try deliverProtected(event)
        } else {
            try deliverReal(event.vector)
        }
        if s.pointee.hasStops { noteInterrupt(event.vector) }
    }

    /// Through the table of far pointers at the IDT's base.
    @inline(__always)
    func deliverReal(_ vector: UInt8) throws(Fault) {
        let at = UInt32(vector) &* 4
        if at &+ 3 > s.pointee.idtLimit { throw beyondVectorTable(vector) }
        let pointer: UInt32 = try readLinear(s.pointee.idtBase &+ at)
        let flags = UInt16(truncatingIfNeeded: eflags)
        try write(SegmentNumber.ss, stackOffset(esp &- 2), flags)
        try write(SegmentNumber.ss, stackOffset(esp &- 4), s.segment(SegmentNumber.cs).pointee.selector)
        try write(SegmentNumber.ss, stackOffset(esp &- 6), UInt16(truncatingIfNeeded: s.pointee.eip))
        setStackPointer(esp &- 6)
        setSystemFlags(
            s.pointee.systemFlags & ~(Flags.interrupt | Flags.trap | Flags.alignmentCheck | Flags.resume))
        loadRealCode(UInt16(truncatingIfNeeded: pointer >> 16))
        s.pointee.eip = pointer & 0xFFFF
    }

    /// The 286 and 386 know "interrupt table limit too small" as vector 8 [80286 PRM 9.5, 80386 PRM 14.6]; later
    /// chips raise `#GP` first.
    private func beyondVectorTable(_ vector: UInt8) -> Fault {
        s.pointee.model <= .i80386
            ? Fault(Fault.Vector.doubleFault, code: 0) : .generalProtection(UInt32(vector) &* 8 &+ 2)
    }

    private func deliverProtected(_ event: Event) throws(Fault) {
        let external = event.external
        let index = UInt32(event.vector) &* 8
        let code = index &+ 2 &+ external
        guard index &+ 7 <= s.pointee.idtLimit else { throw .generalProtection(code) }
        let gate = try readDescriptor(at: s.pointee.idtBase &+ index)
        let type = systemType(gate)
        switch type {
        case SystemType.taskGate, SystemType.interruptGate16, SystemType.trapGate16, SystemType.interruptGate32,
            SystemType.trapGate32:
            break
        default: throw .generalProtection(code)
        }
        if event.isSoftware, gate.dpl < s.pointee.cpl { throw .generalProtection(code) }
        guard gate.isPresent else { throw .segmentNotPresent(code) }
        guard type != SystemType.taskGate else {
            let (tss, descriptor) = try taskOfGate(gate.gateSelector, external)
            return try switchTask(
                to: tss, descriptor, by: .interrupt, errorCode: event.errorCode, external: external,
                resumes: event.resumes)
        }
        let selector = gate.gateSelector
        guard !isNull(selector) else { throw .generalProtection(external) }
        guard let descriptor = try readDescriptor(selector), descriptor.isCode, descriptor.dpl <= s.pointee.cpl else {
            throw .generalProtection(errorCode(selector, external))
        }
        guard descriptor.isPresent else { throw .segmentNotPresent(errorCode(selector, external)) }
        let isInner = !descriptor.isConformingCode && descriptor.dpl < s.pointee.cpl
        if s.pointee.isVirtual8086 {
            // Only level 0 may serve virtual-8086 mode, so that IRET can go back there.
            guard isInner, descriptor.dpl == 0 else { throw .generalProtection(errorCode(selector, external)) }
            return try deliverFromVirtual8086(event, gate, descriptor)
        }
        if isInner { return try deliverInner(event, gate, descriptor) }
        try deliverSame(event, gate, descriptor)
    }

    /// What is pushed as EFLAGS.
    func pushedFlags(_ event: Event) -> UInt32 {
        event.resumes && s.pointee.model >= .i80386 ? eflags | Flags.resume : eflags
    }

    /// The system flags in the handler: TF, NT, VM and RF are clear, and IF by an interrupt gate.
    private func enterHandler(_ gate: Descriptor) {
        let cleared = Flags.trap | Flags.nestedTask | Flags.virtual8086 | Flags.resume
        let isTrapGate = gate.type & 1 != 0
        setSystemFlags(s.pointee.systemFlags & ~(isTrapGate ? cleared : cleared | Flags.interrupt))
        s.pointee.eip = gate.gateOffset
    }

    /// To a handler of the current level.
    private func deliverSame(_ event: Event, _ gate: Descriptor, _ descriptor: Descriptor) throws(Fault) {
        let external = event.external
        let wide = gate.isGate32
        let ss = s.segment(SegmentNumber.ss).pointee
        guard ss.hasRoom(esp, event.errorCode == nil ? 3 : 4, size: wide ? 4 : 2) else {
            throw .stackFault(external)
        }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection(external) }
        try markAccessed(gate.gateSelector, descriptor)
        let flags = pushedFlags(event)
        let cs = s.segment(SegmentNumber.cs).pointee.selector
        let eip = s.pointee.eip
        if wide {
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 4), flags)
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 8), UInt32(cs))
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 12), eip)
            if let code = event.errorCode { try writeErrorCode(code, ss.stackOffset(esp &- 16)) }
            setStackPointer(esp &- (event.errorCode == nil ? 12 : 16))
        } else {
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 2), UInt16(truncatingIfNeeded: flags))
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 4), cs)
            try write(SegmentNumber.ss, ss.stackOffset(esp &- 6), UInt16(truncatingIfNeeded: eip))
            if let code = event.errorCode {
                try write(SegmentNumber.ss, ss.stackOffset(esp &- 8), UInt16(truncatingIfNeeded: code))
            }
            setStackPointer(esp &- (event.errorCode == nil ? 6 : 8))
        }
        enterHandler(gate)
        installCode(Segment(gate.gateSelector, descriptor).with(rpl: s.pointee.cpl), level: s.pointee.cpl)
    }

    /// To a handler of an inner level.
    private func deliverInner(_ event: Event, _ gate: Descriptor, _ descriptor: Descriptor) throws(Fault) {
        let external = event.external
        let wide = gate.isGate32
        var stack = try innerStack(descriptor.dpl, external)
        guard stack.segment.hasRoom(stack.pointer, event.errorCode == nil ? 5 : 6, size: wide ? 4 : 2) else {
            throw .stackFault(errorCode(stack.segment.selector, external))
        }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection(external) }
        try markAccessed(stack)
        try markAccessed(gate.gateSelector, descriptor)
        try pushFrame(event, wide: wide, on: &stack)
        install(stack)
        enterHandler(gate)
        installCode(Segment(gate.gateSelector, descriptor).with(rpl: descriptor.dpl), level: descriptor.dpl)
    }

    /// SS, ESP, EFLAGS, CS, EIP and the error code.
    private func pushFrame(_ event: Event, wide: Bool, on stack: inout NewStack) throws(Fault) {
        try push(UInt32(s.segment(SegmentNumber.ss).pointee.selector), wide: wide, on: &stack)
        try push(esp, wide: wide, on: &stack)
        try push(pushedFlags(event), wide: wide, on: &stack)
        try push(UInt32(s.segment(SegmentNumber.cs).pointee.selector), wide: wide, on: &stack)
        try push(s.pointee.eip, wide: wide, on: &stack)
        if let code = event.errorCode { try pushErrorCode(code, wide: wide, on: &stack) }
    }

    /// The 486 writes an error code as a word, in a slot of its gate's width [SDM 3B 22.31.2].
    private func writeErrorCode(_ code: UInt32, _ offset: UInt32) throws(Fault) {
        if s.pointee.model == .i80486 {
            try write(SegmentNumber.ss, offset, UInt16(truncatingIfNeeded: code))
        } else {
            try write(SegmentNumber.ss, offset, code)
        }
    }

    private func pushErrorCode(_ code: UInt32, wide: Bool, on stack: inout NewStack) throws(Fault) {
        guard wide, s.pointee.model == .i80486 else { return try push(code, wide: wide, on: &stack) }
        stack.pointer = stack.below(4)
        try writeSystem(
            stack.segment.base &+ stack.segment.stackOffset(stack.pointer), UInt16(truncatingIfNeeded: code))
    }

    /// From virtual-8086 mode to level 0: the data segments go onto the stack as well, and are null in the handler
    /// [SDM 3B 20.3.1].
    private func deliverFromVirtual8086(_ event: Event, _ gate: Descriptor, _ descriptor: Descriptor) throws(Fault) {
        let external = event.external
        let wide = gate.isGate32
        var stack = try innerStack(0, external)
        guard stack.segment.hasRoom(stack.pointer, event.errorCode == nil ? 9 : 10, size: wide ? 4 : 2) else {
            throw .stackFault(errorCode(stack.segment.selector, external))
        }
        guard gate.gateOffset <= descriptor.codeLimit else { throw .generalProtection(external) }
        try markAccessed(stack)
        try markAccessed(gate.gateSelector, descriptor)
        try push(UInt32(s.segment(SegmentNumber.gs).pointee.selector), wide: wide, on: &stack)
        try push(UInt32(s.segment(SegmentNumber.fs).pointee.selector), wide: wide, on: &stack)
        try push(UInt32(s.segment(SegmentNumber.ds).pointee.selector), wide: wide, on: &stack)
        try push(UInt32(s.segment(SegmentNumber.es).pointee.selector), wide: wide, on: &stack)
        try pushFrame(event, wide: wide, on: &stack)
        install(stack)
        s.segment(SegmentNumber.es).pointee = .null()
        s.segment(SegmentNumber.ds).pointee = .null()
        s.segment(SegmentNumber.fs).pointee = .null()
        s.segment(SegmentNumber.gs).pointee = .null()
        s.pointee.cpl = 0
        enterHandler(gate)
        installCode(Segment(gate.gateSelector, descriptor).with(rpl: 0), level: 0)
    }
}
