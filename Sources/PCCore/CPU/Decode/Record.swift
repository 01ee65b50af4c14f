/// What runs one decoded instruction: the CPU's state, its own record, the instructions left at the start of its trace,
/// and the two words of lazy flags.
///
/// A handler ends in a call of the next record's handler. Five arguments fit in registers, nothing follows the call
/// and nothing needs to be destroyed, so the optimiser makes it a jump. `thin` is a bare code address.
typealias Handler =
    @convention(thin) (UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int, UInt64, UInt32) -> Void

/// One decoded instruction, 32 bytes.
struct Record {
    var handler: Handler
    /// Where the instruction goes on when it jumps, or what it was decoded to: see the handler.
    var link: UnsafeMutableRawPointer?
    var immediate: UInt32 = 0
    var displacement: UInt32 = 0
    /// From the trace's start to the instruction, in bytes.
    var offset: UInt16 = 0
    /// Instructions of the trace before this one.
    var index: UInt16 = 0
    /// Register operands by byte offset into CPUState.
    var destination: UInt8 = 0
    var base: UInt8 = Record.none
    var indexRegister: UInt8 = Record.none
    /// Bits 0-1 the scale's exponent, bits 4-6 the segment, the others flags.
    var scaleAndSegment: UInt8 = 0

    /// The byte offset of the register that reads as zero.
    static let none: UInt8 = 32
    /// In `scaleAndSegment`: the instruction writes memory and does not go on with the next record.
    static let control: UInt8 = 0x80
    var isControl: Bool { scaleAndSegment & Self.control != 0 }
    /// In `scaleAndSegment`: the instruction itself stands in the places behind the record.
    static let plain: UInt8 = 4
    var isPlain: Bool { scaleAndSegment & Self.plain != 0 }
    /// In `scaleAndSegment`: the handler does the next record's instruction as well.
    static let fused: UInt8 = 8
    var isFused: Bool { scaleAndSegment & Self.fused != 0 }
}

typealias RecordPointer = UnsafeMutablePointer<Record>

/// What stands before a trace's first record, in the place of a record.
struct Trace {
    /// The next trace of the same physical page.
    var next: UnsafeMutablePointer<Trace>?
    /// Where the code stands in physical memory; `stale` once it was dropped.
    var physical: UInt32
    /// What the decoding depended on, as TraceKey bits.
    var key: UInt32
    /// Instructions in the longest way through the trace.
    var count: Int32
    /// Bytes of code.
    var length: UInt32
    /// What `physical` was at first.
    var home: UInt32
    /// Records that fit in its place.
    var room: UInt16
    /// It was dropped because new code was made in its place.
    var isRewritten = false

    /// No code is there: physical pages with traces are RAM below 4 GB.
    static let stale: UInt32 = 0xFFFF_FFFF
}

typealias TracePointer = UnsafeMutablePointer<Trace>

extension TracePointer {
    /// The first record.
    @inline(__always) var records: RecordPointer {
        // SAFETY: the arena has room for records behind each head.
        (UnsafeMutableRawPointer(self) + 32).assumingMemoryBound(to: Record.self)
    }
}
