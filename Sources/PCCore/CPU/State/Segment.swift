/// Numbers of the segment registers, as the machine code encodes them; LDTR and TR follow.
enum SegmentNumber {
    static let es = 0
    static let cs = 1
    static let ss = 2
    static let ds = 3
    static let fs = 4
    static let gs = 5
    static let ldtr = 6
    static let tr = 7
}

/// A segment register with its hidden part, the descriptor cache [SDM 3A 3.4.3].
struct Segment: Equatable {
    var base: UInt32 = 0
    /// The highest offset, in bytes; for an expand-down segment the highest offset that is outside.
    var limit: UInt32 = 0xFFFF
    /// A read of `size` bytes at `offset` is within bounds if offset + size <= readTop. 0 sends each read the slow
    /// way: not readable, null, not present or expand-down.
    var readTop: UInt64 = 0x1_0000
    /// The same for writes.
    var writeTop: UInt64 = 0x1_0000
    var selector: UInt16 = 0
    /// The descriptor's access byte: P, DPL, S and type.
    var access: UInt8 = Access.realModeData
    /// The descriptor's flag nibble in bits 4-7: G, D/B, L, AVL.
    var flags: UInt8 = 0

    /// Bits of the access byte [SDM 3A 3.4.5].
    enum Access {
        static let accessed: UInt8 = 1
        static let writable: UInt8 = 2
        static let readable: UInt8 = 2
        static let expandDown: UInt8 = 4
        static let conforming: UInt8 = 4
        static let code: UInt8 = 8
        /// S: a code or data segment, not a system descriptor.
        static let segment: UInt8 = 0x10
        static let present: UInt8 = 0x80
        static let realModeData: UInt8 = 0x93
        static let realModeCode: UInt8 = 0x9B
    }

    static let granular: UInt8 = 0x80
    static let big: UInt8 = 0x40

    /// D/B: 32-bit code, or a stack addressed by ESP.
    var isBig: Bool { flags & Self.big != 0 }
    var isPresent: Bool { access & Access.present != 0 }
    var isCode: Bool { access & (Access.segment | Access.code) == Access.segment | Access.code }
    var dpl: Int { Int(access >> 5) & 3 }

    /// Computes the bounds of the fast paths from limit and access.
    mutating func updateBounds() {
        let usable = access & (Access.present | Access.segment) == Access.present | Access.segment
        let isData = access & Access.code == 0
        let expandsUp = !isData || access & Access.expandDown == 0
        let top = UInt64(limit) + 1
        readTop = usable && expandsUp && (isData || access & Access.readable != 0) ? top : 0
        writeTop = usable && expandsUp && isData && access & Access.writable != 0 ? top : 0
    }

    /// All of the address space with every right: no checks are needed.
    var isFlat: Bool { base == 0 && writeTop == 0x1_0000_0000 }
}
