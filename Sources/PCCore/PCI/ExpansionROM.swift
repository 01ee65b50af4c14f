/// What stands behind an expansion ROM's base address register: an image, and ones behind its end.
final class ExpansionROM: MemoryMappedDevice {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        (0..<width.rawValue).reduce(0) {
            let place = Int(offset) + $1
            return $0 | UInt32(place < bytes.count ? bytes[place] : 0xFF) << UInt32($1 * 8)
        }
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {}
}
