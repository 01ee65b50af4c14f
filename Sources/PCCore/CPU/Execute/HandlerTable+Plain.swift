// Plain forms that are frequent enough for handlers of their own.

enum InImmediate: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.input(i, UInt16(truncatingIfNeeded: i.immediate))
    }
}

enum InDX: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.input(i, UInt16(truncatingIfNeeded: core.edx))
    }
}

enum OutImmediate: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.output(i, UInt16(truncatingIfNeeded: i.immediate))
    }
}

enum OutDX: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.output(i, UInt16(truncatingIfNeeded: core.edx))
    }
}

enum PushFlags: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.pushFlags(operand32: i.operand32)
    }
}

enum PopFlags: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.popFlags(operand32: i.operand32)
    }
}

enum ClearInterrupt: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.clearInterruptFlag()
    }
}

enum SetInterrupt: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.setInterruptFlag()
    }
}

enum SoftwareInterrupt: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.softwareInterrupt(UInt8(truncatingIfNeeded: i.immediate))
    }
}

enum InterruptReturn: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.interruptReturn(operand32: i.operand32)
    }
}

enum FarCall: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.farCall(i.immediate2, i.immediate, operand32: i.operand32)
    }
}

enum FarReturn: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.farReturn(release: i.opcode == 0xCA ? i.immediate : 0, operand32: i.operand32)
    }
}

enum PushSegment: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.pushSegment(Int(i.opcode >> 3) & 3, i)
    }
}

enum PopSegment: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.popSegment(Int(i.opcode >> 3) & 3, i)
    }
}

enum MoveToSegment: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.moveToSegment(i)
    }
}

enum MoveFromSegment: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.moveFromSegment(i)
    }
}

enum Group3: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.group3(i)
    }
}

enum MoveString: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.string(Movs.self, i)
    }
}

enum StoreString: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.string(Stos.self, i)
    }
}

enum LoadString: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.string(Lods.self, i)
    }
}

enum ScanString: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.string(Scas.self, i)
    }
}

enum CompareString: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) {
        try core.string(Cmps.self, i)
    }
}

extension HandlerTable {
    static func fillPlain(_ t: UnsafeMutablePointer<Handler>) {
        t[0] = { plain(InImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { plain(InDX.self, $0, $1, $2, $3, $4) }
        t[2] = { plain(OutImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { plain(OutDX.self, $0, $1, $2, $3, $4) }
        t[4] = { plain(PushFlags.self, $0, $1, $2, $3, $4) }
        t[5] = { plain(PopFlags.self, $0, $1, $2, $3, $4) }
        t[6] = { plain(ClearInterrupt.self, $0, $1, $2, $3, $4) }
        t[7] = { plain(SetInterrupt.self, $0, $1, $2, $3, $4) }
        t[8] = { plain(SoftwareInterrupt.self, $0, $1, $2, $3, $4) }
        t[9] = { plain(InterruptReturn.self, $0, $1, $2, $3, $4) }
        t[10] = { plain(FarCall.self, $0, $1, $2, $3, $4) }
        t[11] = { plain(FarReturn.self, $0, $1, $2, $3, $4) }
        t[12] = { plain(PushSegment.self, $0, $1, $2, $3, $4) }
        t[13] = { plain(PopSegment.self, $0, $1, $2, $3, $4) }
        t[14] = { plain(MoveToSegment.self, $0, $1, $2, $3, $4) }
        t[15] = { plain(MoveFromSegment.self, $0, $1, $2, $3, $4) }
        t[16] = { plain(Group3.self, $0, $1, $2, $3, $4) }
        t[17] = { plain(MoveString.self, $0, $1, $2, $3, $4) }
        t[18] = { plain(StoreString.self, $0, $1, $2, $3, $4) }
        t[19] = { plain(LoadString.self, $0, $1, $2, $3, $4) }
        t[20] = { plain(ScanString.self, $0, $1, $2, $3, $4) }
        t[21] = { plain(CompareString.self, $0, $1, $2, $3, $4) }
    }

    static let plainCount = 22

    /// The handler of a frequent plain instruction within the group, nil where it goes through the opcode map.
    static func plainHandler(_ i: Instruction) -> Int? {
        switch i.opcode {
        case 0xE4, 0xE5: 0
        case 0xEC, 0xED: 1
        case 0xE6, 0xE7: 2
        case 0xEE, 0xEF: 3
        case 0x9C: 4
        case 0x9D: 5
        case 0xFA: 6
        case 0xFB: 7
        case 0xCD: 8
        case 0xCF: 9
        case 0x9A: 10
        case 0xCA, 0xCB: 11
        case 0x06, 0x0E, 0x16, 0x1E: 12
        case 0x07, 0x17, 0x1F: 13
        case 0x8E: 14
        case 0x8C: 15
        case 0xF6, 0xF7: 16
        case 0xA4, 0xA5: 17
        case 0xAA, 0xAB: 18
        case 0xAC, 0xAD: 19
        case 0xAE, 0xAF: 20
        case 0xA6, 0xA7: 21
        default: nil
        }
    }
}
