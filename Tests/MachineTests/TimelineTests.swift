import PCCore
import PCHost
import Testing

/// Where a machine goes back to, it is what it was there.
@Suite struct TimelineTests {
    /// A machine with a guest, keys that were pressed, and its history.
    private final class History {
        let pc: PC
        let timeline: Timeline
        let end: Timeline.Position
        let hash: String

        init(_ guest: Guest, length: Double = 0.6) {
            let run = BootRun(guest, length: length)
            pc = run.pc
            timeline = Timeline(pc, interval: 1_500_000)
            run.finish(by: { [timeline] in timeline.run(until: $0) })
            end = timeline.position
            hash = Self.hash(pc)
        }

        static func hash(_ pc: PC) -> String { MachineHash.hex(pc, disks: pc.disks) }
    }

    @Test(arguments: Guest.present) func aSecondMachineDoesTheSame(_ guest: Guest) {
        let first = History(guest)
        #expect(first.timeline.inputs.count > 8)
        let other = BootRun(guest).pc
        let replay = Timeline(other, replaying: first.timeline.inputs, to: first.end)
        var random = SeededGenerator(seed: 3)
        while replay.position < first.end {
            _ = replay.run(until: first.end.time, atMost: .random(in: 1...900_000, using: &random))
        }
        #expect(replay.isAtEnd)
        #expect(History.hash(other) == first.hash)
        // Without the inputs it is another history.
        let silent = BootRun(guest).pc
        _ = Timeline(silent, replaying: [], to: first.end).run(until: first.end.time)
        #expect(History.hash(silent) != first.hash)
    }

    @Test(arguments: Guest.present) func itGoesBackAndForth(_ guest: Guest) {
        let past = History(guest)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<12 {
            let count = UInt64.random(in: 1...past.end.instruction, using: &random)
            #expect(past.timeline.seek(instruction: count))
            #expect(past.pc.instructionCount == count)
            let there = History.hash(past.pc)
            let fresh = BootRun(guest).pc
            _ = Timeline(fresh, replaying: past.timeline.inputs, to: past.end).run(until: .max, atMost: count)
            #expect(History.hash(fresh) == there)
        }
        _ = past.timeline.run(until: past.end.time)
        #expect(History.hash(past.pc) == past.hash)
    }

    /// Who touches the machine in the past makes another future.
    @Test func anInputInThePastForgetsWhatCame() {
        let past = History(.demoDisk)
        let inputs = past.timeline.inputs
        past.timeline.seek(instruction: past.end.instruction / 2)
        #expect(!past.timeline.isAtEnd)
        past.pc.press(.z)
        #expect(past.timeline.isAtEnd)
        #expect(past.timeline.inputs.count < inputs.count)
        #expect(past.timeline.end < past.end)
        _ = past.timeline.run(until: past.end.time)
        #expect(History.hash(past.pc) != past.hash)
    }

    /// An event that is due when two inputs come at the same time waits for both, and so it does again.
    @Test func inputsAtTheSameTimeStayTogether() {
        for isTogether in [true, false] {
            let pc = BootRun(.demoDisk).pc
            let timeline = Timeline(pc)
            _ = timeline.run(until: 8_000_000)
            pc.press(.a)
            if !isTogether { _ = timeline.run(until: pc.now) }
            pc.release(.a)
            _ = timeline.run(until: 12_000_000)
            let other = BootRun(.demoDisk).pc
            _ = Timeline(other, replaying: timeline.inputs, to: timeline.position).run(until: 12_000_000)
            #expect(History.hash(other) == History.hash(pc))
        }
    }

    /// The states take no more memory than they may.
    @Test func statesThinOut() {
        let pc = BootRun(.demoDisk).pc
        let timeline = Timeline(pc, interval: 20_000)
        _ = timeline.run(until: 20_000_000)
        #expect(timeline.memory < 600 << 20)
        let hash = History.hash(pc)
        let end = timeline.position
        #expect(!timeline.seek(instruction: end.instruction + 1))
        #expect(timeline.seek(instruction: 234_567))
        _ = timeline.run(until: end.time)
        #expect(History.hash(pc) == hash)
    }
}
