/// Task switches by JMP, CALL, interrupts, exceptions and IRET [SDM 3A 7.3].
extension Core {
    enum TaskSwitchCause {
        case jump, call, interrupt, interruptReturn

        /// The new task goes back to the old one by IRET.
        var nests: Bool { self == .call || self == .interrupt }
    }

    /// Switches to the TSS of `selector`, whose `descriptor` the caller has found present and of the right kind.
    ///
    /// What is thrown up to the point where TR changes leaves the old task as it was. What is thrown later belongs to
    /// the new task: CS:EIP is then the new task's first instruction [SDM 3A 7.3, step 15].
    func switchTask(
        to selector: UInt16, _ descriptor: Descriptor, by cause: TaskSwitchCause, errorCode code: UInt32? = nil,
        external: UInt32 = 0, resumes: Bool = false
    ) throws(Fault) {
        let layout = TaskState.Layout(isWide: descriptor.type & 8 != 0)
        guard descriptor.limit >= layout.leastLimit else { throw .invalidTSS(errorCode(selector, external)) }
        let old = s.segment(SegmentNumber.tr).pointee
        let oldLayout = TaskState.Layout(isWide: old.access & 8 != 0)
        guard old.isPresent, old.limit >= oldLayout.leastLimit else {
            throw .invalidTSS(errorCode(old.selector, external))
        }
        // All that the switch touches is brought in first.
        let new = descriptor.base
        try probeWrite(old.base &+ oldLayout.eip, size: oldLayout.ldt &- oldLayout.eip, user: false)
        try probeRead(new, size: layout.leastLimit &+ 1, user: false)
        if cause.nests { try probeWrite(new, size: 2, user: false) }
        let busyByte = s.pointee.gdtBase &+ UInt32(selector & 0xFFF8) &+ 5
        try probeWrite(busyByte, size: 1, user: false)
        let leavesOld = cause == .jump || cause == .interruptReturn
        if leavesOld { try probeWrite(s.pointee.gdtBase &+ UInt32(old.selector & 0xFFF8) &+ 5, size: 1, user: false) }

        var flags = eflags
        if cause == .interruptReturn { flags &= ~Flags.nestedTask }
        if resumes, s.pointee.model >= .i80386 { flags |= Flags.resume }
        // A jump to the task that runs finds its own state in the TSS.
        try saveTask(old.base, oldLayout, eflags: flags)
        let task = try readTask(new, layout)
        if leavesOld { try markBusy(old.selector, false) }
        if cause != .interruptReturn { try markBusy(selector, true) }
        if cause.nests { try writeSystem(new, old.selector) }

        enterTask(task, layout, nested: cause.nests)
        var busy = descriptor
        busy.high |= UInt32(SystemType.busy) << 8
        s.segment(SegmentNumber.tr).pointee = Segment(selector, busy)
        do {
            try loadTaskSegments(task, external)
            try finishSwitch(task, layout, code, external)
        } catch {
            updateMode()
            throw error
        }
    }

    /// Takes over what cannot fail. Segment registers get their selectors only.
    private func enterTask(_ task: TaskState, _ layout: TaskState.Layout, nested: Bool) {
        s.pointee.cr0 |= CR0.taskSwitched
        updateFloatMode()
        if layout.isWide, s.pointee.cr0 & CR0.paging != 0 {
            s.pointee.cr3 = task.cr3 & (s.pointee.model >= .i80486 ? 0xFFFF_F018 : 0xFFFF_F000)
            flushTLB()
        }
        // The old task's own breakpoints end here.
        s.pointee.dr7 &= ~DebugControl.local
        s.pointee.eip = task.eip
        s.pointee.instructionEIP = task.eip
        for number in 0..<8 { setRegister(number, task.registers[number]) }
        for number in 0..<6 { s.segment(number).pointee = .null(task.selectors[number]) }
        s.segment(SegmentNumber.ldtr).pointee = .null(task.ldt)
        setEFLAGS((nested ? task.eflags | Flags.nestedTask : task.eflags) & knownFlags)
        // Until CS is checked, its RPL is the level that faults see.
        s.pointee.cpl = s.pointee.systemFlags & Flags.virtual8086 != 0 ? 3 : UInt8(task.selectors[1] & 3)
        updateMode()
    }

