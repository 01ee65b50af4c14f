import PCCore

/// The PC speaker's tones as samples: a square wave, averaged over four points a sample so that high tones do not rasp.
public struct SquareWave {
    private let seconds: GuestSeconds
    private let sampleRate: UInt64
    private var millihertz: UInt64 = 0
    /// The place in the wave, in thousandths of a cycle times the oversampled rate.
    private var phase: UInt64 = 0
    private var time: GuestTime = 0

    private static let oversampling: UInt64 = 4
    static let amplitude: Int = 6000

    public init(seconds: GuestSeconds, sampleRate: Int) {
        self.seconds = seconds
        self.sampleRate = UInt64(max(1, sampleRate))
    }

    /// Whether a tone sounds now.
    public var isSounding: Bool { millihertz > 0 }

    /// The samples of the guest time from the last call up to `end`, a second's worth at most.
    public mutating func render(_ tones: [HostLink.Tone], until end: GuestTime) -> [Int16] {
        let first = max(sample(at: time), sample(at: end) &- min(sampleRate, sample(at: end)))
        let last = max(first, sample(at: end))
        var samples: [Int16] = []
        samples.reserveCapacity(Int(last - first))
        var next = 0
        for number in first..<last {
            while next < tones.count, sample(at: tones[next].time) <= number {
                change(to: tones[next].millihertz)
                next += 1
            }
            samples.append(nextSample())
        }
        while next < tones.count {
            change(to: tones[next].millihertz)
            next += 1
        }
        time = end
        return samples
    }

    private mutating func change(to tone: UInt64) {
        if millihertz == 0 { phase = 0 }
        // Above half the sample rate there is nothing to hear.
        millihertz = tone > sampleRate * 500 ? 0 : tone
    }

    private mutating func nextSample() -> Int16 {
        guard millihertz > 0 else { return 0 }
        let cycle = sampleRate * Self.oversampling * 1000
        var sum = 0
        for _ in 0..<Self.oversampling {
            phase = (phase + millihertz) % cycle
            sum += phase < cycle / 2 ? Self.amplitude : -Self.amplitude
        }
        return Int16(clamping: sum / Int(Self.oversampling))
    }

    private func sample(at time: GuestTime) -> UInt64 {
        UInt64(clamping: UInt128(time) * UInt128(sampleRate) / UInt128(seconds.slotsPerSecond))
    }
}
