/// I/O ports.
extension Core {
    func readPort(_ port: UInt16, _ width: AccessWidth) -> UInt32 {
        if s.pointee.singly { noteIOAccess(port: port, size: UInt32(width.rawValue)) }
        publishTime()
        let value = s.pointee.bus._withUnsafeGuaranteedRef { $0.readPort(port, width) }
        if s.pointee.watchesPorts { noteWatchedPort(port, width, isWrite: false, value) }
        noteAttention()
        return value
    }

    func writePort(_ port: UInt16, _ value: UInt32, _ width: AccessWidth) {
        if s.pointee.singly { noteIOAccess(port: port, size: UInt32(width.rawValue)) }
        if s.pointee.watchesPorts { noteWatchedPort(port, width, isWrite: true, value) }
        publishTime()
        s.pointee.bus._withUnsafeGuaranteedRef { $0.writePort(port, value, width) }
        noteAttention()
    }

    /// IN with the port in an immediate or DX.
    func input(_ i: Instruction, _ port: UInt16) throws(Fault) {
        let width: AccessWidth = i.opcode & 1 == 0 ? .byte : i.operand32 ? .dword : .word
        try checkPort(port, size: UInt32(width.rawValue))
        let value = readPort(port, width)
        switch width {
        case .byte: s.store(UInt8(truncatingIfNeeded: value), 0)
        case .word: s.store(UInt16(truncatingIfNeeded: value), 0)
        case .dword: eax = value
        }
    }

    func output(_ i: Instruction, _ port: UInt16) throws(Fault) {
        let width: AccessWidth = i.opcode & 1 == 0 ? .byte : i.operand32 ? .dword : .word
        try checkPort(port, size: UInt32(width.rawValue))
        writePort(port, eax, width)
    }
}
