import PCCore

/// What an x87 or MMX instruction does that decides whether states can be compared after it.
struct FloatEffects {
    private enum Status {
        static let c0: UInt16 = 0x100
        static let c1: UInt16 = 0x200
        static let c2: UInt16 = 0x400
        static let c3: UInt16 = 0x4000
        static let all: UInt16 = c0 | c1 | c2 | c3
        /// OE, UE, PE, ES and B: what hangs on the last bit of a result.
        static let ofResult: UInt16 = 0x80B8
    }

    /// Bits of the status word that it looks at.
    var reads: UInt16 = 0
    /// Bits that it leaves in a defined state.
    var writes: UInt16 = 0
    /// Bits that it leaves undefined [SDM 2, "FPU Flags Affected"].
    var undefined: UInt16 = 0
    /// The result is no more than close to the true one: a transcendental function.
    var isApproximate = false
    /// It stores FIP, FDP and FOP, which chips keep as they like.
    var storesPointers = false
    /// The address of the image that FNSTENV or FNSAVE stores.
    private(set) var storedImage: UInt32?
    /// The address of the image that FLDENV or FRSTOR loads.
    private(set) var readImage: UInt32?

    private static let arithmetic = FloatEffects(writes: Status.c1, undefined: Status.all & ~Status.c1)
    private static let all = FloatEffects(writes: Status.all)
    private static let control = FloatEffects(undefined: Status.all)
    private static let untouched = FloatEffects()

    /// The effects of `i`, nil for what is no x87 or MMX instruction or came after the Pentium II.
    init?(_ i: BareMachine.CodeForm) {
        guard let known = i.opcode < 0x100 ? Self.escape(i) : Self.packed(i), !Self.wraps(i) else { return nil }
        self = known
        guard !i.isRegisterForm else { return }
        // Size and kind of the image are part of where it is.
        let place = i.operandAddress << 2 | (i.opcode == 0xDD ? 2 : 0) | (i.operand32 ? 1 : 0)
        if storesPointers { storedImage = place }
        if (i.opcode == 0xD9 || i.opcode == 0xDD) && i.reg == 4 { readImage = place }
    }

    private init(
        reads: UInt16 = 0, writes: UInt16 = 0, undefined: UInt16 = 0, isApproximate: Bool = false,
        storesPointers: Bool = false
    ) {
        self.reads = reads
        self.writes = writes
        self.undefined = undefined
        self.isApproximate = isApproximate
        self.storesPointers = storesPointers
    }

    /// An operand of more than 8 bytes over the end of a 64 KB segment: some chips go on at offset 0.
    private static func wraps(_ i: BareMachine.CodeForm) -> Bool {
        guard !i.isRegisterForm, !i.address32 else { return false }
        let unit: UInt32 = i.operand32 ? 4 : 2
        let size: UInt32 =
            switch (i.opcode, i.reg) {
            case (0xDB, 5), (0xDB, 7), (0xDF, 4), (0xDF, 6): 10
            case (0xD9, 4), (0xD9, 6): 7 * unit
            case (0xDD, 4), (0xDD, 6): 7 * unit + 80
            default: 0
            }
        return i.operandOffset + size > 0x1_0000
    }

    /// A transcendental function is compared where its last bit decides nothing: all exceptions masked, 64 bits.
    static func isComparable(_ effects: FloatEffects?, _ registers: FloatRegisters?) -> Bool {
        guard let effects else { return true }
        guard let registers else { return false }
        return !effects.isApproximate || registers.control & 0x33F == 0x33F
    }

    // MARK: The x87

    private static func escape(_ i: BareMachine.CodeForm) -> FloatEffects? {
        switch i.opcode {
        case 0x9B: control
        case 0xD8...0xDF: i.isRegisterForm ? onStack(i) : inMemory(i)
        default: nil
        }
    }

    private static func inMemory(_ i: BareMachine.CodeForm) -> FloatEffects? {
        switch (i.opcode, i.reg) {
        // FISTTP of SSE3.
        case (0xDB, 1), (0xDD, 1), (0xDF, 1): nil
        case (0xD8, 2), (0xD8, 3), (0xDA, 2), (0xDA, 3), (0xDC, 2), (0xDC, 3), (0xDE, 2), (0xDE, 3): all
        case (0xD9, 4), (0xDD, 4): all
        case (0xD9, 5): control
        case (0xD9, 7): control
        case (0xD9, 6): FloatEffects(reads: Status.all, undefined: Status.all, storesPointers: true)
        case (0xDD, 6): FloatEffects(reads: Status.all, writes: Status.all, storesPointers: true)
        case (0xDD, 7): FloatEffects(reads: Status.all, undefined: Status.all)
        default: arithmetic
        }
    }

    private static func onStack(_ i: BareMachine.CodeForm) -> FloatEffects? {
        switch (i.opcode, i.reg) {
        // FSTP1, which is in no manual: an EPYC's moves an empty register without a stack fault.
        case (0xD9, 3): return nil
        // FCMOV: C1 is said to be cleared on a stack fault only [SDM 2A FCMOVcc].
        case (0xDA, 0...3), (0xDB, 0...3): return control
        // FFREEP, which is in no manual.
        case (0xDF, 0): return control
        case (0xD8, 2), (0xD8, 3), (0xDC, 2), (0xDC, 3), (0xDE, 2), (0xDE, 3), (0xDA, 5), (0xDD, 4), (0xDD, 5):
            return all
        // FCOMI and FUCOMI clear C1 [SDM 2A FCOMI]; an EPYC's leave it alone.
        case (0xDB, 5), (0xDB, 6), (0xDF, 5), (0xDF, 6): return FloatEffects(undefined: Status.c1)
        case (0xD9, 2), (0xDD, 0): return control
        case (0xDB, 4): return i.modRM == 0xE3 ? all : control
        case (0xDF, 4): return FloatEffects(reads: Status.all, undefined: Status.all)
        case (0xD9, _): return noOperand(i.modRM)
        default: return arithmetic
        }
    }

    private static func noOperand(_ modRM: UInt8) -> FloatEffects {
        switch modRM {
        // FTST, FXAM, FPREM1, FPREM
        case 0xE4, 0xE5, 0xF5, 0xF8: all
        // FPTAN, FSINCOS, FSIN, FCOS
        case 0xF2, 0xFB, 0xFE, 0xFF:
            FloatEffects(
                writes: Status.c2, undefined: Status.all & ~Status.c2 | Status.ofResult, isApproximate: true)
        // F2XM1, FYL2X, FPATAN, FYL2XP1
        case 0xF0, 0xF1, 0xF3, 0xF9: FloatEffects(undefined: Status.all | Status.ofResult, isApproximate: true)
        default: arithmetic
        }
    }

    // MARK: MMX

    static func isPacked(_ opcode: UInt16) -> Bool {
        switch opcode & 0xFF {
        case _ where opcode < 0x100: false
        case 0x60...0x6B, 0x6E, 0x6F, 0x71...0x77, 0x7E, 0x7F: true
        case 0xD1...0xD3, 0xD5, 0xD8, 0xD9, 0xDB...0xDD, 0xDF, 0xE1, 0xE2, 0xE5, 0xE8, 0xE9: true
        case 0xEB...0xED, 0xEF, 0xF1...0xF3, 0xF5, 0xF8...0xFA, 0xFC...0xFE: true
        default: false
        }
    }

    private static func packed(_ i: BareMachine.CodeForm) -> FloatEffects? {
        // With these prefixes it is an instruction of SSE2.
        guard isPacked(i.opcode), i.repeatPrefix == 0, !i.hasOperandPrefix else { return nil }
        return untouched
    }
}
