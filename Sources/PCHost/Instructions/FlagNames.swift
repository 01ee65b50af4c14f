import PCCore

/// The flags that are set in an EFLAGS value, by the manual's names.
enum FlagNames {
    private static let order: [Register] = [
        .id, .vip, .vif, .ac, .vm, .rf, .nt, .iopl, .of, .df, .if, .tf, .sf, .zf, .af, .pf, .cf,
    ]

    /// From the highest bit to the lowest; IOPL is `IOPL=n` unless it is 0.
    static func list(_ machine: BareMachine, model: CPUModel) -> [String] {
        order.filter { $0.since <= model }.compactMap { flag in
            let value = machine[flag]
            guard value != 0 else { return nil }
            return flag == .iopl ? "IOPL=\(value)" : flag.rawValue.uppercased()
        }
    }
}
