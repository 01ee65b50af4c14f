/// The stack and calls by way of memory, in the two address forms of `ProductGroup`.
enum StackGroup {
    /// PUSH m of 16 and 32 bits, by stack, address form.
    static let pushMem = 0
    /// CALL r of 16 and 32 bits, by stack.
    static let callReg = 12
    /// CALL m of 16 and 32 bits, by stack, address form.
    static let callMem = 18
    static let count = 30
}

extension HandlerTable {
    static func fillStack(_ start: UnsafeMutablePointer<Handler>) {
        var t = start + StackGroup.pushMem
        t[0] = { pushMem(UInt16.self, FlatStack.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { pushMem(UInt16.self, FlatStack.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { pushMem(UInt16.self, Stack16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { pushMem(UInt16.self, Stack16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { pushMem(UInt16.self, Stack32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { pushMem(UInt16.self, Stack32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { pushMem(UInt32.self, FlatStack.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { pushMem(UInt32.self, FlatStack.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { pushMem(UInt32.self, Stack16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[9] = { pushMem(UInt32.self, Stack16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[10] = { pushMem(UInt32.self, Stack32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { pushMem(UInt32.self, Stack32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + StackGroup.callReg
        t[0] = { callReg(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { callReg(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { callReg(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { callReg(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { callReg(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { callReg(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + StackGroup.callMem
        t[0] = { callMem(UInt16.self, FlatStack.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { callMem(UInt16.self, FlatStack.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { callMem(UInt16.self, Stack16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { callMem(UInt16.self, Stack16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { callMem(UInt16.self, Stack32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { callMem(UInt16.self, Stack32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { callMem(UInt32.self, FlatStack.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { callMem(UInt32.self, FlatStack.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { callMem(UInt32.self, Stack16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[9] = { callMem(UInt32.self, Stack16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[10] = { callMem(UInt32.self, Stack32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { callMem(UInt32.self, Stack32.self, Segmented16.self, $0, $1, $2, $3, $4) }
    }
}
