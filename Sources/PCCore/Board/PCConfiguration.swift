/// A CPU that the machine can have.
public enum CPUModel: String, CaseIterable, Comparable, Sendable {
    case i8086 = "8086"
    case i80186 = "186"
    case i80286 = "286"
    case i80386 = "386"
    case i80486 = "486"
    /// A Pentium with MMX.
    case pentium = "586"
    /// A Pentium II without SSE and PAE.
    case pentiumII = "686"

    /// 0 for the 8086 up to 6 for the Pentium II.
    @inline(__always) public var generation: Int {
        switch self {
        case .i8086: 0
        case .i80186: 1
        case .i80286: 2
        case .i80386: 3
        case .i80486: 4
        case .pentium: 5
        case .pentiumII: 6
        }
    }

    @inline(__always) public static func < (a: CPUModel, b: CPUModel) -> Bool { a.generation < b.generation }
    @inline(__always) public static func >= (a: CPUModel, b: CPUModel) -> Bool { a.generation >= b.generation }
    @inline(__always) public static func <= (a: CPUModel, b: CPUModel) -> Bool { a.generation <= b.generation }
    @inline(__always) public static func == (a: CPUModel, b: CPUModel) -> Bool { a.generation == b.generation }

    /// The instruction rate that stands for this CPU unless another is asked for, in instructions a second.
    public var nominalRate: UInt64 {
        switch self {
        case .i8086: 330_000
        case .i80186: 1_000_000
        case .i80286: 2_000_000
        case .i80386: 8_000_000
        case .i80486: 30_000_000
        case .pentium: 100_000_000
        case .pentiumII: 400_000_000
        }
    }

    /// The address lines of the CPU, as a mask of physical addresses.
    public var addressLines: UInt32 {
        switch self {
        case .i8086, .i80186: 0xF_FFFF
        case .i80286: 0xFF_FFFF
        default: 0xFFFF_FFFF
        }
    }

    /// The most memory that the CPU can address, in bytes.
    public var largestMemory: Int { self <= .i80186 ? 0x10_0000 : self == .i80286 ? 0x100_0000 : 0xE000_0000 }
}

/// The kind of device that the BIOS tries first.
public enum BootDevice: String, Sendable {
    case floppy, disk, cdrom
}

/// Where the mouse is plugged in.
public enum MousePort: Sendable {
    /// At the keyboard controller.
    case ps2
    case com1, com2

    /// The serial port of the mouse, 0 for COM1; nil for none.
    var port: Int? {
        switch self {
        case .ps2: nil
        case .com1: 0
        case .com2: 1
        }
    }
}

/// A date and time of day as the real-time clock shows it.
public struct ClockTime: Equatable, Sendable {
    public var year, month, day, hour, minute, second: Int

    public init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// What a machine shows where nobody looks at the host's clock.
    public static let fixed = ClockTime(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5)
}

/// A CD-ROM drive, empty or with a disc of 2,048-byte sectors.
public struct CDROMDrive {
    public var disc: (any BlockDevice)?

    public init(_ disc: (any BlockDevice)? = nil) {
        self.disc = disc
    }
}

/// Everything that a machine is built from.
public struct PCConfiguration {
    public var cpu = CPUModel.pentiumII
    /// An x87 beside the CPU, or in it from the 486 on.
    public var coprocessor = true
    /// Bytes of RAM.
    public var memory = 16 << 20
    /// Instructions a second of guest time; nil for the CPU's nominal rate.
    public var rate: UInt64?
    /// A PCI bus with an i440FX and a PIIX3; nil: from the 486 on, as on the boards of 1994.
    public var pci: Bool?
    /// 64 to 256 KB, whole pages.
    public var bios: [UInt8] = []
    public var vgaBIOS: [UInt8] = []
    /// The display has the Bochs interface for modes beyond the VGA's; nil: from the 386 on.
    public var vbe: Bool?
    /// Bytes of video memory where it has it: a power of two from 256 KB to 256 MB.
    public var videoMemory = 16 << 20
    /// Drives A and B; nil is an empty drive.
    public var floppies: [(any BlockDevice)?] = [nil, nil]
    /// Primary master, primary slave, secondary master, secondary slave.
    public var disks: [(any BlockDevice)?] = [nil, nil, nil, nil]
    /// CD-ROM drives at the same four places; where there is a disk, the disk counts.
    public var cdroms: [CDROMDrive?] = [nil, nil, nil, nil]
    /// Nil: floppy, CD, disk, whichever is there.
    public var boot: BootDevice?
    /// A machine has one mouse: PS/2's with a wheel and five buttons, or a serial one with three.
    public var mouse = MousePort.ps2
    public var startTime = ClockTime.fixed
    /// Motor, seek and rotation take their real time.
    public var realDiskTiming = false
    /// Port F4h ends the machine.
    public var debugExit = false
    /// The machine stops where it would reset itself, and at a triple fault.
    public var noReboot = false

    public init() {}

    public var hasPCI: Bool { pci ?? (cpu >= .i80486) }
    public var hasVBE: Bool { vbe ?? (cpu >= .i80386) }
}
