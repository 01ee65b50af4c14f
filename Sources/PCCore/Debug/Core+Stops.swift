/// Where the CPU meets a debugger's stops. Nothing here changes anything for the guest.
///
/// A watched page has no tags in the TLBs, as one with decoded code has no write tags: hot handlers miss, go the plain
/// way, and that ends in `readSlow` or `writeSlow`, which look. So everything else runs at full speed.
extension Core {
    private var detector: StopDetector { s.pointee.detector._withUnsafeGuaranteedRef { $0 } }

    /// Keeps what is met first, and ends the trace after this instruction.
    private func meet(_ cause: StopHit.Cause, at eip: UInt32, time: GuestTime) {
        let cs = s.segment(SegmentNumber.cs).pointee
        // As `CPU.codeAddress`.
        let offset = s.pointee.model <= .i80186 ? eip & 0xFFFF : eip
        let lines = s.pointee.model <= .i80286 ? s.pointee.bus._withUnsafeGuaranteedRef { $0.addressLines } : .max
        detector.pending = StopHit(
            cause: cause, selector: cs.selector, offset: offset, linear: (cs.base &+ offset) & lines, instruction: 0,
            time: time)
        look()
    }

    /// The instruction in progress, or the next one.
    private var currentEIP: UInt32 { detector.isBetween ? s.pointee.eip : s.pointee.instructionEIP }

    // MARK: Memory

    /// What the fast paths must not do with the page of `info`. A page that is watched for reads has no write tag
    /// either: an operation on memory looks at that one alone.
    @inline(never)
    func deniedAccess(_ info: TLBInfo) -> AccessKinds {
        if s.pointee.watchesData || s.pointee.checksAlignment { return [.read, .write] }
        let kinds = detector.watched(
            linearPage: info.tag & 0xFFFF_F000, physicalPage: info.physical & 0xFFFF_F000)
        return kinds.contains(.read) ? [.read, .write] : kinds
    }

    /// Looks at an access of `size` bytes whose last bytes lie in the physical page `second` if they are on another page
    /// than the first. Before a write `value` is not there yet.
    @inline(never)
    func noteWatched(
        _ linear: UInt32, _ physical: UInt32, _ second: UInt32, size: UInt32, isWrite: Bool, _ value: UInt64
    ) {
        guard size <= 4 else {
            noteWatched(linear, physical, second, size: 4, isWrite: isWrite, value & 0xFFFF_FFFF)
            let upper = place(4, linear, physical, second)
            return noteWatched(linear &+ 4, upper, second, size: size - 4, isWrite: isWrite, value >> 32)
        }
        guard detector.pending == nil,
            let watch = detector.watch(isWrite ? .write : .read, linear: linear, physical, second, size: size)
        else { return }
        let new = UInt32(truncatingIfNeeded: value)
        let old = isWrite ? (0..<size).reduce(0) { $0 | peek(place($1, linear, physical, second)) << ($1 * 8) } : new
        meet(
            .memory(
                address: linear, physical: physical, width: Int(size), isWrite: isWrite, old: old, new: new,
                watch: watch), at: currentEIP, time: now)
    }

    /// The physical address of byte `i` of an access.
    private func place(_ i: UInt32, _ linear: UInt32, _ physical: UInt32, _ second: UInt32) -> UInt32 {
        let address = linear &+ i
        return (address ^ linear) & 0xFFFF_F000 == 0 ? physical &+ i : second | (address & 0xFFF)
    }

    private func peek(_ physical: UInt32) -> UInt32 {
        s.pointee.memory._withUnsafeGuaranteedRef { UInt32($0.peek(physical) ?? 0) }
    }

    /// Looks at the write of an entry of the page tables, before it is done.
    @inline(never)
    func noteTableWrite(_ physical: UInt32, _ new: UInt32) {
        guard detector.pending == nil, let (watch, linear) = watchBehind(physical, 4) else { return }
        let old = (0..<4 as Range<UInt32>).reduce(0) { $0 | peek(physical &+ $1) << ($1 * 8) }
        meet(
            .memory(
                address: linear, physical: physical, width: 4, isWrite: true, old: old, new: new, watch: watch),
            at: currentEIP, time: now)
    }

    /// Looks at `count` bytes, within one page, that a device has written.
    func noteDMA(_ physical: UInt32, _ count: Int) {
        guard detector.isRunning, detector.pending == nil,
            let (watch, _) = watchBehind(physical, UInt32(truncatingIfNeeded: count))
        else { return }
        let isBetween = detector.isBetween
        let time = isBetween ? s.pointee.scheduler._withUnsafeGuaranteedRef { $0.now } : now
        meet(.dma(physical: physical, watch: watch), at: currentEIP, time: time)
    }

