/// The x87 coprocessor's registers [SDM 1 8.1].
struct FPUState {
    /// One of the eight registers by its own number, not by its place in the stack.
    struct Register {
        var significand: UInt64 = 0
        /// Sign and exponent, and `empty` while the register is empty: hot handlers test all of it at once.
        var word = empty
        private var padding: UInt32 = 0

        static let empty: UInt32 = 0x1_0000

        @inline(__always) var value: Extended { Extended(signExponent, significand) }

        @inline(__always) var signExponent: UInt16 {
            get { UInt16(truncatingIfNeeded: word) }
            set { word = (word & Self.empty) | UInt32(newValue) }
        }

        /// 1 while the register is empty.
        @inline(__always) var isEmpty: UInt16 {
            get { UInt16(truncatingIfNeeded: word >> 16) }
            set { word = (word & 0xFFFF) | (newValue == 0 ? 0 : Self.empty) }
        }
    }

    /// R0 to R7. An MMX register is the significand of one.
    var registers = (
        Register(), Register(), Register(), Register(), Register(), Register(), Register(), Register()
    )
    /// The register that ST(0) is, 0 to 7. It is not in `statusWord`.
    var top: UInt32 = 0
    /// The status word without TOP: the composed one is `Core.floatStatus`.
    var statusWord: UInt16 = 0
    var controlWord: UInt16 = 0x37F
    /// Why hot handlers must leave an instruction to another form, as bits of `SlowReason`; see `Core.updateFloatMode`.
    var slowReasons: UInt32 = 0
    /// The bits of a significand below the precision in use: none, 11 or 40 of them.
    var precisionMask: UInt64 = 0
    /// An operand from memory, and its offset, on the way from a hot handler to the one that knows the rare cases.
    var operand = Register()
    var operandOffset: UInt32 = 0

    // MARK: Of the last instruction that was not a control instruction
    var instructionPointer: UInt32 = 0
    var dataPointer: UInt32 = 0
    var instructionSelector: UInt16 = 0
    var dataSelector: UInt16 = 0
    /// The low 11 bits of the two opcode bytes: bits 0-2 of the first above the second.
    var opcode: UInt16 = 0

    // MARK: The chip and its pins
    /// There is a coprocessor.
    var isPresent = true
    /// FSETPM has told an 80287 that the CPU is in protected mode.
    var usesProtectedFormat = false
    /// FERR#, the ERROR# of 287 and 387 or INT of the 8087, as the board knows it.
    var errorPin = false

    enum SlowReason {
        /// Nothing may go the fast way: no coprocessor, EM or TS set, an exception that waits.
        static let blocked: UInt32 = 1
        /// No result may be rounded: not to nearest, PE not masked, or a precision that does not exist.
        static let rounding: UInt32 = 2
    }

    /// Works out what follows from the control word alone; `blocked` reasons are gone.
    @inline(__always) mutating func applyControlWord() {
        let (precision, rounding) = (controlWord & 0x300, controlWord & 0xC00)
        let isUnusual = rounding != 0 || controlWord & FloatEnvironment.Status.precision == 0 || precision == 0x100
        slowReasons = isUnusual ? SlowReason.rounding : 0
        precisionMask = precision == 0x300 ? 0 : precision == 0x200 ? 0x7FF : 0xFF_FFFF_FFFF
    }
}

extension StatePointer {
    /// Register R`number` of the x87, modulo 8.
    // SAFETY: `fpu` is at offset 320 and begins with eight registers of 16 bytes (a test holds the layout to that).
    @inline(__always) func floatRegister(_ number: UInt32) -> UnsafeMutablePointer<FPUState.Register> {
        (UnsafeMutableRawPointer(self) + (320 &+ Int(number & 7) &* 16)).assumingMemoryBound(to: FPUState.Register.self)
    }
}
