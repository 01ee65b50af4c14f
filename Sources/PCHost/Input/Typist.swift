import PCCore

/// Presses keys for someone who is not at the keyboard: one chord after the other, each held for a while.
public struct Typist {
    private enum Action {
        case press(Key)
        case release(Key)
        case wait(GuestTime)
        /// Until the guest has taken most of what was typed, but no longer than this.
        case waitForGuest(limit: GuestTime)
    }

    private let seconds: GuestSeconds
    private var actions: [Action] = []
    private var next = 0
    private var resumeAt: GuestTime = 0
    private var waitEnds: GuestTime?

    public init(seconds: GuestSeconds) {
        self.seconds = seconds
    }

    public var isIdle: Bool { next >= actions.count }

    /// When the next key moves; nil where nothing is left to do.
    public var deadline: GuestTime? { isIdle ? nil : resumeAt }

    /// Adds a chord: its keys go down in order, stay down for `hold`, come up in the opposite order, and nothing
    /// happens for `gap` (both in nanoseconds).
    public mutating func type(_ chord: [Key], hold: UInt64 = 40_000_000, gap: UInt64 = 50_000_000) {
        compact()
        actions += chord.map { .press($0) }
        actions.append(.wait(seconds.slots(nanoseconds: hold)))
        actions += chord.reversed().map { .release($0) }
        actions.append(.wait(seconds.slots(nanoseconds: gap)))
    }

    /// Adds the keys that type `text`, as fast as the guest takes them. Characters without a key are left out.
    public mutating func paste(_ text: String) {
        for character in text {
            guard let chord = Key.chord(for: character) else { continue }
            actions.append(.waitForGuest(limit: seconds.slots(nanoseconds: 2_000_000_000)))
            type(chord, hold: 10_000_000, gap: 10_000_000)
        }
    }

    /// Does what is due.
    public mutating func turn(_ pc: PC) {
        while !isIdle, pc.now >= resumeAt {
            switch actions[next] {
            case .press(let key): pc.press(key)
            case .release(let key): pc.release(key)
            case .wait(let time):
                let end = waitEnds ?? sum(pc.now, time)
                guard pc.now >= end else {
                    waitEnds = end
                    resumeAt = end
                    return
                }
                waitEnds = nil
            case .waitForGuest(let limit):
                let end = waitEnds ?? sum(pc.now, limit)
                guard KeyboardRoom.isThere(in: pc) || pc.now >= end else {
                    waitEnds = end
                    resumeAt = sum(pc.now, seconds.slots(nanoseconds: 5_000_000))
                    return
                }
                waitEnds = nil
            }
            next += 1
        }
    }

    private func sum(_ a: GuestTime, _ b: GuestTime) -> GuestTime {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }

    private mutating func compact() {
        guard next > 4096 || isIdle else { return }
        actions.removeFirst(next)
        next = 0
    }
}
