import PCCore

/// The kind of code that a case is, and the memory and segments around it.
public enum FuzzMode: UInt8, CaseIterable, Sendable {
    /// Flat 32-bit code at level 3.
    case protected32
    /// 16-bit code at level 3 in 64 KB segments of an LDT.
    case protected16
    /// 16-bit code in real mode; segments as in `protected16`.
    case real16

    var is32Bit: Bool { self == .protected32 }
    var isProtected: Bool { self != .real16 }

    /// The pages that are there. Real mode has no paging: all of memory is there, and the same pages are looked at.
    var pages: [UInt32] {
        switch self {
        case .protected32: [0x10_0000, 0x10_1000, 0x20_0000, 0x20_1000, 0x30_0000, 0x30_1000]
        case .protected16: [0x10000, 0x11000, 0x1F000, 0x20000, 0x21000, 0x2F000, 0x30000, 0x31000, 0x3F000]
        case .real16: (0x10...0x40).map { $0 * 0x1000 }
        }
    }

    /// Bases of ES, CS, SS, DS, FS, GS.
    var bases: [UInt32] {
        is32Bit ? [0, 0, 0, 0, 0, 0] : [0x20010, 0x10000, 0x30000, 0x20000, 0x21000, 0x30010]
    }

    var selectors: [UInt32] {
        switch self {
        case .protected32: [0x2B, 0x23, 0x2B, 0x2B, 0x2B, 0x2B]
        // Entries of the LDT in Tests/Oracles/host.c.
        case .protected16: [0x1F, 0x07, 0x17, 0x0F, 0x27, 0x2F]
        case .real16: bases.map { $0 >> 4 }
        }
    }

    var segments: [BareMachine.SegmentSetting] {
        zip(selectors, bases).map { selector, base in
            BareMachine.SegmentSetting(
                selector: UInt16(selector), base: base, limit: is32Bit ? .max : 0xFFFF, isBig: is32Bit)
        }
    }

    /// Offsets that memory operands favour in the segment of this number: starts and ends of what is there, and the
    /// page boundary between.
    func hotSpots(_ segment: Int) -> [UInt32] {
        guard is32Bit else { return [0x0000, 0x0FE0, 0x0FF8, 0xFFC0, 0xFFE0] }
        switch segment {
        case 1: return [0x10_0800, 0x10_1FE0]
        case 2: return [0x30_0400, 0x30_0FE0, 0x30_1FC0]
        default: return [0x20_0000, 0x20_0800, 0x20_0FE0, 0x20_0FF8, 0x20_1FC0]
        }
    }

    /// Places where code may start.
    var entries: [UInt32] {
        is32Bit ? [0x10_0100, 0x10_0400, 0x10_0FE8, 0x10_1F00] : [0x0100, 0x0400, 0x0FE8, 0x1800, 0xFF80, 0xFFE8]
    }
}
