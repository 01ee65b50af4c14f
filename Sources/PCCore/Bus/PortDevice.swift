/// The width of one bus access.
public enum AccessWidth: Int, Sendable {
    case byte = 1
    case word = 2
    case dword = 4

    /// The width of an operand; a bus takes eight bytes in two accesses.
    @inline(__always) init<W: FixedWidthInteger>(_: W.Type) {
        self = W.bitWidth == 8 ? .byte : W.bitWidth == 16 ? .word : .dword
    }

    /// All ones in this width: what an unmapped port or address reads as.
    @inlinable public var ones: UInt32 {
        switch self {
        case .byte: 0xFF
        case .word: 0xFFFF
        case .dword: 0xFFFF_FFFF
        }
    }
}

/// A chip that answers at I/O ports.
///
/// `offset` counts from the start of the device's own register file; the board decides at which port that stands.
/// A device is never asked for a width above the one that it was attached with: the bus splits wider accesses.
public protocol PortDevice: AnyObject {
    /// The value that the guest reads, in the low bits.
    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32
    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth)
}

/// A device that answers in physical memory, such as the video memory window. `offset` counts from its first byte.
public protocol MemoryMappedDevice: AnyObject {
    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32
    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth)
}
