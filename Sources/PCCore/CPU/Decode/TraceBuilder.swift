/// Decodes a trace: consecutive instructions of one page, lowered to records.
struct TraceBuilder {
    let core: Core
    let handlers: UnsafePointer<Handler>
    let forms: UnsafePointer<UInt8>
    let nowhere: UnsafeMutableRawPointer
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
    /// Behind the last record stand bytes of the next page.
    var hasTail = false

    private init(_ core: Core, _ cache: TraceCache, _ trace: TracePointer, key: UInt32, physical: UInt32) {
        self.core = core
        handlers = cache.handlers
        forms = cache.forms
        nowhere = UnsafeMutableRawPointer(cache.nowhere)
        self.trace = trace
        self.key = key
        self.physical = physical
        record = trace.records
    }

    /// The trace at `physical`, which CS:`eip` leads to; nil where none can stand: no RAM or ROM, or not one whole
    /// instruction on the page and within the limit of CS.
    static func build(_ core: Core, _ cache: TraceCache, physical: UInt32, eip: UInt32) -> TracePointer? {
        let s = core.s
        guard let start = core.physicalCode(physical) else { return nil }
        // Before a debugger's breakpoint the trace ends.
        let free = core.roomToBreakpoint(physical)
        guard free > 0 else { return nil }
        var builder = TraceBuilder(core, cache, cache.allocate(), key: s.pointee.codeKey, physical: physical)
        let room = min(UInt64(0x1000 - (physical & 0xFFF)), UInt64(s.pointee.codeLimit) + 1 - UInt64(eip))
        builder.decode(start, room: min(UInt32(truncatingIfNeeded: room), free), limit: cache.limit)
        // The first instruction may cross the end of the page.
        guard builder.index > 0 || builder.crossPage(start, room: 0x1000 - Int(physical & 0xFFF), eip: eip) else {
            return nil
        }
        // Calls look here for their return address, and a trace that runs on goes on from here.
        builder.emit(HandlerGroup.plain + 1)
        builder.trace.pointee = Trace(
            next: nil, physical: physical, key: builder.key, count: Int32(builder.index), length: builder.offset,
            home: physical, room: 0)
        return cache.insert(builder.trace, records: builder.record - builder.trace.records + (builder.hasTail ? 1 : 0))
    }

    private mutating func decode(_ start: UnsafePointer<UInt8>, room: UInt32, limit: Int) {
        // SAFETY: `room` ends with the page.
        let end = start + Int(room)
        while !isEnded && Int(index) < limit {
            // What cannot be decoded is left to the plain way, which raises what there is to raise.
            let length = decodeOne(start + Int(offset), end)
            guard length > 0 else { return }
            offset &+= length
            index &+= 1
        }
    }

