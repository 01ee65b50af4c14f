/// What an x87 operation reads of the control word, and what it leaves in the status word. One operation, one
/// environment: the instruction that uses it merges `status` into the status word.
///
/// Arithmetic is methods of the environment, in integers alone, the same on every host. What each returns is the
/// response to masked exceptions. Where an exception that is not masked is found before the result is made (IE, DE,
/// ZE), the result means nothing and the instruction changes no register (`isBlocked`). With OE or UE not masked the
/// result has its exponent wrapped by 24,576 [SDM 1 8.5.4, 8.5.5].
struct FloatEnvironment {
    /// The control word: masks in bits 0-5, precision in 8-9, rounding in 10-11, the infinity control in 12.
    var control: UInt16
    /// Bits as in the status word: exceptions in 0-5, SF in 6, C0, C1 and C2 in 8-10, C3 in 14.
    var status: UInt16 = 0
    /// The chip: 8087 and 80287 differ from all later ones.
    var generation: Generation

    enum Generation: Comparable {
        case i8087, i80287, i80387
        /// 486 and later: what is on the CPU's own chip.
        case integrated
    }

    init(control: UInt16, generation: Generation = .integrated) {
        self.control = control
        self.generation = generation
    }

    /// Bits of the status word.
    enum Status {
        static let invalid: UInt16 = 1
        static let denormal: UInt16 = 2
        static let zeroDivide: UInt16 = 4
        static let overflow: UInt16 = 8
        static let underflow: UInt16 = 0x10
        static let precision: UInt16 = 0x20
        static let stackFault: UInt16 = 0x40
        static let errorSummary: UInt16 = 0x80
        static let c0: UInt16 = 0x100
        static let c1: UInt16 = 0x200
        static let c2: UInt16 = 0x400
        static let c3: UInt16 = 0x4000
        static let busy: UInt16 = 0x8000
        static let exceptions: UInt16 = 0x3F
        static let conditions: UInt16 = c0 | c1 | c2 | c3
    }

    enum Rounding: UInt16 {
        case nearest, down, up, zero
    }

    // SAFETY: two bits, and four cases.
    @inline(__always) var rounding: Rounding { Rounding(rawValue: control >> 10 & 3).unsafelyUnwrapped }

    /// Bits of significand by precision control; the reserved setting means all 64 [SDM 1 8.1.5.2].
    @inline(__always) var precisionBits: Int {
        switch control >> 8 & 3 {
        case 0: 24
        case 2: 53
        default: 64
        }
    }

    /// Exceptions that were found and are not masked.
    @inline(__always) var unmasked: UInt16 { status & ~control & Status.exceptions }
    /// An unmasked exception that keeps the operation from having a result.
    @inline(__always) var isBlocked: Bool {
        unmasked & (Status.invalid | Status.denormal | Status.zeroDivide) != 0
    }

    @inline(__always) mutating func raise(_ flags: UInt16) { status |= flags }
    @inline(__always) func isMasked(_ flag: UInt16) -> Bool { control & flag != 0 }

    /// Raises IE and gives the indefinite.
    mutating func invalid() -> Extended {
        raise(Status.invalid)
        return .indefinite
    }
}
