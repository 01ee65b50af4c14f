/// The x87's registers as programs and tests see them.
public struct FloatRegisters: Equatable, Sendable {
    /// An 80-bit number as it stands in a register.
    public struct Value: Equatable, Sendable {
        /// Bit 15 is the sign, the rest the biased exponent.
        public var signExponent: UInt16
        public var significand: UInt64

        public init(signExponent: UInt16, significand: UInt64) {
            self.signExponent = signExponent
            self.significand = significand
        }
    }

    public var control: UInt16 = 0x37F
    /// With TOP in bits 11-13.
    public var status: UInt16 = 0
    /// Two bits for each register by its own number: 00 valid, 01 zero, 10 special, 11 empty. Of what is set, only
    /// whether a register is empty counts.
    public var tags: UInt16 = 0xFFFF
    /// ST(0) to ST(7). Exactly eight.
    public var stack: [Value]

    // MARK: Of the last instruction that was not a control instruction
    public var instructionPointer: UInt32 = 0
    public var instructionSelector: UInt16 = 0
    public var dataPointer: UInt32 = 0
    public var dataSelector: UInt16 = 0
    /// The low 11 bits of the two opcode bytes.
    public var opcode: UInt16 = 0

    public init() {
        stack = Array(repeating: Value(signExponent: 0, significand: 0), count: 8)
    }

    /// The register that is ST(0).
    public var top: Int { Int(status >> 11) & 7 }

    /// MM0 to MM7, which are the significands of the registers by their own numbers.
    public subscript(mmx number: Int) -> UInt64 {
        get { stack[(number - top) & 7].significand }
        set { stack[(number - top) & 7].significand = newValue }
    }
}

extension CPU {
    /// FERR# is active, or what an 80387, 80287 or 8087 has in its place: an x87 exception waits for the board.
    public var hasFloatError: Bool { s.pointee.fpu.errorPin }

    /// The RESET pin of a coprocessor that is a chip of its own.
    func resetCoprocessor() { core.resetFloat() }

    /// CR0.NE: x87 exceptions raise `#MF`, where they otherwise go to FERR#. Only from the 486 on.
    public var reportsFloatErrors: Bool {
        get { s.pointee.cr0 & Core.CR0.numericError != 0 }
        set {
            let cr0 = s.pointee.cr0 & ~Core.CR0.numericError
            core.setCR0(newValue && s.pointee.model >= .i80486 ? cr0 | Core.CR0.numericError : cr0)
        }
    }

    /// The x87's registers, MMX registers included. Exceptions of the status word that the control word does not mask
    /// wait after they are set, as after FLDENV.
    public var fpu: FloatRegisters {
        get {
            let fpu = s.pointee.fpu
            var registers = FloatRegisters()
            registers.control = fpu.controlWord
            registers.status = core.floatStatus
            registers.tags = core.tagWord
            for number in 0..<8 {
                let value = core.stack(UInt8(number)).pointee.value
                registers.stack[number] = .init(signExponent: value.signExponent, significand: value.significand)
            }
            registers.instructionPointer = fpu.instructionPointer
            registers.instructionSelector = fpu.instructionSelector
            registers.dataPointer = fpu.dataPointer
            registers.dataSelector = fpu.dataSelector
            registers.opcode = fpu.opcode
            return registers
        }
        set {
            s.pointee.fpu.controlWord = core.knownControl(newValue.control)
            core.setFloatStatus(newValue.status)
            core.loadTagWord(newValue.tags)
            for (number, value) in newValue.stack.prefix(8).enumerated() {
                core.stack(UInt8(number)).pointee.significand = value.significand
                core.stack(UInt8(number)).pointee.signExponent = value.signExponent
            }
            s.pointee.fpu.instructionPointer = newValue.instructionPointer
            s.pointee.fpu.instructionSelector = newValue.instructionSelector
            s.pointee.fpu.dataPointer = newValue.dataPointer
            s.pointee.fpu.dataSelector = newValue.dataSelector
            s.pointee.fpu.opcode = newValue.opcode & 0x7FF
        }
    }
}
