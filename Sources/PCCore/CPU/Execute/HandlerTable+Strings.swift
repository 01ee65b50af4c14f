/// String instructions without a prefix, and single instructions of 16-bit programs.
enum StringGroup {
    /// LODS, STOS, SCAS by width, address form (flat, 32-bit, 16-bit).
    static let single = 0
    /// MOVS by width, address form.
    static let move = 27
    /// XLAT by address form (32-bit, 16-bit).
    static let translate = 36
    /// LOOPE, LOOPNE by CX and ECX: flat code, other code.
    static let loop = 38
    /// CMC, LAHF, SAHF, CWD.
    static let flags = 46
    /// An instruction that crosses the end of a page, of whatever kind.
    static let acrossPages = 50
    static let count = 51
}

extension HandlerTable {
    static func fillStrings(_ start: UnsafeMutablePointer<Handler>) {
        var t = start + StringGroup.single
        t[0] = { readElement(LoadElement.self, UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { readElement(LoadElement.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[2] = { readElement(LoadElement.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[3] = { readElement(LoadElement.self, UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[4] = { readElement(LoadElement.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { readElement(LoadElement.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { readElement(LoadElement.self, UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[7] = { readElement(LoadElement.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[8] = { readElement(LoadElement.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[9] = { storeElement(UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[10] = { storeElement(UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { storeElement(UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[12] = { storeElement(UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[13] = { storeElement(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[14] = { storeElement(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[15] = { storeElement(UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[16] = { storeElement(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[17] = { storeElement(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[18] = { readElement(ScanElement.self, UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[19] = { readElement(ScanElement.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[20] = { readElement(ScanElement.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[21] = { readElement(ScanElement.self, UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[22] = { readElement(ScanElement.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[23] = { readElement(ScanElement.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[24] = { readElement(ScanElement.self, UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[25] = { readElement(ScanElement.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[26] = { readElement(ScanElement.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + StringGroup.move
        t[0] = { moveElement(UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { moveElement(UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[2] = { moveElement(UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[3] = { moveElement(UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[4] = { moveElement(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { moveElement(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { moveElement(UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[7] = { moveElement(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[8] = { moveElement(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + StringGroup.translate
        t[0] = { translateByte(Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { translateByte(Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + StringGroup.loop
        t[0] = { loopBranchIf(IfZ.self, UInt16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { loopBranchIf(IfZ.self, UInt16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { loopBranchIf(IfZ.self, UInt32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[3] = { loopBranchIf(IfZ.self, UInt32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[4] = { loopBranchIf(IfNZ.self, UInt16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[5] = { loopBranchIf(IfNZ.self, UInt16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[6] = { loopBranchIf(IfNZ.self, UInt32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[7] = { loopBranchIf(IfNZ.self, UInt32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t = start + StringGroup.flags
        t[0] = { complementCarry($0, $1, $2, $3, $4) }
        t[1] = { flagsToAH($0, $1, $2, $3, $4) }
        t[2] = { flagsFromAH($0, $1, $2, $3, $4) }
        t[3] = { signIntoDX($0, $1, $2, $3, $4) }
        t = start + StringGroup.acrossPages
        t[0] = { PCCore.acrossPages($0, $1, $2, $3, $4) }
    }
}
