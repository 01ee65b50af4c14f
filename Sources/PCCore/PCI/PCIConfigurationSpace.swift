/// The 256 bytes of configuration registers of one PCI function, and which of their bits a guest can change. [PCI 6.1]
public struct PCIConfigurationSpace: Stateful, Sendable {
    public static let size = 256

    /// Offsets of the registers that every function has. [PCI 6.2]
    public enum Register {
        static let command = 0x04
        static let status = 0x06
        static let baseAddress = 0x10
        static let expansionROM = 0x30
        static let interruptLine = 0x3C
        static let interruptPin = 0x3D
    }

    /// Bits of the command register.
    public enum Command {
        static let ports: UInt8 = 0x01
        static let memory: UInt8 = 0x02
        static let busMaster: UInt8 = 0x04
    }

    private var bytes = [UInt8](repeating: 0, count: size)
    /// Bits that take what is written.
    private var writable = [UInt8](repeating: 0, count: size)
    /// Bits that a written 1 clears.
    private var clearable = [UInt8](repeating: 0, count: size)

    /// - Parameters:
    ///   - classCode: base class, subclass and programming interface, from the high byte on.
    ///   - isMultifunction: bit 7 of the header type, on function 0 of a device that has more.
    public init(vendor: UInt16, device: UInt16, revision: UInt8, classCode: UInt32, isMultifunction: Bool = false) {
        set(0x00, UInt32(device) << 16 | UInt32(vendor), .dword)
        set(0x08, classCode << 8 | UInt32(revision), .dword)
        self[0x0E] = isMultifunction ? 0x80 : 0
        allow(Register.interruptLine, 0xFF)
    }

    /// One byte, as the function itself sees and sets it.
    public subscript(_ register: Int) -> UInt8 {
        get { bytes[register & 0xFF] }
        set { bytes[register & 0xFF] = newValue }
    }

    /// Lets the guest write the bits `mask` of the byte at `register`.
    public mutating func allow(_ register: Int, _ mask: UInt8) { writable[register & 0xFF] = mask }

    /// Lets the guest write all of the bytes `registers`.
    public mutating func allow(_ registers: ClosedRange<Int>) {
        for register in registers { allow(register, 0xFF) }
    }

    /// Lets the guest clear the bits `mask` of the byte at `register` by writing ones.
    public mutating func allowClearing(_ register: Int, _ mask: UInt8) { clearable[register & 0xFF] = mask }

    /// A value of `width` from `register` on.
    public func get(_ register: Int, _ width: AccessWidth) -> UInt32 {
        (0..<width.rawValue).reduce(0) { $0 | UInt32(self[register + $1]) << UInt32($1 * 8) }
    }

    /// Sets a value of `width`, whatever the guest may write.
    public mutating func set(_ register: Int, _ value: UInt32, _ width: AccessWidth) {
        for i in 0..<width.rawValue { self[register + i] = UInt8(truncatingIfNeeded: value >> UInt32(i * 8)) }
    }

    /// What a configuration write of the guest does.
    public mutating func write(_ register: Int, _ value: UInt32, _ width: AccessWidth) {
        for i in 0..<width.rawValue {
            let index = (register + i) & 0xFF
            let value = UInt8(truncatingIfNeeded: value >> UInt32(i * 8))
            bytes[index] = (bytes[index] & ~writable[index] | value & writable[index]) & ~(value & clearable[index])
        }
    }

    public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visitBuffer(&bytes, length: Self.size)
    }
}
