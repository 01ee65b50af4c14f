import PCCore

/// The x87's registers as FNSAVE stores them in 32-bit protected mode [SDM 1 Figure 8-9]: what the protocol carries.
extension FloatRegisters {
    static let imageSize = 108

    var image: [UInt8] {
        var writer = ByteWriter()
        for word in [control, status, tags] { writer.write(UInt32(word) | 0xFFFF_0000) }
        writer.write(instructionPointer)
        writer.write(UInt32(instructionSelector) | UInt32(opcode) << 16)
        writer.write(dataPointer)
        writer.write(UInt32(dataSelector) | 0xFFFF_0000)
        for value in stack.prefix(8) {
            writer.write(value.significand)
            writer.write(value.signExponent)
        }
        return writer.bytes
    }

    init(image: ArraySlice<UInt8>) {
        self.init()
        func number<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type) -> T {
            (0..<T.bitWidth / 8).reduce(0) { sum, i in
                let at = image.startIndex + offset + i
                return sum | (at < image.endIndex ? T(truncatingIfNeeded: image[at]) << T(i * 8) : 0)
            }
        }
        control = number(0, UInt16.self)
        status = number(4, UInt16.self)
        tags = number(8, UInt16.self)
        instructionPointer = number(12, UInt32.self)
        instructionSelector = number(16, UInt16.self)
        opcode = number(18, UInt16.self)
        dataPointer = number(20, UInt32.self)
        dataSelector = number(24, UInt16.self)
        for i in 0..<8 {
            stack[i] = Value(
                signExponent: number(28 + i * 10 + 8, UInt16.self), significand: number(28 + i * 10, UInt64.self))
        }
    }

    var text: String {
        "cw=\(hex(UInt32(control))) sw=\(hex(UInt32(status))) tw=\(hex(UInt32(tags))) "
            + stack.map(\.text).joined(separator: " ")
    }

    static let exceptions: UInt16 = 0x3F
    /// An exception waits for the next instruction that looks.
    var isPending: Bool { status & ~control & Self.exceptions != 0 }
}
