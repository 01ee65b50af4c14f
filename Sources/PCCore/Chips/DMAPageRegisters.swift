// 74LS612 page registers of a PC/AT, ports 80h-8Fh: address lines 16-23 of the DMA channels. [PC/AT TR Direct memory access]
//
// Eight of the sixteen belong to a channel, the others are scratch; the one at 80h shows the POST code on real boards.

/// The page registers, all of which can be read back. Offset 0 is port 80h.
public final class DMAPageRegisters: PortDevice {
    /// Sixteen bytes.
    public struct State: Stateful, Sendable {
        /// In the chip's place, not in an array's: BIOS and DOS write to port 80h to pass time.
        var registers = SIMD16<UInt8>()

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            for i in registers.indices { visitor.visit(&registers[i]) }
        }
    }

    /// The register of each channel; channel 4's is the refresh page.
    private static let registerOfChannel: [Int] = [0x7, 0x3, 0x1, 0x2, 0xF, 0xB, 0x9, 0xA]

    public private(set) var state = State()
    /// Takes each byte that is written to port 80h.
    public var postCodeWritten: ((UInt8) -> Void)?

    public init() {}

    /// The byte that was written last to port 80h.
    public var postCode: UInt8 { state.registers[0] }

    /// Address lines 16-23 of `channel` (0...7).
    func page(of channel: Int) -> UInt8 { state.registers[Self.registerOfChannel[channel & 7]] }

    /// Takes over a saved state.
    public func restore(_ saved: State) { state = saved }

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        UInt32(state.registers[Int(offset & 0xF)])
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        state.registers[Int(offset & 0xF)] = value
        if offset & 0xF == 0 { postCodeWritten?(value) }
    }
}
