import Foundation
import PCCore
import PCHost
import Testing

/// The examples of Documentation/Library.md, as they stand there: between a line `// example NAME` and a line `// end`.
@Suite struct LibraryExamples {
    private func demo() -> BootOptions {
        var options = BootOptions()
        options.headless = true
        options.maxTime = "2s"
        return options
    }

    /// What the document shows is what is run here.
    @Test func theDocumentShowsThese() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let path = here.appending(path: "../../Documentation/Library.md")
        let document = try String(contentsOf: path, encoding: .utf8)
        let blocks = document.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
        var examples: [String] = []
        var lines: [Substring]?
        for line in try String(contentsOfFile: #filePath, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("// example ") {
                lines = []
            } else if text == "// end", let done = lines {
                let indent = done.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
                examples.append(done.map { $0.dropFirst(min(indent, $0.count)) }.joined(separator: "\n"))
                lines = nil
            } else {
                lines?.append(line)
            }
        }
        #expect(examples.count == 9 && blocks == examples)
    }

    @Test func aSession() throws {
        let folder = try Folder()
        let (image, state, overlay) = (folder.path("disk.img"), folder.path("demo.s86"), folder.path("disk.ovl"))
        try Data(Firmware.demoDisk.bytes).write(to: URL(filePath: image))
        // example session
        var options = BootOptions()
        options.images = [image]
        options.overlays = [overlay]
        options.headless = true
        options.cpu = "386"
        let session = try MachineSession(BootPlan(options))

        while session.pc.now < 2 * session.pc.slotsPerSecond, session.ending == nil { session.advance() }
        try session.save(to: state)

        session.typist.paste("hello")
        let before = session.save()
        for _ in 0..<100 { session.advance() }
        try session.load(before)
        try session.load(from: state)
        // end
        #expect(session.pc.now >= 2 * session.pc.slotsPerSecond && session.pc.now < 3 * session.pc.slotsPerSecond)
        #expect(FileManager.default.fileExists(atPath: overlay))
    }

    @Test func clones() throws {
        let booted = BootRun(.demoDisk, length: 0.2)
        booted.finish()
        let pc = booted.pc
        // example clones
        let template = try MachineTemplate(pc)
        let clones = try (0..<100).map { _ in try template.machine() }
        for (number, clone) in clones.enumerated() {
            clone.press(number.isMultiple(of: 2) ? .down : .up)
            _ = clone.run(instructions: 1_000_000)
        }
        // end
        let hashes = Set(clones.map { MachineHash.hex($0, disks: $0.disks) })
        #expect(hashes.count == 2)
    }

    @Test func aRecording() throws {
        let folder = try Folder()
        let (path, options) = (folder.path("run.s86"), demo())
        // example recording
        var recording = try BootPlan(options)
        recording.record = path
        let first = try MachineSession(recording)
        _ = first.run()
        try first.report()

        var again = BootPlan()
        again.replay = path
        let second = try MachineSession(again)
        let isTheSame = second.run() == .replayed(isSame: true)
        // end
        #expect(isTheSame)
    }

    @Test func history() throws {
        let options = demo()
        // example history
        let target = DebugTarget(try MachineSession(BootPlan(options)))
        target.stops.breakpoints = [0x7C00]
        guard case .stopped = target.resume(isInterrupted: { false }) else { return }
        let ticks = target.read(linear: 0x46C, count: 4)

        target.stops = StopSet()
        _ = target.resume(until: target.pc.now + target.pc.slotsPerSecond, isInterrupted: { false })
        let writer = target.lastWriter(of: .linear(0x46C), isInterrupted: { false })
        _ = target.stepBack()
        target.stops.memory = [MemoryWatch(first: 0x46C, count: 4)]
        _ = target.resumeBack(isInterrupted: { false })
        // end
        #expect(ticks.count == 4 && writer?.selector == 0xF000)
        #expect(target.pc.instructionCount == (writer.map { $0.instruction } ?? 0))
    }

    @Test func debugger() throws {
        let options = demo()
        // example debugger
        var text = ""
        let debugger = Debugger(DebugTarget(try MachineSession(BootPlan(options)))) { text += $0 + "\n" }
        for command in ["break 0:7C00", "continue", "registers", "back", "info history"] {
            try debugger.execute(command)
        }
        // end
        #expect(text.contains("7C00"))
    }

    @Test func control() throws {
        // example control
        let control = ControlSession()
        for request in ["machine cpu 386", "start", "speed max", "events on", "watch-text ready Swift86"] {
            precondition(control.answer(request).last == "ok")
        }
        while !control.takeEvents().contains(.text(watch: "ready", client: 0)) { _ = control.catchUp() }
        let screen = control.answer("text")
        control.close()
        // end
        #expect(screen.contains { $0.contains("Swift86") })
    }

    @Test func servers() throws {
        let folder = try Folder()
        let (lines, qmp) = (folder.path("lines"), folder.path("qmp"))
        var ended = false
        // example servers
        let session = ControlSession()
        let server = ControlServer(session)
        try server.listen(at: lines)
        try server.listen(at: qmp, .qmp)
        let gdb = try GDBServer(port: 0)
        // end
        ended = gdb.port != 0
        #expect(ended && FileManager.default.fileExists(atPath: qmp))
        server.close(.request)
    }

    @Test func scenarios() throws {
        let folder = try Folder()
        _ = try folder.file("demo.img", Firmware.demoDisk.bytes)
        let steps = "cpu 386\nram 4M\nfloppy a demo.img\nboot floppy\nwait-text Swift86 20s\n"
        let path = try folder.file("demo.scn", Array(steps.utf8))
        // example scenarios
        let batch = try ScenarioBatch(paths: [path])
        let outcomes = batch.run { print($0.lines.joined(separator: "\n")) }
        let failed = outcomes.filter { $0.verdict != .passed }
        try JUnitReport.write(outcomes, to: folder.path("junit.xml"))
        // end
        #expect(failed.isEmpty)
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func dosProgram() throws {
        let folder = try Folder()
        let dos = try #require(Surroundings.guest("freedos-1.4MB.img")).path
        // MOV AX,4C2Ah; INT 21h
        let program = try folder.file("ANSWER.COM", [0xB8, 0x2A, 0x4C, 0xCD, 0x21])
        // example dos
        var options = DosRunOptions(program: program, dos: dos)
        options.arguments = ["/?"]
        options.maxTime = 60_000_000_000
        var run = try DosRun(options)
        let errorLevel = try run.run().code
        // end
        #expect(errorLevel == 42)
    }
}
