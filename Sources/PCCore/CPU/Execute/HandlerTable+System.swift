/// The handlers of ports, flags, frames and segment registers, in groups that follow those of the x87; a number within
/// a group follows from the operands. Stacks: flat, 16-bit, 32-bit.
enum SystemGroup {
    /// By width, port in an immediate, then in DX.
    static let input = 0
    static let output = 6
    /// 16 and 32 bits, by stack.
    static let pushFlags = 12
    static let popFlags = 18
    static let leave = 24
    /// A word, by stack.
    static let pushSegment = 30
    /// CLI, STI, PUSHA, POPA, MOV r16, Sreg and MOV m16, Sreg.
    static let single = 33
    /// In real mode: INT, IRET, JMP far direct and by memory, CALL far direct and by memory, RETF.
    static let far = 39
    /// In real mode: POP Sreg, MOV Sreg with a register and with memory, LES and its like.
    static let segment = 46
    static let count = 50
}

extension HandlerTable {
    static func fillSystem(_ start: UnsafeMutablePointer<Handler>) {
        var t = start + SystemGroup.input
        t[0] = { input(UInt8.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { input(UInt16.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[2] = { input(UInt32.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { input(UInt8.self, PortDX.self, $0, $1, $2, $3, $4) }
        t[4] = { input(UInt16.self, PortDX.self, $0, $1, $2, $3, $4) }
        t[5] = { input(UInt32.self, PortDX.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.output
        t[0] = { output(UInt8.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { output(UInt16.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[2] = { output(UInt32.self, PortImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { output(UInt8.self, PortDX.self, $0, $1, $2, $3, $4) }
        t[4] = { output(UInt16.self, PortDX.self, $0, $1, $2, $3, $4) }
        t[5] = { output(UInt32.self, PortDX.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.pushFlags
        t[0] = { pushFlags(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { pushFlags(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { pushFlags(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { pushFlags(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { pushFlags(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { pushFlags(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.popFlags
        t[0] = { popFlags(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { popFlags(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { popFlags(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { popFlags(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { popFlags(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { popFlags(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.leave
        t[0] = { leaveFrame(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { leaveFrame(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { leaveFrame(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { leaveFrame(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { leaveFrame(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { leaveFrame(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.pushSegment
        t[0] = { pushValue(UInt16.self, FlatStack.self, FromSegment.self, $0, $1, $2, $3, $4) }
        t[1] = { pushValue(UInt16.self, Stack16.self, FromSegment.self, $0, $1, $2, $3, $4) }
        t[2] = { pushValue(UInt16.self, Stack32.self, FromSegment.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.single
        t[0] = { clearInterrupts($0, $1, $2, $3, $4) }
        t[1] = { setInterrupts($0, $1, $2, $3, $4) }
        t[2] = { pushAll($0, $1, $2, $3, $4) }
        t[3] = { popAll($0, $1, $2, $3, $4) }
        t[4] = { movRegSegment($0, $1, $2, $3, $4) }
        t[5] = { movMem(UInt16.self, Segmented16.self, FromSegment.self, $0, $1, $2, $3, $4) }
        t = start + SystemGroup.far
        t[0] = { softwareInterrupt($0, $1, $2, $3, $4) }
        t[1] = { interruptReturn($0, $1, $2, $3, $4) }
        t[2] = { farJump(DirectPointer.self, $0, $1, $2, $3, $4) }
        t[3] = { farJump(PointerInMemory.self, $0, $1, $2, $3, $4) }
        t[4] = { farCall(DirectPointer.self, $0, $1, $2, $3, $4) }
        t[5] = { farCall(PointerInMemory.self, $0, $1, $2, $3, $4) }
        t[6] = { farReturn($0, $1, $2, $3, $4) }
        t = start + SystemGroup.segment
        t[0] = { popSegment($0, $1, $2, $3, $4) }
        t[1] = { movSegmentReg($0, $1, $2, $3, $4) }
        t[2] = { movSegmentMem($0, $1, $2, $3, $4) }
        t[3] = { loadFarPointer($0, $1, $2, $3, $4) }
    }
}
