/// Memory and registers by the names that tests use. Without paging, linear addresses are physical ones.
extension BareMachine {
    /// Bytes of RAM.
    public var memorySize: Int { bus.memory.size }

    /// A register, part of a register or flag. In protected mode a segment register is loaded with the descriptor of
    /// its selector, without the checks that an instruction makes.
    public subscript(register: Register) -> UInt32 {
        get { cpu[register] }
        set {
            if register.isSegment, cpu.s.pointee.isProtected {
                load(register, selector: UInt16(truncatingIfNeeded: newValue))
            } else {
                cpu[register] = newValue
            }
        }
    }

    /// Puts code at a physical address and lets CS:EIP point there as far as CS reaches.
    ///
    /// In real and virtual-8086 mode CS keeps its value where the address is within its 64 KB, and becomes the
    /// address's paragraph otherwise.
    public func load(_ code: [UInt8], at address: UInt32) {
        write(code, at: address)
        let cs = self[segment: .cs]
        if address >= cs.base, address &- cs.base <= min(cs.limit, cs.is32Bit ? .max : 0xFFFF) {
            cpu[.eip] = address &- cs.base
        } else if !cpu.s.pointee.isProtected {
            cpu[.cs] = address >> 4
            cpu[.eip] = address & 15
        }
    }

    public func write(_ bytes: [UInt8], at address: UInt32) {
        for (i, byte) in bytes.enumerated() { poke(address &+ UInt32(truncatingIfNeeded: i), byte) }
    }

    /// Writes a value in as many bytes as its type has, lowest first.
    public func write<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value, at address: UInt32) {
        for i in 0..<UInt32(Value.bitWidth / 8) { poke(address &+ i, UInt8(truncatingIfNeeded: value >> Value(i * 8))) }
    }

    public func bytes(at address: UInt32, count: Int) -> [UInt8] {
        (0..<max(0, count)).map { peek(address &+ UInt32(truncatingIfNeeded: $0)) }
    }

    /// A value of this type, lowest byte first.
    public func read<Value: FixedWidthInteger & UnsignedInteger>(
        at address: UInt32, as type: Value.Type = Value.self
    ) -> Value {
        (0..<UInt32(Value.bitWidth / 8)).reduce(0) {
            $0 | Value(truncatingIfNeeded: peek(address &+ $1)) << Value($1 * 8)
        }
    }
}
