import PCCore
import Testing

@testable import PCHost

/// What a recording and a history hold, and what they refuse.
@Suite struct RecordingFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func session(_ set: (inout BootOptions) -> Void = { _ in }) throws -> MachineSession {
        var options = BootOptions()
        set(&options)
        options.headless = true
        (options.cpu, options.memory) = ("386", "1M")
        return try MachineSession(
            BootPlan(
                options,
                surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)))
    }

    private func recording(_ inputs: [RecordedInput]) throws -> StateContainer {
        let end = Timeline.Position(time: 1000, instruction: 1000)
        return try Recording(start: session().stateFile(), inputs: inputs, end: end, hash: "00").container
    }

    private func press(_ time: GuestTime) -> RecordedInput {
        RecordedInput(time: time, isTogether: false, input: .press(.esc))
    }

    @Test func inputsComeInTheOrderOfTime() throws {
        for times in [[], [5], [5, 5, 6]] as [[GuestTime]] {
            let read = try Recording(recording(times.map(press)))
            #expect(try read.inputs { _, _, _ throws(StateFault) in throw .damaged }.map(\.time) == times)
        }
        #expect(throws: StateFault.damaged) { try Recording(recording([press(6), press(5)])) }
    }

    /// A disk that was put in has to be what it was then.
    @Test func disksOfInputsAreCompared() throws {
        let (a, b) = (
            try folder.file("a.img", [UInt8](repeating: 1, count: 163_840)),
            try folder.file("b.img", [UInt8](repeating: 2, count: 163_840))
        )
        let disk = try DiskImage(path: a, access: .readOnly).tracked
        let read = try Recording(
            recording([RecordedInput(time: 1, isTogether: false, input: .insertFloppy(disk, drive: 1))]))
        func inputs(from file: String) throws -> [RecordedInput] {
            try read.inputs { path, kind, place throws(StateFault) in
                #expect(path == a && kind == .floppy && place == 1)
                guard let image = try? DiskImage(path: file, access: .readOnly) else { throw .damaged }
                return image.tracked
            }
        }
        #expect(try inputs(from: a).count == 1)
        #expect(throws: StateFault("needs \(a) as it was, and it has changed")) { try inputs(from: b) }
    }

    /// One that is out again by the end, and whose file is closed.
    @Test func aDiskThatIsOutAgainIsKnown() throws {
        let a = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let path = folder.path("r.s86")
        let session = try session { $0.record = path }
        try session.media.insert(a, in: .b)
        try session.media.eject(.b)
        try session.writeRecording(to: path)
        let read = try Recording(path: path)
        let inputs = try read.inputs { path, _, _ throws(StateFault) in
            guard let image = try? DiskImage(path: path, access: .readOnly) else { throw .damaged }
            return image.tracked
        }
        #expect(inputs.count == 2)
    }

    /// A container of a state whose section `tag` has another content.
    private func state(_ tag: String, _ content: [UInt8]) throws -> StateContainer {
        let whole = try session().stateFile().container
        var changed = StateContainer()
        for section in whole.sections {
            changed.add(section.tag, section.tag == tag ? content : try whole.content(section.tag, limit: .max) ?? [])
        }
        return changed
    }

    @Test func pagesComeInAscendingOrder() throws {
        let pages = { (numbers: [UInt32]) in
            numbers.flatMap { LittleEndian.bytes($0) + [UInt8](repeating: 7, count: 4096) }
        }
        for tag in ["RAM ", "VRAM"] {
            #expect(throws: Never.self) { try StateFile(state(tag, pages([3, 5]))) }
            for numbers in [[5, 3], [3, 3], [1 << 20]] as [[UInt32]] {
                #expect(throws: StateFault.damaged) { try StateFile(state(tag, pages(numbers))) }
            }
        }
    }

    @Test func aNameComesOnce() throws {
        var container = StateContainer()
        container.add("ABCD", [1])
        container.add("ABCD", [2])
        #expect(throws: BadInput.self) { try StateContainer(container.bytes, name: "x") }
    }

    // MARK: History

    /// Events that were due between two inputs of one time are due between them again.
    @Test func inputsOfOneTimeStayApartOrTogether() throws {
        let first = try session().pc
        let timeline = Timeline(first)
        _ = timeline.run(until: 1000)
        for isTogether in [false, true, false, true] {
            if !isTogether { _ = timeline.run(until: first.now) }
            first.press(.esc)
        }
        #expect(timeline.inputs.map(\.isTogether) == [false, true, false, true])
        #expect(Set(timeline.inputs.map(\.time)).count == 1)
        let second = try session().pc
        let replay = Timeline(second, replaying: timeline.inputs, to: timeline.position)
        var seen: [Bool] = []
        second.inputTaken = { seen.append($0.isTogether) }
        _ = replay.run(until: 2000)
        #expect(seen == [false, true, false, true])
    }

    /// Who touches the machine in its past forgets the states that came after.
    @Test func statesOfAForgottenFutureAreGone() throws {
        let pc = try session().pc
        let timeline = Timeline(pc, interval: 100_000)
        _ = timeline.run(until: .max, atMost: 1_000_000)
        let all = timeline.statesBefore(.init(time: .max, instruction: .max)).count
        #expect(all > 5)
        #expect(timeline.seek(instruction: 350_000))
        pc.press(.esc)
        #expect(timeline.end == timeline.position)
        let kept = timeline.statesBefore(.init(time: .max, instruction: .max))
        #expect(!kept.isEmpty && kept.count < all && kept.allSatisfy { $0.position <= timeline.position })
    }
}
