/// A descriptor of the GDT, an LDT or the IDT as its eight bytes stand in memory [SDM 3A 3.4.5, 5.8.3, 6.11].
struct Descriptor: Equatable {
    var low: UInt32
    var high: UInt32

    init(_ bytes: UInt64) {
        low = UInt32(truncatingIfNeeded: bytes)
        high = UInt32(truncatingIfNeeded: bytes >> 32)
    }

    /// P, DPL, S and type.
    var access: UInt8 { UInt8(truncatingIfNeeded: high >> 8) }
    /// The type field; for a system descriptor one of `SystemType`.
    var type: UInt8 { access & 15 }
    var dpl: UInt8 { (access >> 5) & 3 }
    var isPresent: Bool { access & Segment.Access.present != 0 }
    /// S: code or data, not a system descriptor.
    var isSegment: Bool { access & Segment.Access.segment != 0 }
    var isCode: Bool { access & 0x18 == 0x18 }
    var isConformingCode: Bool { access & 0x1C == 0x1C }
    /// Data of any kind, or code that may be read.
    var isReadable: Bool { isSegment && (access & Segment.Access.code == 0 || access & Segment.Access.readable != 0) }
    var isWritableData: Bool { access & 0x1A == 0x12 }

    var base: UInt32 { (low >> 16) | (high & 0xFF) << 16 | (high & 0xFF00_0000) }
    /// The limit in bytes.
    var limit: UInt32 {
        let field = (low & 0xFFFF) | (high & 0xF_0000)
        return high & 0x80_0000 != 0 ? field << 12 | 0xFFF : field
    }
    /// G, D/B, L and AVL in bits 4-7.
    var flags: UInt8 { UInt8(truncatingIfNeeded: high >> 16) & 0xF0 }
    /// The highest EIP that code of this segment may have.
    var codeLimit: UInt32 { flags & Segment.big != 0 ? limit : min(limit, 0xFFFF) }

    // MARK: Gates

    /// The selector in a gate.
    var gateSelector: UInt16 { UInt16(truncatingIfNeeded: low >> 16) }
    /// Whether a gate is one of the 386: 32-bit offset and pushes.
    var isGate32: Bool { type & 8 != 0 }
    /// The offset in a gate, as wide as the gate is.
    var gateOffset: UInt32 { (low & 0xFFFF) | (isGate32 ? high & 0xFFFF_0000 : 0) }
    /// How many words or dwords a call gate copies.
    var parameterCount: UInt32 { high & 0x1F }
}

/// Types of system descriptors [SDM 3A Table 3-2].
enum SystemType {
    /// Stands for every type that the chip does not know.
    static let reserved: UInt8 = 0
    static let availableTSS16: UInt8 = 1
    static let ldt: UInt8 = 2
    static let busyTSS16: UInt8 = 3
    static let callGate16: UInt8 = 4
    static let taskGate: UInt8 = 5
    static let interruptGate16: UInt8 = 6
    static let trapGate16: UInt8 = 7
    static let availableTSS32: UInt8 = 9
    static let busyTSS32: UInt8 = 11
    static let callGate32: UInt8 = 12
    static let interruptGate32: UInt8 = 14
    static let trapGate32: UInt8 = 15
    /// What tells a busy TSS from an available one.
    static let busy: UInt8 = 2
}

extension Segment {
    /// A segment register that was loaded with `selector`, which chose `descriptor`.
    init(_ selector: UInt16, _ descriptor: Descriptor) {
        base = descriptor.base
        limit = descriptor.limit
        self.selector = selector
        access = descriptor.access | (descriptor.isSegment ? Access.accessed : 0)
        flags = descriptor.flags
        updateBounds()
    }

    /// A segment register that holds a null selector: each access through it faults.
    static func null(_ selector: UInt16 = 0) -> Segment {
        Segment(base: 0, limit: 0, readTop: 0, writeTop: 0, selector: selector, access: 0, flags: 0)
    }

    /// Any segment register of virtual-8086 mode [SDM 3B 20.1.1].
    static func virtual8086(_ selector: UInt16) -> Segment {
        Segment(
            base: UInt32(selector) << 4, limit: 0xFFFF, readTop: 0x1_0000, writeTop: 0x1_0000, selector: selector,
            access: 0xF3, flags: 0)
    }

    /// What is in ESP as an offset into this stack.
    @inline(__always) func stackOffset(_ pointer: UInt32) -> UInt32 { isBig ? pointer : pointer & 0xFFFF }

    /// Whether `size` bytes at `offset` may be written through this segment.
    func allowsWrite(_ offset: UInt32, size: UInt32) -> Bool {
        let end = UInt64(offset) &+ UInt64(size)
        if end <= writeTop { return true }
        // Expand-down, writable data.
        guard access & 0x9E == 0x96 else { return false }
        return offset > limit && end <= (isBig ? 0x1_0000_0000 : 0x1_0000)
    }

    /// Whether `count` pushes of `size` bytes below `pointer` stay within this stack. Each is looked at by itself, for
    /// a 16-bit stack goes round at 0.
    func hasRoom(_ pointer: UInt32, _ count: UInt32, size: UInt32) -> Bool {
        let bytes = count &* size
        let top = stackOffset(pointer)
        if top >= bytes { return allowsWrite(top &- bytes, size: bytes) }
        var k: UInt32 = 1
        while k <= count {
            guard allowsWrite(stackOffset(pointer &- k &* size), size: size) else { return false }
            k &+= 1
        }
        return true
    }
}
