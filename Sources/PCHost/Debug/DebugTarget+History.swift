import PCCore

/// What ran before.
extension DebugTarget {
    /// What is known of the machine's past.
    var historyLines: [String] {
        guard let start = timeline.start else { return ["none is kept"] }
        return [
            "from instruction \(start.instruction) to \(timeline.end.instruction), now at \(pc.instructionCount)",
            "\(timeline.inputs.count) inputs",
        ]
    }

    /// Elements of REP that are looked through for one whole instruction more.
    private static let furthest: UInt64 = 1 << 20

    /// Puts the machine before each of the last `count` instructions in turn, the earliest first, and then where it is.
    func visitLast(_ count: Int, _ visit: () -> Void) {
        let here = timeline.mark()
        let end = here.position.instruction
        let start = max(timeline.start?.instruction ?? end, end - min(end, UInt64(count) + Self.furthest))
        withoutStops {
            var (places, distance) = ([UInt64](), UInt64(count))
            // A REP is one instruction and many counts.
            while true {
                let from = end - min(distance, end - start)
                timeline.seek(instruction: from)
                places = []
                step(to: end) { places.append($0) }
                if from == start || places.count > count { break }
                distance *= 8
            }
            // What began in the middle of a REP is not whole.
            let first = places.suffix(count).first ?? end
            timeline.seek(instruction: first)
            step(to: end) { _ in visit() }
            timeline.go(to: here)
        }
    }

    /// Tells of each instruction up to `end` before it runs.
    private func step(to end: UInt64, _ visit: (UInt64) -> Void) {
        while pc.instructionCount < end {
            if !pc.isAsleep { visit(pc.instructionCount) }
            let before = timeline.position
            guard timeline.step() == .sliceEnd, timeline.position != before else { return }
        }
    }
}