    /// The first watch on writes that covers one of `size` bytes at `physical`, and a linear address of them: the watch's
    /// where it watches linear ones, else the physical one. Of a linear watch no more than its first 256 pages count.
    private func watchBehind(_ physical: UInt32, _ size: UInt32) -> (Int, UInt32)? {
        for (number, watch) in detector.stops.memory.enumerated() where watch.kinds.contains(.write) {
            if watch.isPhysical {
                if watch.touches(physical, size) { return (number, physical) }
                continue
            }
            var page = watch.first & 0xFFFF_F000
            for _ in 0..<256 where watch.touches(page, 0x1000) {
                if let frame = quietTranslation(page), (frame ^ physical) & 0xFFFF_F000 == 0,
                    watch.touches(page | (physical & 0xFFF), size)
                {
                    return (number, page | (physical & 0xFFF))
                }
                page &+= 0x1000
            }
        }
        return nil
    }

    /// Where the page tables lead, which stay as they are; nil where nothing is present.
    private func quietTranslation(_ linear: UInt32) -> UInt32? {
        let mask = s.pointee.bus._withUnsafeGuaranteedRef { $0.addressMask }
        guard s.pointee.cr0 & CR0.paging != 0 else { return linear & mask }
        func entry(_ address: UInt32) -> UInt32 {
            (0..<4 as Range<UInt32>).reduce(0) { $0 | peek((address & mask) &+ $1) << ($1 * 8) }
        }
        let directory = entry((s.pointee.cr3 & 0xFFFF_F000) | ((linear >> 20) & 0xFFC))
        guard directory & 1 != 0 else { return nil }
        if directory & 0x80 != 0, s.pointee.cr4 & CR4.pageSizeExtension != 0 {
            return ((directory & 0xFFC0_0000) | (linear & 0x003F_FFFF)) & mask
        }
        let table = entry((directory & 0xFFFF_F000) | ((linear >> 10) & 0xFFC))
        return table & 1 == 0 ? nil : ((table & 0xFFFF_F000) | (linear & 0xFFF)) & mask
    }

    /// Whether code at `linear` can be had without a walk of the page tables, which may write to them.
    func knowsCode(_ linear: UInt32) -> Bool {
        s.pointee.codeTLB[Int((linear >> 12) & UInt32(TLBSize.code - 1))].tag
            == (linear & 0xFFFF_F000) | s.pointee.generation
    }

    /// Bytes that decoded code at `physical` may have before a breakpoint, or what could be one.
    func roomToBreakpoint(_ physical: UInt32) -> UInt32 {
        s.pointee.hasStops ? detector.room(from: physical & 0xFFF) : .max
    }

    // MARK: Ports and interrupts

    @inline(never)
    func noteWatchedPort(_ port: UInt16, _ width: AccessWidth, isWrite: Bool, _ value: UInt32) {
        guard detector.pending == nil else { return }
        let last = UInt32(port) + UInt32(width.rawValue) - 1
        let kind: AccessKinds = isWrite ? .write : .read
        let watch = detector.stops.ports.firstIndex {
            $0.kinds.contains(kind) && $0.ports.upperBound >= port && UInt32($0.ports.lowerBound) <= last
        }
        guard let watch else { return }
        meet(
            .port(port, width: width.rawValue, isWrite: isWrite, value: value & width.ones, watch: watch),
            at: currentEIP, time: now)
    }

    /// Whether a stop waits for the delivery of `vector`.
    func watchesInterrupt(_ vector: UInt8) -> Bool {
        s.pointee.hasStops && detector.stops.interrupts.contains(vector)
    }

    /// Something pulls the CPU's reset line, or it has shut itself down; it is what it was, for now.
    @inline(never)
    func noteReset(_ cause: StopHit.ResetCause) {
        guard s.pointee.hasStops, detector.stops.resets, detector.pending == nil else { return }
        let isBetween = detector.isBetween
        let time = isBetween ? s.pointee.scheduler._withUnsafeGuaranteedRef { $0.now } : now
        meet(.reset(cause), at: currentEIP, time: time)
    }

    /// CS:EIP is at the handler of `vector`. The run loop sets the time when the instruction is counted.
    @inline(never)
    func noteInterrupt(_ vector: UInt8) {
        guard detector.pending == nil, watchesInterrupt(vector) else { return }
        meet(.interrupt(vector), at: s.pointee.eip, time: now)
    }
}
