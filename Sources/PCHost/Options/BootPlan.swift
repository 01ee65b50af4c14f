import PCCore

/// A run that makes sense: what `BootOptions` means, with every value checked. Nothing has been opened yet.
public struct BootPlan: Sendable {
    /// An image and what becomes of it; nil for a kind that its content tells. A CD without a path is an empty drive.
    struct Image: Sendable {
        var path: String
        var kind: DiskKind?
    }

    /// What `--screen` asks for.
    public enum ScreenReport: Equatable, Sendable {
        case text
        case textFile(String)
        case picture(String)
    }

    var images: [Image] = []
    public var access = DiskImage.Access.written
    /// What `--overlay` was given, for `OverlayPlan`.
    var overlays: [String] = []
    public var boot: BootDevice?
    var kernel: KernelPlan?
    public var cpu = CPUModel.pentiumII
    public var memory = 16 << 20
    public var rate: UInt64?
    var biosPath: String?
    var vgaBIOSPath: String?
    /// Nil: the host's time where a person looks, otherwise a fixed one.
    public var startTime: ClockTime?
    public var realDiskTiming = false
    public var coprocessor = true
    public var mouse = MousePort.ps2
    public var noReboot = false
    public var debugExit = false
    /// Pictures have their border around them.
    public var showsBorder = false
    public var display = DisplayKind.none
    /// Guest time keeps to the host's clock.
    public var isPaced = false
    /// Programs may give the machine input while it runs, so slices are short.
    public var isControlled = false
    public var serial = ByteSink.Target.none
    public var parallel = ByteSink.Target.none
    public var debugConsole = ByteSink.Target.none
    /// In nanoseconds of guest time.
    public var maxTime: UInt64?
    public var maxInstructions: UInt64?
    public var untilText: String?
    public var screen: ScreenReport?
    public var trace: TracePlan?
    /// Nil: the machine runs without a debugger.
    public var debug: DebugPlan?
    /// Where gdb is waited for; 0 is any port that is free.
    public var gdbPort: UInt16?
    public var hash = false
    public var stats = false
    /// The state to go on from, and which options about the machine were given beside it.
    public var load: String?
    /// The file for a recording of the run; nil: none.
    public var record: String?
    /// The scenario whose steps are performed on the machine; nil: none.
    public var script: String?
    /// A recording that is done again; nil: a run of its own.
    public var replay: String?
    var askedOptions: Set<String> = []
    /// Where the state at the end of the run goes.
    public var save: String?
    /// Disks may be taken back to what a state needs, and lose what was written to them since.
    var rewindsDisks = false
    /// The file of the window's keys for states; nil: by the image's name.
    var state: String?

    /// The default machine with the demo disk, headless.
    public init() {}

    /// What the command line `boot` would make of `options`, with its messages.
    public init(_ options: BootOptions, surroundings: DisplaySurroundings = .none) throws(BadInput) {
        try readMachine(options)
        try readDisks(options)
        kernel = try KernelPlan(options, cpu: cpu)
        try readDisplay(options, surroundings)
        try readEnd(options)
        try readStates(options)
        trace = try TracePlan(options)
        if let port = options.gdb {
            guard let number = UInt16(port) else { throw BadInput("--gdb \(port): must be a port from 0 to 65535") }
            gdbPort = number
        }
        debug = DebugPlan(options)
        try debug?.check(self)
        if trace?.target == .standardOutput {
            for (name, isThere) in [
                ("--display terminal", display == .terminal), ("--serial stdio", serial == .standardOutput),
                ("--parallel stdio", parallel == .standardOutput),
                ("--debug-console stdio", debugConsole == .standardOutput),
            ] where isThere {
                throw BadInput("--trace -: standard output is taken by \(name); give the trace a file")
            }
        }
        try checkFiles()
        isControlled = !options.qmp.isEmpty
        if let folder = options.states { try ControlSession.checkStates(folder, isServed: isControlled) }
    }

    /// The file that the window's keys save to and load from.
    public var statePath: String { state ?? "\(name).s86" }

