/// One x86 CPU over a bus: the run loop around the core.
public final class CPU: CodeObserver {
    let s: StatePointer
    let traces: TraceCache
    let tlbs: TLBs
    let bus: Bus
    let scheduler: Scheduler
    private let detour: RecordPointer
    /// A debugger's stops.
    let detector = StopDetector()
    /// Who sees every instruction, and whether there were no traces before; `observe(by:)` sets them.
    var observer: (any InstructionObserver)?
    var wasPlainOnly = false
    /// See `PC.pausesTrace`.
    var pausesTrace = false
    var pausedTrace: InstructionTrace?

    var core: Core { Core(s) }

    /// - Parameter coprocessor: an 8087, 80287 or 80387 beside the CPU, or the x87 in it.
    public init(model: CPUModel, bus: Bus, scheduler: Scheduler, coprocessor: Bool = true) {
        self.bus = bus
        self.scheduler = scheduler
        tlbs = TLBs()
        traces = TraceCache(memory: bus.memory, tlbs: tlbs)
        detour = .allocate(capacity: 2)
        detour.initialize(repeating: Record(handler: { closeCodePage($0, $1, $2, $3, $4) }), count: 2)
        let data = Segment()
        s = .allocate(capacity: 1)
        s.initialize(
            to: CPUState(
                segments: (data, data, data, data, data, data, data, data), tlb: tlbs.supervisorTLB,
                tlbInfo: tlbs.supervisorInfo, codeTLB: tlbs.supervisorCode, tlbs: tlbs,
                traces: .passUnretained(traces), traceTable: traces.table, detour: detour, model: model,
                bus: .passUnretained(bus), memory: .passUnretained(bus.memory), scheduler: .passUnretained(scheduler),
                detector: .passUnretained(detector)))
        s.pointee.fpu.isPresent = coprocessor
        bus.memory.codeObserver = self
        bus.addressMaskChanged = { [unowned self] in core.flushTLB() }
        reset()
    }

    deinit {
        s.deallocate()
        tlbs.deallocate()
        detour.deallocate()
    }

    /// Forgets all decoded code.
    func forgetTraces() { traces.forgetAll() }

    func codeWritten(physical: UInt32, count: Int) {
        if core.dropCode(physical, count: count) { s.pointee.leaveTrace = true }
    }

    // MARK: Running

    /// Whether HLT, or a shutdown, holds the CPU.
    public var isHalted: Bool { s.pointee.halted || s.pointee.shutdown }
    /// Shut down by a triple fault.
    public var isShutDown: Bool { s.pointee.shutdown }
    /// Interrupts are on: a halted CPU can wake.
    public var interruptsEnabled: Bool { s.pointee.systemFlags & Flags.interrupt != 0 }
    /// An NMI waits that the CPU would take.
    var hasNMI: Bool { s.pointee.nmiPending && !s.pointee.nmiBlocked }
    /// A REP instruction stopped between two elements.
    var isRepeating: Bool { s.pointee.isRepeating }
    /// Raises NMI.
    public func raiseNMI() {
        s.pointee.nmiPending = true
        bus.attention = true
    }

    /// Runs from the scheduler's time up to `deadline`, and stops before it where a device wants attention, a deadline
    /// moved closer, or the CPU halts. The scheduler's time is where it stopped.
    public func run(until deadline: GuestTime) {
        let start = scheduler.now
        guard deadline > start else { return }
        s.pointee.sliceEnd = deadline
        s.pointee.remaining = Int(truncatingIfNeeded: min(deadline &- start, 1 << 40))
        s.pointee.sliceEnd = start &+ UInt64(s.pointee.remaining)
        scheduler.deadlineMoved = false
        repeat {
            bus.attention = false
            s.pointee.needsLook = false
            if s.pointee.hasStops {
                guard runToStop() else { break }
                continue
            }
            takeInterrupt()
            s.pointee.isRepeating = false
            if isHalted { break }
            runSlice()
        } while s.pointee.remaining > 0 && !scheduler.deadlineMoved && !isHalted
        // A trace may end at the end of the 64 KB.
        if s.pointee.model <= .i80186 { s.pointee.eip &= 0xFFFF }
        scheduler.now = core.now
        if s.pointee.hasStops { finishStop() }
    }

    /// Takes what waits between two instructions, by priority: debug traps, NMI, INTR [SDM 3A 6.9]. Up to the 186 the
    /// single-step trap comes last, on entry to the handler of the others [8086 FUM Figure 2-28].
    func takeInterrupt() {
        let isShadowed = s.pointee.shadowTime == core.now
        let isStackLoad = isShadowed && s.pointee.shadowIsStackLoad
        let trapsLast = s.pointee.model <= .i80186
        if !trapsLast, s.pointee.pendingDebug != 0, !isStackLoad { takePendingDebug() }
        if s.pointee.nmiPending && !s.pointee.nmiBlocked && !isStackLoad {
            s.pointee.nmiPending = false
            s.pointee.halted = false
            core.deliverNMI()
            observer?.didInterrupt(core, vector: Fault.Vector.nmi)
        }
        if s.pointee.systemFlags & Flags.interrupt != 0, !isShadowed { takeRequest() }
        if trapsLast, s.pointee.pendingDebug != 0, !isStackLoad { takePendingDebug() }
    }

    private func takeRequest() {
        guard bus.interruptRequested, !s.pointee.shutdown, let controller = bus.interruptController else { return }
        core.publishTime()
        s.pointee.halted = false
        let vector = controller.acknowledge()
        core.deliverExternal(vector)
        observer?.didInterrupt(core, vector: vector)
    }

    private func takePendingDebug() {
        core.takePendingDebug()
        observer?.didInterrupt(core, vector: Fault.Vector.debug)
    }

