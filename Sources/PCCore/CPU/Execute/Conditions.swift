/// The sixteen conditions of Jcc, SETcc and CMOVcc, as types so that each becomes code of its own.
protocol Condition {
    static func holds(_ wide: UInt64, _ mixed: UInt32) -> Bool
}

enum IfO: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isOverflow(w, x) }
}
enum IfNO: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isOverflow(w, x) }
}
enum IfB: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isCarry(w) }
}
enum IfNB: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isCarry(w) }
}
enum IfZ: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isZero(w) }
}
enum IfNZ: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isZero(w) }
}
enum IfBE: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isCarry(w) || Flags.isZero(w) }
}
enum IfA: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !(Flags.isCarry(w) || Flags.isZero(w)) }
}
enum IfS: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isSign(w) }
}
enum IfNS: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isSign(w) }
}
enum IfP: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isParity(w) }
}
enum IfNP: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isParity(w) }
}
enum IfL: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isLess(w, x) }
}
enum IfGE: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !Flags.isLess(w, x) }
}
enum IfLE: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { Flags.isZero(w) || Flags.isLess(w, x) }
}
enum IfG: Condition {
    @inline(__always) static func holds(_ w: UInt64, _ x: UInt32) -> Bool { !(Flags.isZero(w) || Flags.isLess(w, x)) }
}

extension Core {
    /// Whether condition `code` (0 to 15, as in the opcode) holds.
    func holds(_ code: UInt16) -> Bool {
        let wide = s.pointee.wide
        let mixed = s.pointee.mixed
        let result =
            switch (code >> 1) & 7 {
            case 0: Flags.isOverflow(wide, mixed)
            case 1: Flags.isCarry(wide)
            case 2: Flags.isZero(wide)
            case 3: IfBE.holds(wide, mixed)
            case 4: Flags.isSign(wide)
            case 5: Flags.isParity(wide)
            case 6: Flags.isLess(wide, mixed)
            default: IfLE.holds(wide, mixed)
            }
        return result != (code & 1 != 0)
    }
}
