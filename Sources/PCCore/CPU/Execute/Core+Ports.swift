/// I/O ports.
extension Core {
    func readPort(_ port: UInt16, _ size: Int) -> UInt32 {
        if s.pointee.singly { noteIOAccess(port: port, size: UInt32(size)) }
        publishTime()
        let value = s.pointee.bus._withUnsafeGuaranteedRef {
            $0.readPort(port, AccessWidth(rawValue: size) ?? .byte)
        }
        noteAttention()
        return value
    }

    func writePort(_ port: UInt16, _ value: UInt32, _ size: Int) {
        if s.pointee.singly { noteIOAccess(port: port, size: UInt32(size)) }
        publishTime()
        s.pointee.bus._withUnsafeGuaranteedRef {
            $0.writePort(port, value, AccessWidth(rawValue: size) ?? .byte)
        }
        noteAttention()
    }

    /// IN with the port in an immediate or DX.
    func input(_ i: Instruction, _ port: UInt16) throws(Fault) {
        let size = i.opcode & 1 == 0 ? 1 : i.operand32 ? 4 : 2
        try checkPort(port, size: UInt32(size))
        let value = readPort(port, size)
        switch size {
        case 1: s.store(UInt8(truncatingIfNeeded: value), 0)
        case 2: s.store(UInt16(truncatingIfNeeded: value), 0)
        default: eax = value
        }
    }

    func output(_ i: Instruction, _ port: UInt16) throws(Fault) {
        let size = i.opcode & 1 == 0 ? 1 : i.operand32 ? 4 : 2
        try checkPort(port, size: UInt32(size))
        writePort(port, eax, size)
    }
}
