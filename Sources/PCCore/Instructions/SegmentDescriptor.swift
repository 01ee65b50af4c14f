/// A segment as its descriptor says it, in the terms of the manual [SDM 3A 3.4.5].
public struct SegmentDescriptor: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case code(readable: Bool = true, conforming: Bool = false)
        case data(writable: Bool = true, expandDown: Bool = false)
        /// LDT, TSS: the type field of a system descriptor.
        case system(type: UInt8)
    }

    public var base: UInt32
    /// The highest offset, in bytes. Above FFFFFh it counts in pages, so that its low 12 bits are taken as ones.
    public var limit: UInt32
    public var kind: Kind
    /// DPL.
    public var privilege: UInt8
    /// D/B: 32-bit code, or a stack addressed by ESP.
    public var is32Bit: Bool
    public var isPresent: Bool

    public init(
        _ kind: Kind, base: UInt32 = 0, limit: UInt32 = .max, privilege: UInt8 = 0, is32Bit: Bool = true,
        isPresent: Bool = true
    ) {
        self.kind = kind
        self.base = base
        self.limit = limit
        self.privilege = privilege
        self.is32Bit = is32Bit
        self.isPresent = isPresent
    }

    /// P, DPL, S and type. The accessed bit of code and data is set, so that a load does not write the table.
    var access: UInt8 {
        let type: UInt8 =
            switch kind {
            case .code(let readable, let conforming): 0x19 | (readable ? 2 : 0) | (conforming ? 4 : 0)
            case .data(let writable, let expandDown): 0x11 | (writable ? 2 : 0) | (expandDown ? 4 : 0)
            case .system(let type): type & 15
            }
        return type | (privilege & 3) << 5 | (isPresent ? Segment.Access.present : 0)
    }

    /// The eight bytes as they stand in a table.
    public var bytes: UInt64 {
        let isGranular = limit > 0xF_FFFF
        let field = isGranular ? limit >> 12 : limit
        let flags = (isGranular ? Segment.granular : 0) | (is32Bit ? Segment.big : 0)
        let low = (field & 0xFFFF) | base << 16
        let high =
            (base >> 16) & 0xFF | UInt32(access) << 8 | (field & 0xF_0000) | UInt32(flags) << 16 | base & 0xFF00_0000
        return UInt64(high) << 32 | UInt64(low)
    }
}

/// A gate of the IDT, the GDT or an LDT [SDM 3A 5.8.3, 6.11].
public struct GateDescriptor: Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        case call16 = 4
        case task = 5
        case interrupt16 = 6
        case trap16 = 7
        case call32 = 12
        case interrupt32 = 14
        case trap32 = 15
    }

    public var kind: Kind
    public var selector: UInt16
    public var offset: UInt32
    /// DPL: the level that INT n, CALL or JMP must have at least.
    public var privilege: UInt8
    /// Words or dwords that a call gate copies.
    public var parameters: UInt8
    public var isPresent: Bool

    public init(
        _ kind: Kind, selector: UInt16, offset: UInt32 = 0, privilege: UInt8 = 0, parameters: UInt8 = 0,
        isPresent: Bool = true
    ) {
        self.kind = kind
        self.selector = selector
        self.offset = offset
        self.privilege = privilege
        self.parameters = parameters
        self.isPresent = isPresent
    }

    /// The eight bytes as they stand in a table.
    public var bytes: UInt64 {
        let access = kind.rawValue | (privilege & 3) << 5 | (isPresent ? Segment.Access.present : 0)
        let low = UInt32(selector) << 16 | offset & 0xFFFF
        let high = offset & 0xFFFF_0000 | UInt32(access) << 8 | UInt32(parameters & 0x1F)
        return UInt64(high) << 32 | UInt64(low)
    }
}

/// A segment register with its hidden part, as the CPU holds it.
public struct SegmentContent: Equatable, Sendable {
    public var selector: UInt16
    public var base: UInt32
    public var limit: UInt32
    /// P, DPL, S and type.
    public var access: UInt8
    /// D/B: 32-bit code, or a stack addressed by ESP.
    public var is32Bit: Bool

    init(_ segment: Segment) {
        selector = segment.selector
        base = segment.base
        limit = segment.limit
        access = segment.access
        is32Bit = segment.isBig
    }
}
