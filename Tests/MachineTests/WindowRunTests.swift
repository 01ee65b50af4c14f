#if Window
    import Foundation
    import PCHost
    import Testing

    /// The program in a window on a screen of its own: typed at with xdotool, looked at by its pixels.
    @Suite(
        .serialized, .timeLimit(.minutes(5)),
        .enabled(if: VirtualScreen.isAvailable, "Xvfb or xdotool is not installed (make setup)"))
    struct WindowRunTests {
        private let folder: Folder
        private let screen: VirtualScreen

        init() throws {
            folder = try Folder()
            screen = try VirtualScreen()
        }

        @Test
        func theDemoDiskShowsAndTheWindowCloses() throws {
            let run = try start([])
            let window = try findWindow()
            try wait("the demo disk's screen") { try screen.litPixels() > 2000 }
            #expect(try screen.xdotool("getwindowname", window).contains("Swift86 – demo disk"))
            try screen.requestClose(of: window)
            try run.expectEnd()
        }

        /// A click gives the guest the mouse, Ctrl-Alt gives it back.
        @Test
        func theMouseComesAndGoes() throws {
            let run = try start([])
            let window = try findWindow()
            try wait("the demo disk's screen") { try screen.litPixels() > 2000 }
            let hint = "Ctrl-Alt gives the mouse back"
            #expect(try !screen.xdotool("getwindowname", window).contains(hint))
            try screen.xdotool("windowfocus", window)
            try screen.xdotool("mousemove", "--window", window, "100", "100")
            try screen.xdotool("click", "1")
            try wait("the guest to have the mouse") { try screen.xdotool("getwindowname", window).contains(hint) }
            try screen.xdotool("key", "ctrl+alt")
            try wait("the host to have the mouse") { try !screen.xdotool("getwindowname", window).contains(hint) }
            try screen.requestClose(of: window)
            try run.expectEnd()
        }

        /// Ctrl-F4 takes the next of a drive's images; the file of the first one is free then.
        @Test
        func controlF4ChangesTheFloppy() throws {
            let images = try ["a.img", "b.img"].map { try folder.file($0, [UInt8](repeating: 0, count: 163_840)) }
            let isInUse = { (image: String) in (try? DiskImage(path: image, access: .written)) == nil }
            let run = try start(["--floppy", images.joined(separator: ",")])
            let window = try findWindow()
            try wait("the BIOS's screen") { try screen.litPixels() > 500 }
            #expect(isInUse(images[0]) && !isInUse(images[1]))
            try screen.xdotool("windowfocus", window)
            try screen.xdotool("key", "ctrl+F4")
            try wait("the first image to be free") { !isInUse(images[0]) }
            #expect(isInUse(images[1]))
            try screen.requestClose(of: window)
            try run.expectEnd()
        }

        /// The release needs below 2% of a core for an idle prompt; the limit here is one for debug builds and busy hosts.
        @Test
        func anIdlePromptCostsNextToNothing() throws {
            let run = try start([])
            let window = try findWindow()
            try wait("the demo disk's screen to come to rest") { try screen.litPixels() > 2000 && isAtRest() }
            let before = try cpuTime(of: run.process)
            usleep(4_000_000)
            let share = try (cpuTime(of: run.process) - before) / 4
            #expect(share < 0.1, "an idle machine takes \(share * 100)% of a core")
            try screen.requestClose(of: window)
            try run.expectEnd()
        }

        @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
        func freeDOSTakesDir() throws {
            let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
            let text = folder.path("screen.txt")
            let run = try start(["--screen", text, image])
            let window = try findWindow()
            // FreeDOS asks for date and time if it has no AUTOEXEC.BAT; Enter answers both and hurts nobody else.
            try wait("FreeDOS's screen to come to rest") { try screen.litPixels() > 2000 && isAtRest() }
            try screen.xdotool("windowfocus", window)
            try enter("cls")
            try wait("the screen to be cleared") { try screen.litPixels() < 2000 }
            let before = try screen.litPixels()
            try enter("dir")
            try wait("the output of dir") { try screen.litPixels() > before * 5 && isAtRest() }
            try screen.requestClose(of: window)
            try run.expectEnd()
            let shown = try folder.text("screen.txt")
            #expect(shown.contains("A:\\>dir"), "\(shown)")
            #expect(shown.contains("bytes free"), "\(shown)")
        }

        // MARK: The run

        private struct Run {
            let process: Process

            /// The program ends with status 0 after its window was closed.
            func expectEnd() throws {
                let end = Date(timeIntervalSinceNow: 20)
                while process.isRunning, Date() < end { usleep(50_000) }
                #expect(!process.isRunning, "the window was closed, the program goes on")
                if process.isRunning { process.terminate() }
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
            }
        }

        private func start(_ arguments: [String]) throws -> Run {
            let process = Process()
            process.executableURL = Tool.url
            process.arguments = ["boot", "--display", "window"] + arguments
            process.environment = Tool.base.merging(screen.environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            try process.launchUnblocked()
            return Run(process: process)
        }

        /// Seconds of CPU time that a process has taken.
        private func cpuTime(of process: Process) throws -> Double {
            let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
            return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }

        /// Types a line at the guest.
        private func enter(_ line: String) throws {
            try screen.xdotool("type", "--delay", "60", line)
            try screen.xdotool("key", "Return")
        }

        private func findWindow() throws -> String {
            var window = ""
            try wait("the window") {
                window =
                    try screen.xdotool("search", "--name", "^Swift86").split(separator: "\n").first.map(String.init)
                    ?? ""
                return !window.isEmpty
            }
            return window
        }

        /// The picture stands still for a second; the cursor may blink.
        private func isAtRest() throws -> Bool {
            let first = try screen.litPixels()
            usleep(1_000_000)
            return abs(try screen.litPixels() - first) < 200
        }

        private func wait(_ what: String, until isDone: () throws -> Bool) throws {
            let end = Date(timeIntervalSinceNow: 60)
            while try !isDone() {
                guard Date() < end else {
                    Issue.record("waited a minute for \(what)")
                    throw CancellationError()
                }
                usleep(200_000)
            }
        }
    }
#endif