    /// The error code of an exception, the limit of EIP, the debug trap.
    private func finishSwitch(
        _ task: TaskState, _ layout: TaskState.Layout, _ code: UInt32?, _ external: UInt32
    ) throws(Fault) {
        updateMode()
        if task.traps {
            s.pointee.pendingDebug |= DebugStatus.taskSwitch
            look()
        }
        if let code {
            do {
                if layout.isWide { try push(code) } else { try push(UInt16(truncatingIfNeeded: code)) }
            } catch {
                throw error.vector == Fault.Vector.stackFault ? .stackFault(external) : error
            }
        }
        guard task.eip <= s.pointee.codeLimit else { throw .generalProtection(external) }
    }

    // MARK: Segments of the new task

    /// Loads LDTR and the segment registers with the checks of a task switch, in their order [SDM 3A Table 7-1].
    private func loadTaskSegments(_ task: TaskState, _ external: UInt32) throws(Fault) {
        try loadTaskLDT(task.ldt, external)
        if s.pointee.isVirtual8086 {
            for number in 0..<6 { s.segment(number).pointee = .virtual8086(task.selectors[number]) }
            return
        }
        let level = s.pointee.cpl
        let cs = task.selectors[SegmentNumber.cs]
        let csCode = errorCode(cs, external)
        guard !isNull(cs), let code = try readDescriptor(cs), code.isCode,
            code.isConformingCode ? code.dpl <= level : code.dpl == level
        else { throw .invalidTSS(csCode) }

        let ss = task.selectors[SegmentNumber.ss]
        let ssCode = errorCode(ss, external)
        guard !isNull(ss), let stack = try readDescriptor(ss), stack.isWritableData else { throw .invalidTSS(ssCode) }
        guard stack.isPresent else { throw .stackFault(ssCode) }
        guard stack.dpl == level else { throw .invalidTSS(ssCode) }
        guard code.isPresent else { throw .segmentNotPresent(csCode) }
        guard UInt8(ss & 3) == level else { throw .invalidTSS(ssCode) }
        try markAccessed(cs, code)
        s.segment(SegmentNumber.cs).pointee = Segment(cs, code)
        try markAccessed(ss, stack)
        s.segment(SegmentNumber.ss).pointee = Segment(ss, stack)

        try loadTaskData(SegmentNumber.ds, task, external)
        try loadTaskData(SegmentNumber.es, task, external)
        try loadTaskData(SegmentNumber.fs, task, external)
        try loadTaskData(SegmentNumber.gs, task, external)
    }

    private func loadTaskLDT(_ selector: UInt16, _ external: UInt32) throws(Fault) {
        guard !isNull(selector) else { return }
        guard selector & 4 == 0, let descriptor = try readDescriptor(selector),
            systemType(descriptor) == SystemType.ldt, descriptor.isPresent
        else { throw .invalidTSS(errorCode(selector, external)) }
        s.segment(SegmentNumber.ldtr).pointee = Segment(selector, descriptor)
    }

    private func loadTaskData(_ number: Int, _ task: TaskState, _ external: UInt32) throws(Fault) {
        let selector = task.selectors[number]
        guard !isNull(selector) else { return }
        let code = errorCode(selector, external)
        guard let descriptor = try readDescriptor(selector), descriptor.isReadable,
            descriptor.isConformingCode || descriptor.dpl >= max(s.pointee.cpl, UInt8(selector & 3))
        else { throw .invalidTSS(code) }
        guard descriptor.isPresent else { throw .segmentNotPresent(code) }
        try markAccessed(selector, descriptor)
        s.segment(number).pointee = Segment(selector, descriptor)
    }
}
