/// Where the beam is: the CRT controller's counters as a function of guest time.
///
/// The counters are taken to have run with the present settings since power-on, so that nothing but the registers
/// decides them. All lengths are in dots of the dot clock, or in scan lines.
struct FrameTiming {
    /// The dot clock, halved where the sequencer halves it.
    let clock: Clock
    let dotsPerLine: UInt64
    let displayedDots: UInt64
    let lines: UInt64
    let displayedLines: UInt64
    let retraceStart: UInt64
    let retraceLines: UInt64

    // The last exact conversion, from which the next ones are reckoned in 64 bits. Not state: a function of the time.
    private var anchor: GuestTime = 0
    private var anchorDot: UInt64 = 0
    private var anchorRemainder: UInt64 = 0
    // What `beam` said last, and while it holds: programs ask over and over. Not state either.
    private var known: Range<GuestTime> = 0..<0
    private var knownBeam = (displaying: false, retrace: false)

    init(_ crtc: CRTController, _ sequencer: Sequencer, clockSelect: UInt8, slotsPerSecond: UInt64) {
        // 2 and 3 would select a clock from outside; none is connected, and the first goes on. [FreeVGA extreg]
        let hertz: UInt64 = clockSelect == 1 ? 28_322_000 : 25_175_000
        clock = Clock(hertz: hertz, per: sequencer.halvesDotClock ? 2 : 1, slotsPerSecond: slotsPerSecond)
        let dots = UInt64(sequencer.dotsPerCharacter)
        dotsPerLine = UInt64(crtc.totalCharacters) * dots
        displayedDots = UInt64(crtc.displayedCharacters) * dots
        lines = UInt64(crtc.totalLines)
        displayedLines = UInt64(crtc.displayedLines)
        retraceStart = UInt64(crtc.retraceStart)
        retraceLines = UInt64(crtc.retraceLines)
    }

    /// Whether the beam is at the same place at any time.
    func isSame(as other: FrameTiming) -> Bool {
        clock == other.clock && dotsPerLine == other.dotsPerLine && displayedDots == other.displayedDots
            && lines == other.lines && displayedLines == other.displayedLines && retraceStart == other.retraceStart
            && retraceLines == other.retraceLines
    }

    /// Dots in a frame.
    var frame: UInt64 { dotsPerLine * lines }

    /// The dot of its frame that is due at `time`, and when the one `ahead(dot)` dots later is.
    private mutating func dot(at time: GuestTime, ahead: (UInt64) -> UInt64) -> (dot: UInt64, next: GuestTime) {
        let slots = clock.denominator &* clock.slotsPerSecond
        // 2^36 slots of a clock below 2^25 Hz leave room in 64 bits for the remainder.
        if time < anchor || time &- anchor > 1 << 36 {
            let product = UInt128(time) &* UInt128(clock.numerator)
            let (quotient, remainder) = product.quotientAndRemainder(dividingBy: UInt128(slots))
            anchor = time
            anchorDot = UInt64(truncatingIfNeeded: quotient % UInt128(frame))
            anchorRemainder = UInt64(truncatingIfNeeded: remainder)
        }
        let passed = (time &- anchor) &* clock.numerator &+ anchorRemainder
        let count = passed / slots
        let dot = (anchorDot &+ count) % frame
        let due = (count &+ ahead(dot)) &* slots &- anchorRemainder
        return (dot, anchor &+ (due &+ clock.numerator &- 1) / clock.numerator)
    }

    /// What input status 1 shows of the beam: displaying, and in vertical retrace.
    mutating func beam(at time: GuestTime) -> (displaying: Bool, retrace: Bool) {
        if known.contains(time) { return knownBeam }
        // It changes at the end of the displayed part and at the end of the line, at the most.
        let (width, shown) = (dotsPerLine, displayedDots)
        let (now, next) = dot(at: time) { $0 % width < shown ? min(shown, width) &- $0 % width : width &- $0 % width }
        let (line, column) = now.quotientAndRemainder(dividingBy: dotsPerLine)
        known = time..<max(next, time)
        knownBeam = (
            line < displayedLines && column < displayedDots,
            line >= retraceStart && line < retraceStart &+ retraceLines
        )
        return knownBeam
    }

    /// The number of the frame that is shown at `time`.
    func frameNumber(at time: GuestTime) -> UInt64 { clock.ticks(at: time) / frame }

    /// The first start of vertical retrace after `time`; `.max` where the line counter never gets there.
    func nextRetrace(after time: GuestTime) -> GuestTime {
        guard retraceStart < lines else { return .max }
        let now = clock.ticks(at: time)
        let start = now &- now % frame &+ retraceStart &* dotsPerLine
        return clock.time(ofTick: start > now ? start : start &+ frame)
    }
}
