/// Decodes a trace: consecutive instructions of one page, lowered to records.
struct TraceBuilder {
    let core: Core
    let cache: TraceCache
    let trace: TracePointer
    let key: UInt32
    let physical: UInt32
    var record: RecordPointer
    /// Bytes and instructions so far.
    var offset: UInt32 = 0
    var index: UInt16 = 0
    /// The handler number of the record before, where a branch may be fused to it.
    var previous = -1
    /// The last instruction always goes elsewhere.
    var isEnded = false

    /// The trace at `physical`, which CS:`eip` leads to; nil where none can stand: no RAM or ROM, or not one whole
    /// instruction on the page and within the limit of CS.
    static func build(_ core: Core, _ cache: TraceCache, physical: UInt32, eip: UInt32) -> TracePointer? {
        let s = core.s
        let memory = s.pointee.memory._withUnsafeGuaranteedRef { $0 }
        guard Int(physical >> 12) < memory.codePageCount, let page = memory.page(physical).host else { return nil }
        let trace = cache.allocate(records: (1 + Instruction.records) * TraceCache.longest + 2)
        var builder = TraceBuilder(
            core: core, cache: cache, trace: trace, key: s.pointee.codeKey, physical: physical, record: trace.records)
        let start = UnsafePointer(page.assumingMemoryBound(to: UInt8.self)) + Int(physical & 0xFFF)
        let room = min(UInt64(0x1000 - (physical & 0xFFF)), UInt64(s.pointee.codeLimit) + 1 - UInt64(eip))
        builder.decode(start, room: UInt32(truncatingIfNeeded: room))
        guard builder.index > 0 else { return nil }
        builder.finish()
        return trace
    }

    private mutating func decode(_ start: UnsafePointer<UInt8>, room: UInt32) {
        let s = core.s
        let code32 = key & TraceKey.code32 != 0
        while !isEnded && index < cache.limit {
            // SAFETY: `room` ends with the page.
            let source = PageSource(pointer: start + Int(offset), end: start + Int(room))
            var decoder = Decoder(source, model: s.pointee.model, code32: code32)
            // What cannot be decoded is left to the plain way, which raises what there is to raise.
            guard let instruction = try? decoder.decode() else { return }
            lower(instruction)
            offset &+= UInt32(instruction.length)
            index &+= 1
        }
    }

    private mutating func finish() {
        // Calls look here for their return address, and a trace that runs on goes on from here.
        emit(HandlerGroup.plain + 1)
        let records = record - trace.records
        trace.pointee = Trace(
            next: nil, physical: physical, key: key, count: Int32(index), length: max(offset, 1))
        cache.insert(trace, records: records)
    }

    /// Writes a record with the handler of this number.
    mutating func emit(_ handler: Int, _ change: (inout Record) -> Void = { _ in }) {
        var new = Record(handler: HandlerTable.shared[handler])
        new.offset = UInt16(truncatingIfNeeded: offset)
        new.index = index
        change(&new)
        record.initialize(to: new)
        record += 1
        previous = handler
    }

    /// Lets the record before the one just written, a comparison, do the branch as well.
    mutating func fuse(_ comparison: Int, _ condition: Int) {
        guard let handler = HandlerTable.fusedHandler(comparison, condition, codeForm) else { return }
        record[-2].handler = HandlerTable.shared[handler]
    }

    /// Writes an instruction that runs in its plain form: a record, and the instruction in the place of the next.
    mutating func emitPlain(_ i: Instruction) {
        let own = i.lock ? nil : HandlerTable.plainHandler(i)
        emit(own.map { HandlerTable.firstPlain + $0 } ?? HandlerGroup.plain)
        UnsafeMutableRawPointer(record).assumingMemoryBound(to: Instruction.self).initialize(to: i)
        record += Instruction.records
        previous = -1
    }

    // MARK: Operands

    /// 0, 1, 2 for 8, 16 and 32 bits.
    func width(_ i: Instruction) -> Int { i.opcode & 1 == 0 ? 0 : i.operand32 ? 2 : 1 }

    func register(_ number: UInt8, _ width: Int) -> UInt8 {
        width == 0 && number >= 4 ? (number & 3) * 4 + 1 : number * 4
    }

    /// The address form of a memory operand: flat with base, flat with index, segmented 32-bit, segmented 16-bit.
    func addressForm(_ i: Instruction) -> Int {
        if !i.address32 { return 3 }
        guard key & TraceKey.flatData != 0, [0, 2, 3].contains(i.segment) else { return 2 }
        return i.index == Record.none ? 0 : 1
    }

    func setAddress(_ record: inout Record, _ i: Instruction) {
        record.base = i.base
        record.indexRegister = i.index
        record.scaleAndSegment = i.scale | i.segment << 4
        record.displacement = i.displacement
    }

    /// Flat, 16-bit, or 32-bit.
    var stackForm: Int { key & TraceKey.stack32 == 0 ? 1 : key & TraceKey.flatData != 0 ? 0 : 2 }
    var codeForm: Int { key & TraceKey.flatCode != 0 && key & TraceKey.code32 != 0 ? 0 : 1 }
}
