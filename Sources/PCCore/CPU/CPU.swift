/// One x86 CPU over a bus.
public final class CPU {
    let s: StatePointer
    private let traces: TraceCache
    private let tlbs = TLBs()

    public init(model: CPUModel, bus: Bus, scheduler: Scheduler) {
        traces = TraceCache()
        let data = Segment()
        s = .allocate(capacity: 1)
        s.initialize(
            to: CPUState(
                segments: (data, data, data, data, data, data, data, data), tlb: tlbs.supervisorTLB,
                tlbInfo: tlbs.supervisorInfo, codeTLB: tlbs.supervisorCode, tlbs: tlbs,
                traces: .passUnretained(traces), traceTable: traces.table, model: model, bus: .passUnretained(bus),
                memory: .passUnretained(bus.memory), scheduler: .passUnretained(scheduler)))
    }

    deinit {
        s.deallocate()
        tlbs.deallocate()
    }
}
