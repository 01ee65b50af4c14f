/// The registers of a CPU at one moment, as plain values that can be compared and listed.
public struct RegisterState: Equatable, Sendable {
    /// One register, or the hidden part of one, and how it is written.
    struct Field: Sendable {
        let name: String
        /// Hexadecimal digits.
        let digits: Int
        /// Base, limit or access of a segment register: not listed outside of protected mode, where the selector
        /// says it all.
        var isHiddenPart = false
    }

    /// A register that changed.
    public struct Change: Equatable, Sendable {
        public var name: String
        public var before: UInt128
        public var after: UInt128
        /// Hexadecimal digits of the register.
        public var digits: Int

        init(_ name: String, _ before: UInt128, _ after: UInt128, _ digits: Int) {
            self.name = name
            self.before = before
            self.after = after
            self.digits = digits
        }
    }

    private static let count = 54
    /// In the order of `fields`.
    var values: InlineArray<54, UInt32>
    /// Protected mode, but not virtual-8086 mode.
    var isProtected: Bool
    /// The x87's and MMX's.
    var fpu: FloatState
    let model: CPUModel

    init(_ core: Core) {
        let p = core.s
        var values = InlineArray<54, UInt32>(repeating: 0)
        for i in 0..<8 { values[i] = core.register(Self.generalOrder[i]) }
        values[8] = p.pointee.eip
        values[9] = core.eflags
        for i in 0..<8 {
            let segment = p.segment(i).pointee
            values[10 &+ i] = UInt32(segment.selector)
            values[30 &+ i &* 3] = segment.base
            values[31 &+ i &* 3] = segment.limit
            values[32 &+ i &* 3] = UInt32(segment.access) | UInt32(segment.flags) << 8
        }
        values[18] = p.pointee.cr0
        values[19] = p.pointee.cr2
        values[20] = p.pointee.cr3
        values[21] = p.pointee.cr4
        values[22] = p.pointee.dr.0
        values[23] = p.pointee.dr.1
        values[24] = p.pointee.dr.2
        values[25] = p.pointee.dr.3
        values[26] = p.pointee.dr6
        values[27] = p.pointee.dr7
        values[28] = p.pointee.gdtBase
        values[29] = p.pointee.idtBase
        self.values = values
        isProtected = p.pointee.isProtected
        fpu = FloatState(core)
        model = p.pointee.model
    }

    public static func == (a: RegisterState, b: RegisterState) -> Bool {
        for i in 0..<count where a.values[i] != b.values[i] { return false }
        return a.fpu == b.fpu
    }

    var eip: UInt32 { values[8] }
    var eflags: UInt32 { values[9] }
    var selectorOfCode: UInt16 { UInt16(truncatingIfNeeded: values[10 + SegmentNumber.cs]) }
    /// The field that every instruction changes.
    static let instructionPointer = 8

    /// EAX, EBX, ECX, EDX, ESI, EDI, EBP, ESP by number: the order in which people read them.
    private static let generalOrder: InlineArray<8, Int> = [0, 3, 1, 2, 6, 7, 5, 4]

    /// What stands where in `values`.
    func fields() -> [Field] { Self.fields(model) }

    static func fields(_ model: CPUModel) -> [Field] { model <= .i80286 ? fields16 : fields32 }
    private static let fields32 = makeFields(wide: true)
    private static let fields16 = makeFields(wide: false)

    private static func makeFields(wide: Bool) -> [Field] {
        let general = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip", "flags"]
        let segments = ["es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"]
        let others = ["cr0", "cr2", "cr3", "cr4", "dr0", "dr1", "dr2", "dr3", "dr6", "dr7", "gdtr.base", "idtr.base"]
        return general.map { Field(name: wide ? "e" + $0 : $0, digits: wide ? 8 : 4) }
            + segments.map { Field(name: $0, digits: 4) }
            + others.map { Field(name: $0, digits: 8) }
            + segments.flatMap { name in
                [("base", 8), ("limit", 8), ("access", 4)].map {
                    Field(name: "\(name).\($0)", digits: $1, isHiddenPart: true)
                }
            }
    }

    /// The number of the next field from `start` on that differs from `old` and is listed, nil for none.
    @inline(__always)
    func nextChange(since old: RegisterState, from start: Int) -> Int? {
        let end = isProtected ? Self.count : 30
        var i = start
        while i < end {
            if values[i] != old.values[i] { return i }
            i &+= 1
        }
        return nil
    }

    /// What changed since `old`, in the order in which registers are listed.
    public func changes(since old: RegisterState) -> [Change] {
        let fields = fields()
        var changes: [Change] = []
        var i = nextChange(since: old, from: 0)
        while let number = i {
            let field = fields[number]
            changes.append(Change(field.name, UInt128(old.values[number]), UInt128(values[number]), field.digits))
            i = nextChange(since: old, from: number + 1)
        }
        return changes + fpu.changes(since: old.fpu)
    }

    /// All registers that the machine has and their values.
    public func all() -> [(name: String, value: UInt128, digits: Int)] {
        let own: [(name: String, value: UInt128, digits: Int)] = zip(fields(), 0..<Self.count).compactMap { field, i in
            let register = Register(rawValue: field.name)
            guard !field.isHiddenPart, register.map({ $0.since <= model }) ?? (model >= .i80286) else { return nil }
            return (field.name, UInt128(values[i]), field.digits)
        }
        return fpu.isPresent ? own + fpu.all(withMMX: model >= .pentium) : own
    }
}
