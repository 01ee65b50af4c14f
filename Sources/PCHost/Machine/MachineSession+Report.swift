import Glibc
import PCCore

extension MachineSession {
    /// Writes what was asked for at the end: the screen, the hash, the figures, the state, in this order.
    public func report() throws(BadInput) {
        switch plan.screen {
        case nil: break
        case .text?: print(screenText)
        case .textFile(let path)?: try HostFile.write(Array(screenText.utf8), to: path, keepingOff: media.files)
        case .picture(let path)?:
            try Picture.write(
                pc.frame(blinkVisible: true, showsBorder: plan.showsBorder), to: path, keepingOff: media.files)
        }
        if plan.hash {
            print(MachineHash.hex(pc, disks: disks) + "\n")
        }
        if plan.stats { print(statistics) }
        if let path = plan.save { try save(to: path) }
        if let path = plan.record { try writeRecording(to: path) }
    }

    /// The text screen, a line each; in a graphics mode the one line `graphics`.
    var screenText: String {
        guard let screen = pc.textScreen else { return "graphics\n" }
        return screen.lines.map { $0 + "\n" }.joined()
    }

    private var statistics: String {
        let guest = seconds.nanoseconds(slots: pc.now)
        let host = hostTime
        let rate = host > 0 ? UInt128(pc.instructionCount) * 10_000 / UInt128(host) : 0
        return """
            instructions \(pc.instructionCount)
            guest time   \(Self.decimal(guest / 1_000_000, places: 3)) s
            host time    \(Self.decimal(host / 1_000_000, places: 3)) s
            speed        \(Self.decimal(UInt64(rate), places: 1)) MIPS

            """
    }

    /// `value` with a point before its last `places` digits.
    static func decimal(_ value: UInt64, places: Int) -> String {
        var digits = String(value)
        while digits.count <= places { digits = "0" + digits }
        return "\(digits.dropLast(places)).\(digits.suffix(places))"
    }

    private func print(_ text: String) {
        _ = HostFile.writeAll(STDOUT_FILENO, text.utf8)
    }
}
