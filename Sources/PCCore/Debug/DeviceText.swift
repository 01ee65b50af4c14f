/// One device's registers for people: names and hexadecimal values, a few lines.
struct DeviceText {
    private(set) var lines: [String] = []
    private var line = ""

    /// Adds `name value` to the line, with as many digits as the value has.
    mutating func add<Value: FixedWidthInteger & UnsignedInteger>(_ name: String, _ value: Value) {
        add("\(name) \(Self.hex(value))")
    }

    mutating func add(_ name: String, _ isSet: Bool) {
        add("\(name) \(isSet ? 1 : 0)")
    }

    mutating func add(_ text: String) {
        line += line.isEmpty ? text : "  " + text
    }

    /// Registers in a row, sixteen a line.
    mutating func add(bytes: some Collection<UInt8>, from first: Int = 0) {
        for (number, byte) in bytes.enumerated() {
            if number % 16 == 0 {
                endLine()
                line = "  \(Self.hex(UInt8(truncatingIfNeeded: first + number))) "
            }
            line += " \(Self.hex(byte))"
        }
        endLine()
    }

    mutating func endLine() {
        if !line.isEmpty { lines.append(line) }
        line = ""
    }

    static func hex<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, Value.bitWidth / 4 - digits.utf8.count)) + digits
    }
}

extension PC {
    /// The devices that `describe` knows on this board.
    public var deviceNames: [String] {
        var names = ["pic", "pit", "dma", "rtc", "kbd", "uart", "lpt", "vga", "fdc", "ide", "ports"]
        if apics != nil { names.append("apic") }
        if pci != nil { names.append("pci") }
        return names
    }

    /// The registers of a device as they stand, without asking it by its ports; nil for an unknown name.
    public func describe(device name: String) -> [String]? {
        var text = DeviceText()
        switch name {
        case "pic": describePIC(&text)
        case "pit": describePIT(&text)
        case "dma": describeDMA(&text)
        case "rtc": describeRTC(&text)
        case "kbd": describeKeyboard(&text)
        case "uart": describeSerial(&text)
        case "lpt": describeParallel(&text)
        case "vga": describeVGA(&text)
        case "fdc": describeFloppy(&text)
        case "ide": describeIDE(&text)
        case "ports": describePorts(&text)
        case "apic" where apics != nil: describeAPIC(&text)
        case "pci" where pci != nil: describePCI(&text)
        default: return nil
        }
        text.endLine()
        return text.lines
    }
}
