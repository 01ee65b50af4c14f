import ArgumentParser
import Glibc
import PCHost

#if Window
    import PCWindow
#endif

extension Swift86 {
    struct Boot: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "boot", abstract: "Starts a machine; without an image the demo disk.")

        @Argument(help: "Disk images; their kind follows from their content and size.")
        var images: [String] = []

        @Option(help: "A floppy image; the first is drive A.") var floppy: [String] = []
        @Option(help: "A hard disk image.") var disk: [String] = []
        @Option(help: "A CD image; without a name, an empty drive.") var cdrom: [String] = []
        @Option(help: "What to boot from: floppy, disk or cdrom.") var boot: String?
        @Option(help: "A kernel to start: of Linux, or a Multiboot one.") var kernel: String?
        @Option(help: "Its first file system, or a Multiboot module with its command line.") var initrd: [String] = []
        @Option(help: "Its command line.") var append: String?

        @Option(help: "CPU, speed and memory of a machine: xt, at, 386, 486, pentium, pentium2.") var machine: String?
        @Option(help: "8086, 186, 286, 386, 486, 586 or 686.") var cpu: String?
        @Option(help: "Memory, such as 640K or 16M.") var memory: String?
        @Option(help: "Million instructions in a second of guest time.") var mips: String?
        @Option(help: "real keeps to the host's clock, max does not.") var speed: String?
        @Option(help: "A system BIOS to use in place of the built-in one.") var bios: String?
        @Option(help: "A VGA BIOS to use in place of the built-in one.") var vgaBios: String?
        @Option(help: "The time at power-on, such as 1994-05-06T12:00:00.") var rtc: String?
        @Option(help: "real gives motor, seek and rotation their time; otherwise fast.") var diskTiming: String?
        @Flag(name: .customLong("no-fpu"), help: "A machine without an x87.") var noFPU = false
        @Flag(help: "End where the guest would reset the machine.") var noReboot = false

        @Option(help: "window, terminal or none.") var display: String?
        @Flag(help: "The same as --display none.") var headless = false
        @Option(help: "A scenario whose steps are performed.") var script: String?
        @Option(help: "COM1: stdio, file:PATH or none.") var serial: String?
        @Option(help: "A printer at LPT1 that prints to stdio or file:PATH; none.") var parallel: String?
        @Option(help: "A serial mouse in place of the PS/2 mouse: com1 or com2.") var serialMouse: String?
        @Option(help: "What is written to port E9h: stdio, file:PATH or none.") var debugConsole: String?
        @Flag(help: "Show the overscan colour around the picture.") var border = false
        @Flag(help: "A byte written to port F4h ends the machine and is the exit status.") var debugExit = false
        @Option(help: "A file that takes what the guest writes; with several disks IMAGE=FILE; repeatable.")
        var overlay: [String] = []
        @Flag(help: "Write-protect every disk.") var readOnly = false
        @Flag(help: "Keep what the guest writes in memory, and drop it at the end.") var discardWrites = false

        @Option(help: "Serve the QEMU Machine Protocol on a Unix socket at this path; repeatable.")
        var qmp: [String] = []
        @Option(help: "The folder of the states that QMP's savevm and loadvm name.") var states: String?

        @Option(help: "Guest time after which to end, such as 30s.") var maxTime: String?
        @Option(help: "Instructions after which to end.") var maxInstructions: String?
        @Option(help: "End when this text stands on the screen.") var untilText: String?
        @Option(help: "At the end, show the screen: text, or a file .txt, .png or .ppm.") var screen: String?
        @Option(help: "Write a line for each instruction to this file; - is standard output.") var trace: String?
        @Option(help: "Trace only these addresses, such as F000:E000-F000:FFFF or 0x7C00-0x7DFF; repeatable.")
        var traceRange: [String] = []
        @Option(help: "The count of the first instruction to trace.") var traceFrom: String?
        @Option(help: "The most lines to trace.") var traceCount: String?
        @Flag(help: "Debug the machine: commands come from standard input; see Documentation/Debugger.md.")
        var debug = false
        @Option(help: "Debug the machine by the commands of this file.") var debugScript: String?
        @Flag(help: "At the end, print the machine hash.") var hash = false
        @Flag(help: "At the end, print instructions, times and speed.") var stats = false
        @Option(help: "Wait for gdb on this port of 127.0.0.1; 0 is any that is free.") var gdb: String?
        @Option(help: "Go on from the state in this file; options of the machine come from it.") var load: String?
        @Option(help: "Write a recording of the run to this file at its end.") var record: String?
        @Option(help: "Do again what was recorded in this file, and compare the machine at its end.") var replay:
            String?
        @Option(help: "At the end of a headless run, write the machine's state to this file.") var save: String?
        @Option(help: "The file of the window's keys for states: Ctrl-F7 saves, Ctrl-F8 loads.") var state: String?
        @Flag(help: "Where a state needs it, write over what its disks hold now.") var rewindDisks = false
        @Option(help: "The least that is told: trace, debug, info, notice, warning, error or critical.")
        var logLevel = "notice"

        func run() throws {
            let messages = try Console.messages(level: logLevel)
            let plan = try BootPlan(options, surroundings: surroundings)
            // Held back from here on, so that no thread of a window is started without.
            let signals = SignalWatch()
            let gdb = try plan.gdbPort.map { try GDBServer(port: $0) }
            let session = try MachineSession(plan, messages: messages)
            let control = try controlServer(session, messages)
            var front = try frontEnd(plan, messages)
            if let (control, server) = control { front = ServedFrontEnd(control, server, around: front) }
            let debugged: ExitStatus?
            if let debug = plan.debug {
                debugged = try DebugConsole(debug, session, front: front, signals: signals).run()
            } else if let gdb {
                debugged = nil
                _ = gdb.run(DebugTarget(session), front: front, signals: signals, messages: messages)
            } else if let script = plan.script {
                debugged = tell(session.run(script: try Scenario(path: script), front, signals: signals), script)
            } else {
                debugged = nil
                _ = session.run(front, signals: signals)
            }
            front?.close()
            if debugged == nil { session.announceEnding() }
            let status = debugged ?? session.status
            do {
                try session.report()
            } catch let failure {
                // What the guest itself said still counts.
                Console.write("swift86: \(failure.message)")
                if case .guest = status {} else { throw ExitCode(ExitStatus.badInput.code) }
            }
            throw ExitCode(status.code)
        }

        /// Tells of the steps of a script; gives the exit status.
        private func tell(_ outcome: ScenarioOutcome, _ path: String) -> ExitStatus {
            Console.print(outcome.notes)
            switch outcome.verdict {
            case .passed: return .success
            case .failed(let line, let why):
                Console.write("swift86: \(path):\(line): \(why.split(separator: "\n").joined(separator: " | "))")
            case .unusable(let why):
                Console.write("swift86: \(why)")
                return .badInput
            }
            return .unmet
        }

        /// What serves programs beside the display; nil where nobody asked for it.
        private func controlServer(
            _ session: MachineSession, _ messages: Messages
        ) throws -> (ControlSession, ControlServer)? {
            guard !qmp.isEmpty else { return nil }
            let control = ControlSession(of: session, messages: messages)
            control.statesFolder = states
            let server = ControlServer(control, messages: messages)
            for path in qmp { try server.listen(at: path, .qmp) }
            return (control, server)
        }

        private func frontEnd(_ plan: BootPlan, _ messages: Messages) throws -> (any FrontEnd)? {
            switch plan.display {
            case .none: return nil
            case .terminal: return try TerminalDisplay()
            case .window:
                #if Window
                    return try WindowDisplay(
                        name: plan.name, showsBorder: plan.showsBorder, messages: messages)
                #else
                    return nil
                #endif
            }
        }

        private var surroundings: DisplaySurroundings {
            #if Window
                let hasWindow = true
            #else
                let hasWindow = false
            #endif
            let isSet = { (name: String) in getenv(name).map { $0.pointee != 0 } ?? false }
            return DisplaySurroundings(
                hasWindow: hasWindow, hasDisplayServer: isSet("DISPLAY") || isSet("WAYLAND_DISPLAY"),
                hasTerminal: isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
        }

        private var options: BootOptions {
            var options = BootOptions()
            options.images = images
            options.floppies = floppy
            options.disks = disk
            options.cdroms = cdrom
            options.boot = boot
            options.kernel = kernel
            options.initrds = initrd
            options.append = append
            options.machine = machine
            options.cpu = cpu
            options.memory = memory
            options.mips = mips
            options.speed = speed
            options.bios = bios
            options.vgaBIOS = vgaBios
            options.rtc = rtc
            options.diskTiming = diskTiming
            options.noFPU = noFPU
            options.noReboot = noReboot
            options.display = display
            options.headless = headless
            options.script = script
            options.serial = serial
            options.parallel = parallel
            options.serialMouse = serialMouse
            options.debugConsole = debugConsole
            options.debugExit = debugExit
            options.border = border
            options.overlays = overlay
            options.readOnly = readOnly
            options.discardWrites = discardWrites
            options.maxTime = maxTime
            options.maxInstructions = maxInstructions
            options.untilText = untilText
            options.screen = screen
            options.trace = trace
            options.traceRanges = traceRange
            options.traceFrom = traceFrom
            options.traceCount = traceCount
            options.debug = debug
            options.debugScript = debugScript
            options.gdb = gdb
            options.hash = hash
            options.stats = stats
            options.load = load
            options.record = record
            options.replay = replay
            options.save = save
            options.state = state
            options.qmp = qmp
            options.states = states
            options.rewindDisks = rewindDisks
            return options
        }
    }
}
