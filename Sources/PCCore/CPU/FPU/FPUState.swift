/// The x87 coprocessor's registers [SDM 1 8.1].
struct FPUState {
    /// One of the eight registers by its own number, not by its place in the stack.
    struct Register {
        var significand: UInt64 = 0
        var signExponent: UInt16 = 0
        /// 1 while the register is empty. Next to the exponent, so that hot handlers test both at once.
        var isEmpty: UInt16 = 1
        private var padding: UInt32 = 0

        @inline(__always) var value: Extended { Extended(signExponent, significand) }
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
    /// Not 0 where hot handlers must leave an instruction to its plain form (`Core.updateFloatMode`).
    var slowReasons: UInt32 = 0
    /// The bits of a significand below the precision in use, for hot handlers.
    var precisionMask: UInt64 = 0

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
}

extension StatePointer {
    /// Register R`number` of the x87, modulo 8.
    // SAFETY: `fpu` is at offset 320 and begins with eight registers of 16 bytes (a test holds the layout to that).
    @inline(__always) func floatRegister(_ number: UInt32) -> UnsafeMutablePointer<FPUState.Register> {
        (UnsafeMutableRawPointer(self) + (320 &+ Int(number & 7) &* 16)).assumingMemoryBound(to: FPUState.Register.self)
    }
}
