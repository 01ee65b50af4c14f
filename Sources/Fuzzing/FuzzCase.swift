import PCCore

/// The registers of a state, in the order of Tests/Oracles/protocol.h.
public struct Registers: Equatable, Sendable {
    static let names = [
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags", "es", "cs", "ss", "ds", "fs", "gs",
    ]
    static let count = 16

    var values = SIMD16<UInt32>()

    subscript(number: Int) -> UInt32 {
        get { values[number] }
        set { values[number] = newValue }
    }
    var esp: UInt32 { values[4] }
    var eip: UInt32 {
        get { values[8] }
        set { values[8] = newValue }
    }
    var eflags: UInt32 {
        get { values[9] }
        set { values[9] = newValue }
    }
}

/// Bytes at a physical address.
public struct MemoryRun: Equatable, Sendable {
    var address: UInt32
    var bytes: [UInt8]
}

/// One thing to run: a state, and how many instructions.
public struct FuzzCase: Sendable {
    var mode: FuzzMode
    var registers: Registers
    /// The x87's registers, where it takes part.
    var fpu: FloatRegisters?
    /// Memory is zero elsewhere. A later run covers an earlier one.
    var memory: [MemoryRun] = []
    var steps: Int
}

/// A state after an instruction.
struct StepState: Sendable {
    var registers: Registers
    var fpu: FloatRegisters?
    /// The memory that is not what it was in the state before, by address.
    var changes: [Change] = []

    struct Change: Equatable, Sendable {
        var address: UInt32
        var value: UInt8
    }
}

/// What became of a case.
struct CaseResult: Sendable {
    enum End: UInt8, Sendable {
        /// All steps are done.
        case done = 0
        /// The last state is what the exception's handler would find.
        case exception = 1
        /// An instruction that must not or cannot run there comes next.
        case refused = 2
    }

    var end = End.done
    var vector: UInt8 = 0
    /// Where a page fault was.
    var faultAddress: UInt32 = 0
    /// Whole instructions that ran.
    var steps = 0
    /// One for each step, and one more for an exception.
    var states: [StepState] = []
}