    /// Decodes and lowers the instruction at `start`, which ends before `end`; gives its length, 0 where there is none.
    private mutating func decodeOne(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt32 {
        guard let instruction = decode(UnsafeRawBufferPointer(start: start, count: end - start)) else { return 0 }
        lower(instruction)
        return UInt32(instruction.length)
    }

    /// The instruction that begins `bytes`; nil where none is there as a whole.
    @inline(__always)
    func decode(_ bytes: UnsafeRawBufferPointer) -> Instruction? {
        var decoder = Decoder(
            PageSource(), model: core.s.pointee.model, code32: key & TraceKey.code32 != 0, forms: forms, bytes: bytes)
        do {
            return try decoder.decode()
        } catch {
            return nil
        }
    }

    /// Writes a record with the handler of this number.
    @inline(__always)
    mutating func emit(_ handler: Int, _ change: (inout Record) -> Void = { _ in }) {
        // SAFETY: handler numbers are those of the table; `allocate` made room for the longest trace.
        record.initialize(
            to: Record(
                handler: handlers[handler], offset: UInt16(truncatingIfNeeded: offset), index: index))
        change(&record.pointee)
        record += 1
        previous = handler
    }

    /// Writes a record with a memory operand.
    @inline(__always)
    mutating func emitMemory(_ handler: Int, _ i: Instruction, _ change: (inout Record) -> Void) {
        emit(handler) {
            $0.base = i.base
            $0.indexRegister = i.index
            $0.scaleAndSegment = i.scale | i.segment << 4
            $0.displacement = i.displacement
            change(&$0)
        }
    }

    /// Lets the record before the one just written, a comparison, do the branch as well.
    mutating func fuse(_ comparison: Int, _ condition: Int) {
        guard let handler = HandlerTable.fusedHandler(comparison, condition, codeForm) else { return }
        record[-2].handler = handlers[handler]
        record[-2].scaleAndSegment |= Record.fused
    }

    /// Writes an instruction that runs in its plain form: a record, and the instruction in the place of the next.
    mutating func emitPlain(_ i: Instruction) {
        let own = i.lock ? nil : HandlerTable.plainHandler(i)
        emit(own.map { HandlerTable.firstPlain + $0 } ?? HandlerGroup.plain) { $0.scaleAndSegment = Record.plain }
        // SAFETY: `allocate` made room for the longest trace.
        UnsafeMutableRawPointer(record).assumingMemoryBound(to: Instruction.self).initialize(to: i)
        record += Instruction.records
        previous = -1
    }

    // MARK: Patches

    /// Decodes those instructions of `trace` anew whose bytes `from..<to`, from its start, were written, and writes their
    /// records where they stand. False where the trace must be decoded anew: an instruction has another length, or other
    /// records.
    static func patch(_ core: Core, _ cache: TraceCache, _ trace: TracePointer, _ from: Int, _ to: Int) -> Bool {
        guard let start = core.physicalCode(trace.pointee.physical) else { return false }
        let end = min(to, Int(trace.pointee.length))
        var record = trace.records
        var followsFused = false
        repeat {
            let next = record + (record.pointee.isPlain ? 1 + Instruction.records : 1)
            if Int(next.pointee.offset) > from {
                guard patch(core, cache, trace, start, record, next, followsFused) else { return false }
            }
            followsFused = record.pointee.isFused
            record = next
        } while Int(record.pointee.offset) < end
        return true
    }

    /// Decodes the instruction of `record` anew; `next` is the record of the one behind it.
    private static func patch(
        _ core: Core, _ cache: TraceCache, _ trace: TracePointer, _ start: UnsafePointer<UInt8>,
        _ record: RecordPointer, _ next: RecordPointer, _ followsFused: Bool
    ) -> Bool {
        var builder = TraceBuilder(
            core, cache, cache.scratch, key: trace.pointee.key, physical: trace.pointee.physical)
        builder.offset = UInt32(record.pointee.offset)
        builder.index = record.pointee.index
        let end = UInt32(next.pointee.offset)
        // SAFETY: the trace's bytes lie on one page.
        let length = builder.decodeOne(start + Int(builder.offset), start + Int(end))
        let new = builder.trace.records
        let count = builder.record - new
        guard length > 0, builder.offset &+ length == end, count == next - record else { return false }
        if record.pointee.isFused {
            // The record does the next one's branch as well, and may have to go on doing it.
            builder.offset = end
            builder.index &+= 1
            let rest = Int(trace.pointee.length - end)
            guard builder.decodeOne(start + Int(end), start + Int(end) + rest) > 0 else { return false }
        }
        // The record before does what this one does: it must stay the same thing.
        if followsFused, handlerBits(new) != handlerBits(record) { return false }
        record.update(from: new, count: count)
        return true
    }

    /// SAFETY: the handler, a code address, stands first in a record.
    private static func handlerBits(_ record: RecordPointer) -> UInt { UnsafeRawPointer(record).load(as: UInt.self) }

    // MARK: Operands

    /// 0, 1, 2 for 8, 16 and 32 bits.
    func width(_ i: Instruction) -> Int { i.opcode & 1 == 0 ? 0 : i.operand32 ? 2 : 1 }

    func register(_ number: UInt8, _ width: Int) -> UInt8 {
        width == 0 && number >= 4 ? (number & 3) * 4 + 1 : number * 4
    }

    /// The address form of a memory operand: flat with base, flat with index, segmented 32-bit, segmented 16-bit.
    func addressForm(_ i: Instruction) -> Int {
        if !i.address32 { return 3 }
        // ES, SS and DS are flat, FS and GS may be something else.
        guard key & TraceKey.flatData != 0, i.segment < 4, i.segment != SegmentNumber.cs else { return 2 }
        return i.index == Record.none ? 0 : 1
    }

    /// Flat, 16-bit, or 32-bit.
    var stackForm: Int { key & TraceKey.stack32 == 0 ? 1 : key & TraceKey.flatData != 0 ? 0 : 2 }
    var codeForm: Int { key & TraceKey.flatCode != 0 && key & TraceKey.code32 != 0 ? 0 : 1 }
}
