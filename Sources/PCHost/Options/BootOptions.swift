/// What `swift86 boot` was given, word for word. `BootPlan` makes sense of it.
public struct BootOptions: Sendable {
    /// Images whose kind follows from their content.
    public var images: [String] = []
    public var floppies: [String] = []
    public var disks: [String] = []
    public var cdroms: [String] = []
    public var boot: String?
    public var kernel: String?
    public var initrds: [String] = []
    public var append: String?
    public var machine: String?
    public var cpu: String?
    public var memory: String?
    public var mips: String?
    public var speed: String?
    public var bios: String?
    public var vgaBIOS: String?
    public var rtc: String?
    public var diskTiming: String?
    public var noFPU = false
    public var noReboot = false
    public var display: String?
    public var headless = false
    public var border = false
    public var script: String?
    public var serial: String?
    public var parallel: String?
    public var serialMouse: String?
    public var debugConsole: String?
    public var debugExit = false
    /// `FILE` or `IMAGE=FILE`.
    public var overlays: [String] = []
    public var readOnly = false
    public var discardWrites = false
    public var maxTime: String?
    public var maxInstructions: String?
    public var untilText: String?
    public var screen: String?
    public var trace: String?
    public var traceRanges: [String] = []
    public var traceFrom: String?
    public var traceCount: String?
    public var debug = false
    public var debugScript: String?
    public var gdb: String?
    public var hash = false
    public var stats = false
    public var load: String?
    public var record: String?
    public var replay: String?
    public var save: String?
    public var state: String?
    public var qmp: [String] = []
    public var states: String?
    public var rewindDisks = false

    public init() {}
}
