/// What the fuzzer needs of a bare CPU: whole states in and out, quickly, and the three ways to run code.
extension BareMachine {
    /// How code runs.
    package enum Form: Sendable {
        /// Every instruction in its plain form.
        case plain
        /// By the hot handlers, in traces of one instruction.
        case handlers
        /// In whole traces, as in a machine.
        case traces
    }

    package func use(_ form: Form) {
        usesTraces = form != .plain
        if form == .traces { cpu.traces.limit = TraceCache.longest }
    }

    /// A segment register as it is to be, without a descriptor table.
    package struct SegmentSetting: Sendable {
        package var selector: UInt16
        package var base: UInt32
        package var limit: UInt32
        package var isBig: Bool

        package init(selector: UInt16, base: UInt32, limit: UInt32, isBig: Bool) {
            self.selector = selector
            self.base = base
            self.limit = limit
            self.isBig = isBig
        }
    }

    /// Resets the CPU into real mode, or into protected mode at level 3 with alignment checks allowed.
    ///
    /// - Parameters:
    ///   - segments: ES, CS, SS, DS, FS, GS.
    ///   - directory: the page directory, nil for no paging.
    package func restart(isProtected: Bool, segments: [SegmentSetting], directory: UInt32?) {
        let s = cpu.s
        cpu.reset()
        for (number, setting) in segments.enumerated() where number < 6 {
            var segment = Segment()
            segment.selector = setting.selector
            segment.base = setting.base
            segment.limit = setting.limit
            if isProtected {
                let kind =
                    number == SegmentNumber.cs ? Segment.Access.realModeCode : Segment.Access.realModeData
                segment.access = kind | 3 << 5
                segment.flags = setting.isBig ? Segment.granular | Segment.big : 0
            }
            segment.updateBounds()
            s.segment(number).pointee = segment
        }
        if isProtected {
            s.pointee.cr0 |= Core.CR0.protection | Core.CR0.alignmentMask | Core.CR0.numericError
            s.pointee.cpl = 3
            // A TSS without an I/O map: no port is allowed.
            s.segment(SegmentNumber.tr).pointee.limit = 0
        }
        if let directory {
            s.pointee.cr3 = directory
            s.pointee.cr0 |= Core.CR0.paging
        }
        cpu.core.flushTLB()
        cpu.core.updateMode()
        _ = takeCaught()
    }

    /// Sets CR0.AM: EFLAGS.AC counts at level 3.
    package func allowAlignmentChecks() {
        cpu.s.pointee.cr0 |= Core.CR0.alignmentMask
        cpu.core.updateMode()
    }

    /// EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, EIP, EFLAGS, ES, CS, SS, DS, FS, GS.
    package var registerFile: SIMD16<UInt32> {
        let core = cpu.core
        var values = SIMD16<UInt32>()
        for i in 0..<8 { values[i] = core.register(i) }
        values[8] = cpu.s.pointee.eip
        values[9] = core.eflags
        for i in 0..<6 { values[10 + i] = UInt32(cpu.s.segment(i).pointee.selector) }
        return values
    }

    /// Sets the general registers, EIP and EFLAGS.
    package func load(_ values: SIMD16<UInt32>) {
        for i in 0..<8 { cpu.core.setRegister(i, values[i]) }
        cpu.s.pointee.eip = values[8]
        cpu.core.setEFLAGS(values[9])
    }

    /// The linear address of the last page fault.
    package var faultAddress: UInt32 { cpu.s.pointee.cr2 }

    // SAFETY: who takes it stays within `memorySize` bytes.
    /// RAM from address 0.
    package var memory: UnsafeMutableRawPointer { bus.memory.start }

    /// Tells that the page at `physical` was written through `memory`.
    package func pageWritten(_ physical: UInt32) { cpu.codeWritten(physical: physical, count: PhysicalMemory.pageSize) }

    /// Instructions and REP elements so far.
    package var time: UInt64 { scheduler.now }

    /// Runs so many instructions and REP elements in one piece, or up to an exception that was caught.
    package func run(for slots: UInt64) {
        let end = scheduler.now &+ slots
        while scheduler.now < end, cpu.s.pointee.caught == nil, !cpu.isHalted { cpu.run(until: end) }
    }

    /// What the decoder says of an instruction.
    package struct CodeForm: Sendable {
        /// Two-byte opcodes have bit 8 set.
        package let opcode: UInt16
        package let modRM: UInt8
        package let length: Int
        package let operand32: Bool
        package let address32: Bool
        package let lock: Bool
        package let repeatPrefix: UInt8
        package let immediate: UInt32
        package let segment: UInt8
        /// An operand size prefix.
        package let hasOperandPrefix: Bool
        /// The offset of a memory operand in its segment, and its linear address.
        package let operandOffset: UInt32
        package let operandAddress: UInt32
        package var reg: Int { Int(modRM >> 3) & 7 }
        package var isRegisterForm: Bool { modRM >= 0xC0 }
    }

    /// The instruction at CS:EIP, nil where fetching or decoding it raises something.
    package func nextInstruction() -> CodeForm? {
        let isCode32 = cpu.s.pointee.codeKey & TraceKey.code32 != 0
        let source = CheckedSource(cpu.core, eip: cpu.s.pointee.eip)
        var decoder = Decoder(
            source, model: cpu.s.pointee.model, code32: isCode32)
        guard let i = try? decoder.decode() else { return nil }
        let base = cpu.s.segment(Int(i.segment)).pointee.base
        return CodeForm(
            opcode: i.opcode, modRM: i.modRM, length: Int(i.length), operand32: i.operand32, address32: i.address32,
            lock: i.lock, repeatPrefix: i.repeatPrefix, immediate: i.immediate, segment: i.segment,
            hasOperandPrefix: i.operand32 != isCode32, operandOffset: cpu.core.offset(i),
            operandAddress: base &+ cpu.core.offset(i))
    }
}