    /// Runs until the budget is used up or something wants a look.
    func runSlice() {
        let core = core
        repeat {
            s.pointee.leaveTrace = false
            if s.pointee.hasStops, meetsBreakpoint(at: core.now) { return }
            if s.pointee.shadowTime == core.now {
                // Interrupts are looked at again after the instruction.
                return stepOne()
            }
            guard !s.pointee.singly, !s.pointee.isPlainOnly, let trace = findTrace(),
                Int(trace.pointee.count) <= s.pointee.remaining
            else {
                stepOne()
                continue
            }
            jump(s, trace.records, s.pointee.remaining, s.pointee.wide, s.pointee.mixed)
            #if PlainLoop
                while let record = s.pointee.resume {
                    record.pointee.handler(s, record, s.pointee.remaining, s.pointee.wide, s.pointee.mixed)
                }
            #endif
        } while s.pointee.remaining > 0 && !s.pointee.needsLook && s.pointee.pendingDebug == 0
    }

    /// The trace at CS:EIP, decoded if it is not known; nil where there is none, or fetching would fault.
    private func findTrace() -> TracePointer? {
        let eip = s.pointee.eip
        guard eip <= s.pointee.codeLimit else { return nil }
        let linear = s.segment(SegmentNumber.cs).pointee.base &+ eip
        // A walk of the page tables that is watched belongs to the instruction.
        if s.pointee.watchesMemory, !core.knowsCode(linear) { return nil }
        guard let physical = try? core.translateCode(linear) else { return nil }
        let trace = core.trace(physical, eip)
        guard let trace, UInt64(eip) + UInt64(trace.pointee.length) - 1 <= UInt64(s.pointee.codeLimit) else {
            return nil
        }
        return trace
    }

    /// One instruction in its plain form, or one stretch of a REP.
    func stepOne() {
        guard let observer else { return executeOne() }
        observer.willExecute(core)
        executeOne()
        if !observer.didExecute(core) { observe(by: nil) }
    }

    private func executeOne() {
        let core = core
        if s.pointee.model <= .i80186 { s.pointee.eip &= 0xFFFF }
        let eip = s.pointee.eip
        let traps = s.pointee.systemFlags & Flags.trap != 0
        s.pointee.instructionEIP = eip
        s.pointee.extraIterations = 0
        s.pointee.isRepeating = false
        if s.pointee.singly {
            let hit = core.instructionBreakpoint()
            if hit != 0 {
                core.raise(.debug(hit, isTrap: false))
                s.pointee.remaining &-= 1
                return
            }
        }
        do {
            try core.checkVirtualInterrupt()
            var decoder = Decoder(
                CheckedSource(core, eip: eip), model: s.pointee.model, code32: s.pointee.codeKey & TraceKey.code32 != 0)
            let instruction = try decoder.decode()
            let hadResume = s.pointee.systemFlags & Flags.resume
            s.pointee.eip = eip &+ UInt32(instruction.length)
            if s.pointee.model <= .i80186 { s.pointee.eip &= 0xFFFF }
            observer?.didFetch(core, length: Int(instruction.length))
            try core.execute(instruction)
            // RF holds for one instruction; IRET and task switches set it anew.
            if hadResume != 0, instruction.opcode != 0xCF, !s.pointee.isRepeating {
                s.pointee.systemFlags &= ~Flags.resume
                core.updateMode()
            }
            // INT n clears TF and is not trapped; POPF and IRET that clear it are [SDM 3B 17.3.1.4]. Up to the 286 the
            // trap comes on entry to the handler, of an exception as well [8086 FUM Figure 2-28, 80286 PRM C-1].
            let isInterrupt = (0xCC...0xCE).contains(instruction.opcode) && s.pointee.model >= .i80386
            // An instruction that stands still, waiting for the coprocessor, is not done.
            let stands = s.pointee.halted && s.pointee.eip == eip
            if traps, !stands, !isInterrupt || s.pointee.systemFlags & Flags.trap != 0 {
                s.pointee.pendingDebug |= 0x4000
            }
        } catch {
            observer?.didRaise(error)
            core.deliver(error)
            if traps, s.pointee.model <= .i80286, !s.pointee.shutdown { s.pointee.pendingDebug |= 0x4000 }
        }
        s.pointee.remaining &-= 1 &+ s.pointee.extraIterations
    }

    /// One whole instruction: a REP with all its elements, unless an interrupt comes between.
    public func step() {
        repeat { run(until: scheduler.now &+ 1) } while s.pointee.isRepeating
    }
}

extension Core {
    /// The trace at `physical` for the current mode, decoded if it is not known.
    func trace(_ physical: UInt32, _ eip: UInt32) -> TracePointer? {
        let key = s.pointee.codeKey
        let known = s.pointee.traceTable[TraceCache.slot(physical, key)]
        if let known, known.pointee.physical == physical, known.pointee.key == key { return known }
        return s.pointee.traces._withUnsafeGuaranteedRef { TraceBuilder.build(self, $0, physical: physical, eip: eip) }
    }

    /// Links the branch `r` to the trace of its target, which CS:`eip` leads to. False where there is none.
    func link(_ r: RecordPointer, _ eip: UInt32) -> Bool {
        let epoch = s.pointee.traces._withUnsafeGuaranteedRef { $0.epoch }
        guard let trace = trace(r.pointee.displacement, eip) else { return false }
        // Where the trace took the place of others, `r` may no longer be there.
        guard s.pointee.traces._withUnsafeGuaranteedRef({ $0.epoch }) == epoch else { return false }
        r.pointee.link = UnsafeMutableRawPointer(trace)
        return true
    }
}
