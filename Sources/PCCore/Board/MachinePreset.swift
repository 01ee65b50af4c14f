/// A machine of its time: the CPU, its speed and the memory that came with it. `--machine` names them.
public enum MachinePreset: String, CaseIterable, Sendable {
    /// A turbo XT.
    case xt
    /// An AT of the later years.
    case at
    case pc386 = "386"
    case pc486 = "486"
    case pentium
    case pentiumII = "pentium2"

    public var cpu: CPUModel {
        switch self {
        case .xt: .i8086
        case .at: .i80286
        case .pc386: .i80386
        case .pc486: .i80486
        case .pentium: .pentium
        case .pentiumII: .pentiumII
        }
    }

    /// Bytes of RAM.
    public var memory: Int {
        switch self {
        case .xt: 640 << 10
        case .at: 1 << 20
        case .pc386: 4 << 20
        case .pc486: 8 << 20
        case .pentium: 16 << 20
        case .pentiumII: 64 << 20
        }
    }

    /// Instructions a second.
    public var rate: UInt64 { cpu.nominalRate }
}

extension CPUModel {
    /// The most memory that a machine with this CPU has unless more is asked for, in bytes.
    public var usualMemory: Int { min(16 << 20, self <= .i80186 ? 640 << 10 : largestMemory) }
}