    /// The name that a window shows: the first image's, without its folders.
    public var name: String {
        let image = images.first.flatMap { DriveBay.names($0.path).first }
        guard let path = kernel?.path ?? image ?? load ?? replay else { return "demo disk" }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    private mutating func readMachine(_ options: BootOptions) throws(BadInput) {
        if let name = options.machine {
            guard let preset = MachinePreset(rawValue: name) else {
                throw BadInput("--machine \(name): must be one of \(Self.list(MachinePreset.allCases.map(\.rawValue)))")
            }
            cpu = preset.cpu
            memory = preset.memory
            rate = preset.rate
        }
        if let model = options.cpu {
            guard let known = CPUModel(rawValue: model) else {
                throw BadInput("--cpu \(model): must be one of \(Self.list(CPUModel.allCases.map(\.rawValue)))")
            }
            cpu = known
            rate = nil
            if options.memory == nil { memory = min(memory, cpu.usualMemory) }
        }
        if let size = options.memory { memory = try Self.memory(size, cpu: cpu, option: "--memory ") }
        if let mips = options.mips {
            guard let asked = OptionValue.rate(mips) else {
                throw BadInput("--mips \(mips): must be a number of million instructions a second, 0.01 to 10000")
            }
            rate = asked
        }
        if let time = options.rtc {
            guard let asked = OptionValue.clockTime(time) else {
                throw BadInput("--rtc \(time): must be a time from 1980 to 2099 such as 1994-05-06T12:00:00")
            }
            startTime = asked
        }
        if let timing = options.diskTiming {
            guard timing == "real" || timing == "fast" else {
                throw BadInput("--disk-timing \(timing): must be fast or real")
            }
            realDiskTiming = timing == "real"
        }
        switch options.serialMouse {
        case nil: break
        case "com1": mouse = .com1
        case "com2": mouse = .com2
        case let port?: throw BadInput("--serial-mouse \(port): must be com1 or com2")
        }
        if mouse == .com1, options.serial ?? "none" != "none" {
            throw BadInput("--serial-mouse com1: --serial takes COM1 already; put the mouse on com2")
        }
        biosPath = options.bios
        vgaBIOSPath = options.vgaBIOS
        coprocessor = !options.noFPU
        noReboot = options.noReboot
        debugExit = options.debugExit
        showsBorder = options.border
    }

    /// A size of memory that a machine with `cpu` can have.
    static func memory(_ text: String, cpu: CPUModel, option: String) throws(BadInput) -> Int {
        guard let bytes = OptionValue.bytes(text) else {
            throw BadInput("\(option)\(text): must be a size such as 640K or 16M")
        }
        guard bytes >= 64 << 10, bytes % 4096 == 0 else {
            throw BadInput("\(option)\(text): must be at least 64K and a whole number of pages of 4K")
        }
        guard bytes <= cpu.largestMemory else {
            throw BadInput(
                "\(option)\(text): the \(cpu.rawValue) addresses at most \(cpu.largestMemory >> 20)M in this machine")
        }
        return bytes
    }

    private mutating func readDisks(_ options: BootOptions) throws(BadInput) {
        if options.readOnly, options.discardWrites {
            throw BadInput("--read-only and --discard-writes: only one of them can be")
        }
        overlays = options.overlays
        if !overlays.isEmpty, options.readOnly || options.discardWrites {
            let other = options.readOnly ? "--read-only" : "--discard-writes"
            throw BadInput("--overlay and \(other): only one of them can be")
        }
        if overlays.contains("") { throw BadInput("--overlay: name a file") }
        access = options.readOnly ? .readOnly : options.discardWrites ? .discarded : .written
        images =
            options.floppies.map { Image(path: $0, kind: .floppy) }
            + options.cdroms.map { Image(path: $0, kind: .cdrom) }
            + options.disks.map { Image(path: $0, kind: .disk) } + options.images.map { Image(path: $0) }
        if let device = options.boot {
            guard let known = BootDevice(rawValue: device) else {
                throw BadInput("--boot \(device): must be floppy, disk or cdrom")
            }
            boot = known
        }
    }

    private mutating func readDisplay(_ options: BootOptions, _ surroundings: DisplaySurroundings) throws(BadInput) {
        var asked: DisplayKind?
        if let name = options.display {
            guard let known = DisplayKind(rawValue: name) else {
                throw BadInput("--display \(name): must be window, terminal or none")
            }
            asked = known
        }
        if options.headless {
            guard asked == nil || asked == DisplayKind.none else {
                throw BadInput("--headless and --display \(options.display ?? ""): only one of them can be")
            }
            asked = DisplayKind.none
        }
        serial = try ByteSink.Target(options.serial ?? "none", option: "--serial")
        parallel = try ByteSink.Target(options.parallel ?? "none", option: "--parallel")
        debugConsole = try ByteSink.Target(options.debugConsole ?? "none", option: "--debug-console")
        // The debugger's terminal shows no machine unless that is asked for, which is refused.
        let isDebugged = options.debug || options.debugScript != nil
        if isDebugged, asked == nil, !surroundings.hasWindow || !surroundings.hasDisplayServer {
            asked = DisplayKind.none
        }
        display = try surroundings.choose(asked)
        if display == .terminal,
            serial == .standardOutput || parallel == .standardOutput || debugConsole == .standardOutput
        {
            throw BadInput("the machine is shown on the terminal, so its output there needs file:PATH, not stdio")
        }
        switch options.speed {
        case nil: isPaced = display != .none
        case "real": isPaced = true
        case "max": isPaced = false
        case let speed?: throw BadInput("--speed \(speed): must be real or max")
        }
    }

    private mutating func readEnd(_ options: BootOptions) throws(BadInput) {
        if let time = options.maxTime {
            guard let asked = OptionValue.nanoseconds(time), asked > 0 else {
                throw BadInput("--max-time \(time): must be a time such as 500ms, 30s or 2m")
            }
            maxTime = asked
        }
        if let count = options.maxInstructions {
            guard let asked = UInt64(count), asked > 0 else {
                throw BadInput("--max-instructions \(count): must be a whole number above 0")
            }
            maxInstructions = asked
        }
        if let text = options.untilText {
            guard !text.isEmpty else { throw BadInput("--until-text: the text is empty") }
            untilText = text
        }
        if let target = options.screen {
            let name = target.lowercased()
            if target == "text" {
                screen = .text
            } else if name.hasSuffix(".txt") {
                screen = .textFile(target)
            } else if name.hasSuffix(".png") || name.hasSuffix(".ppm") {
                screen = .picture(target)
            } else {
                throw BadInput("--screen \(target): must be text, or a file that ends in .txt, .png or .ppm")
            }
        }
        hash = options.hash
        stats = options.stats
    }

    private mutating func readStates(_ options: BootOptions) throws(BadInput) {
        let files = [
            ("--load", options.load), ("--save", options.save), ("--state", options.state),
            ("--record", options.record), ("--replay", options.replay),
        ]
        for (name, path) in files where path?.isEmpty == true {
            throw BadInput("\(name): needs the name of a file")
        }
        if options.replay != nil, options.load != nil || options.record != nil {
            throw BadInput("--replay: does not go with --load or --record; name one of them")
        }
        if options.save != nil, display != .none {
            throw BadInput("--save: only goes with --headless; in the window Ctrl-F7 saves")
        }
        if options.rewindDisks, options.load == nil, options.state == nil, options.states == nil {
            throw BadInput("--rewind-disks: only goes with --load, --state or --states")
        }
        if let path = options.script {
            if options.debug || options.debugScript != nil || options.gdb != nil || options.replay != nil {
                throw BadInput("--script: does not go with a debugger or --replay; name one of them")
            }
            // Before anything is opened.
            _ = try Scenario(path: path)
            script = path
        }
        load = options.load
        record = options.record
        replay = options.replay
        save = options.save
        state = options.state
        rewindsDisks = options.rewindDisks
        askedOptions = Self.machineOptions(options)
    }

    private static func list(_ names: [String]) -> String {
        names.joined(separator: ", ")
    }
}
