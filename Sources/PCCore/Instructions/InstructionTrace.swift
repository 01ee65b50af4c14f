/// Writes a line for each instruction that a CPU executes. Documentation/CommandLine.md describes the line.
///
/// A REP instruction is one line with all its elements, unless an interrupt comes between.
public final class InstructionTrace {
    /// The first line of every trace.
    public static let header = "# swift86 trace 1: count, CS:EIP, bytes, instruction, changes\n"

    /// Instructions at addresses within, both ends included.
    public enum Range: Equatable, Sendable {
        case linear(ClosedRange<UInt32>)
        /// Offsets of one code segment, by its selector.
        case offsets(selector: UInt16, ClosedRange<UInt32>)
    }

    /// Instructions executed so far, each element of a REP counted, as `PC.instructionCount` counts.
    public private(set) var count: UInt64
    /// How many lines there are so far.
    public private(set) var lineCount: UInt64 = 0

    private let ranges: [Range]
    private let limit: UInt64
    // SAFETY: the bytes are good during the call.
    private let output: (UnsafeRawBufferPointer) -> Void
    private var buffer = LineBuffer(capacity: 1 << 16)
    private let texts: InstructionTexts

    // MARK: The line in the making
    /// The registers before the instruction that is not complete yet; nil between two instructions.
    private var before: RegisterState?
    /// The registers after what was executed last.
    private var last: RegisterState?
    private var startTime: UInt64 = 0
    private var codeBase: UInt32 = 0
    private var code = CodeBytes()
    private var is32Bit = false
    private var fault: Fault?
    /// The end of a slice stopped a REP between two elements: what is left of it belongs to the same line.
    private var isCut = false

    // SAFETY: the bytes that `output` sees are good during the call.
    /// - Parameters:
    ///   - ranges: where to trace; everywhere if there is none.
    ///   - limit: how many lines to write; then the trace is over.
    ///   - count: instructions that the CPU has executed before.
    ///   - output: takes whole lines, in blocks.
    public init(
        model: CPUModel, ranges: [Range] = [], limit: UInt64 = .max, startingAt count: UInt64 = 0,
        output: @escaping (UnsafeRawBufferPointer) -> Void
    ) {
        self.ranges = ranges
        self.limit = limit
        self.count = count
        self.output = output
        texts = InstructionTexts(model: model)
        buffer.append(Self.header)
    }

    /// Completes the last line and hands over what was collected.
    public func finish() {
        completeLine()
        flush()
    }

    /// Completes the last line: the machine was put to where `count` instructions are executed.
    public func goOn(at count: UInt64) {
        completeLine()
        self.count = count
    }

    private func flush() {
        buffer.withBytes(output)
        buffer.clear()
    }

    /// Writes the line of the instruction in the making, if it is wanted.
    private func completeLine() {
        guard let before, let last else { return }
        self.before = nil
        isCut = false
        defer { fault = nil }
        guard lineCount < limit, isWanted(before) else { return }
        startLine()
        texts.append(code, at: before, is32Bit: is32Bit, to: &buffer)
        if let fault { appendEvent(CaughtEvent(fault).name, code: last.isProtected ? fault.errorCode : nil) }
        endLine(last, since: before)
    }

    private func startLine() {
        buffer.append(decimal: count, width: 10)
        buffer.append(LineBuffer.tab)
    }

    private func endLine(_ state: RegisterState, since before: RegisterState) {
        var next = state.nextChange(since: before, from: 0)
        while let number = next {
            if number != RegisterState.instructionPointer {
                buffer.separate()
                texts.append(field: number, state.values[number], to: &buffer)
            }
            next = state.nextChange(since: before, from: number &+ 1)
        }
        if state.fpu != before.fpu {
            for change in state.fpu.changes(since: before.fpu) {
                buffer.separate()
                buffer.append("\(change.name)=")
                buffer.append(hex: change.after, digits: change.digits)
            }
        }
        buffer.append(LineBuffer.newLine)
        lineCount &+= 1
        if buffer.isNearlyFull { flush() }
    }

    private func appendEvent(_ name: String, code: UInt32?) {
        buffer.append(name)
        guard let code else { return }
        buffer.append(UInt8(ascii: "("))
        buffer.append(hex: code, digits: 4)
        buffer.append(UInt8(ascii: ")"))
    }

    private func isWanted(_ state: RegisterState) -> Bool {
        guard !ranges.isEmpty else { return true }
        let (selector, eip) = (state.selectorOfCode, state.eip)
        for range in ranges {
            switch range {
            case .linear(let addresses): if addresses.contains(codeBase &+ eip) { return true }
            case .offsets(selector, let offsets): if offsets.contains(eip) { return true }
            case .offsets: break
            }
        }
        return false
    }
}

extension InstructionTrace: InstructionObserver {
    func didAttach(_ core: Core) { last = RegisterState(core) }

    func willExecute(_ core: Core) {
        startTime = core.now
        if isCut, before?.eip == core.s.pointee.eip { return }
        completeLine()
        before = RegisterState(core)
        codeBase = core.s.segment(SegmentNumber.cs).pointee.base
        is32Bit = core.s.segment(SegmentNumber.cs).pointee.isBig
        code = CodeBytes()
    }

    func didFetch(_ core: Core, length: Int) {
        var fetched = CodeBytes()
        let start = codeBase &+ core.s.pointee.instructionEIP
        for i in 0..<length { fetched.append(core.peekCode(start &+ UInt32(truncatingIfNeeded: i))) }
        if isCut, fetched != code {
            // A REP that has written over itself: another instruction goes on from here.
            let start = last
            completeLine()
            before = start
        }
        code = fetched
    }

    func didRaise(_ fault: Fault) { self.fault = fault }

    func didExecute(_ core: Core) -> Bool {
        count &+= core.now &- startTime
        last = RegisterState(core)
        isCut = core.s.pointee.isRepeating
        if !isCut { completeLine() }
        return lineCount < limit
    }

    func didInterrupt(_ core: Core, vector: UInt8) {
        completeLine()
        defer { last = RegisterState(core) }
        guard let last, lineCount < limit, isWanted(last) else { return }
        startLine()
        texts.append(event: vector, at: last, is32Bit: is32Bit, to: &buffer)
        endLine(RegisterState(core), since: last)
    }
}
