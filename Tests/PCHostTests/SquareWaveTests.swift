import PCCore
import Testing

@testable import PCHost

@Suite struct SquareWaveTests {
    private let seconds = GuestSeconds(slotsPerSecond: 1_000_000)

    @Test func aToneHasItsFrequency() {
        var wave = SquareWave(seconds: seconds, sampleRate: 44100)
        let samples = wave.render([.init(time: 0, millihertz: 440_000)], until: 1_000_000)
        #expect(samples.count == 44100)
        let signs = samples.filter { $0 != 0 }
        let rises = zip(signs, signs.dropFirst()).count { $0 < 0 && $1 > 0 }
        #expect((438...441).contains(rises))
    }

    @Test func silenceIsSilent() {
        var wave = SquareWave(seconds: seconds, sampleRate: 44100)
        #expect(wave.render([], until: 100_000).allSatisfy { $0 == 0 })
    }

    @Test func tonesBeginAndEndInTime() {
        var wave = SquareWave(seconds: seconds, sampleRate: 1000)
        let samples = wave.render(
            [.init(time: 250_000, millihertz: 100_000), .init(time: 500_000, millihertz: 0)], until: 1_000_000)
        #expect(samples[..<250].allSatisfy { $0 == 0 })
        #expect(samples[250..<500].contains { $0 != 0 })
        #expect(samples[500...].allSatisfy { $0 == 0 })
        #expect(!wave.isSounding)
    }

    @Test func aLongJumpIsBounded() {
        var wave = SquareWave(seconds: seconds, sampleRate: 44100)
        #expect(wave.render([.init(time: 5, millihertz: .max)], until: .max).count <= 44100)
    }
}
