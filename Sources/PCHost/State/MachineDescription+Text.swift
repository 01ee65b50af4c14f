import PCCore

/// The description as text: a line each, a key, a blank and a value. Documentation/States.md lists the keys.
extension MachineDescription {
    var text: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    var lines: [String] {
        let time = startTime
        var lines = [
            "cpu \(cpu.rawValue)", "coprocessor \(Self.word(coprocessor))", "memory \(memory)", "rate \(rate)",
            "pci \(Self.word(pci))", "apic \(Self.word(apic))", "vbe \(Self.word(vbe))", "video-memory \(videoMemory)",
            "mouse \(mouse.name)", "printer \(Self.word(hasPrinter))",
            "start-time \(time.year)-\(time.month)-\(time.day)T\(time.hour):\(time.minute):\(time.second)",
            "real-disk-timing \(Self.word(realDiskTiming))", "boot \(boot?.rawValue ?? "any")",
            "no-reboot \(Self.word(noReboot))", "debug-exit \(Self.word(debugExit))",
            "bios \(bios)", "vga-bios \(vgaBIOS)",
        ]
        if let kernel {
            lines += [
                "kernel-rom \(kernelROM)", "kernel \(kernel.digest) \(Self.escaped(kernel.path))",
                "append \(Self.escaped(kernel.commandLine))",
            ]
            lines += kernel.modules.map { "initrd \($0.digest) \(Self.escaped($0.text))" }
        }
        return lines + media.map(\.line)
    }

    /// Reads what `text` gave. Every key has to be there, no other may, and every value is one that a machine can have.
    init(text bytes: [UInt8]) throws(StateFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .damaged }
        var lines = DescriptionLines(text)
        cpu = try lines.value("cpu") { CPUModel(rawValue: $0) }
        coprocessor = try lines.flag("coprocessor")
        memory = try lines.value("memory") { Int($0) }
        rate = try lines.value("rate") { UInt64($0) }
        pci = try lines.flag("pci")
        apic = try lines.flag("apic")
        vbe = try lines.flag("vbe")
        videoMemory = try lines.value("video-memory") { Int($0) }
        mouse = try lines.value("mouse") { MousePort(named: $0) }
        hasPrinter = try lines.flag("printer")
        startTime = try lines.value("start-time") { OptionValue.clockTime($0) }
        realDiskTiming = try lines.flag("real-disk-timing")
        boot = try lines.value("boot") { $0 == "any" ? .some(nil) : BootDevice(rawValue: $0).map { .some($0) } }
        noReboot = try lines.flag("no-reboot")
        debugExit = try lines.flag("debug-exit")
        bios = try lines.value("bios") { Self.digest($0) }
        vgaBIOS = try lines.value("vga-bios") { Self.digest($0) }
        if lines.has("kernel") {
            kernelROM = try lines.value("kernel-rom") { Self.digest($0) }
            let (digest, path) = try lines.value("kernel") { Self.file($0) }
            var kernel = Kernel(path: path, digest: digest)
            kernel.commandLine = try lines.value("append") { Self.unescaped($0) }
            while lines.has("initrd") {
                let (digest, text) = try lines.value("initrd") { Self.file($0) }
                kernel.modules.append(.init(digest: digest, text: text))
            }
            self.kernel = kernel
        }
        for place in MediaPlace.allCases where lines.has(place.name) {
            media.append(try lines.value(place.name) { Medium(place, $0) })
        }
        try lines.end()
        try check()
    }

    /// Whether a machine can be so, alone and in combination.
    private func check() throws(StateFault) {
        let isGood =
            memory >= 64 << 10 && memory % 4096 == 0 && memory <= cpu.largestMemory
            && (10_000...10_000_000_000).contains(rate) && (!pci || cpu >= .i80386)
            && (!apic || cpu >= .pentium && pci) && (256 << 10...256 << 20).contains(videoMemory)
            && videoMemory & (videoMemory - 1) == 0 && (kernel == nil || cpu >= .i80386)
        guard isGood else { throw StateFault("describes a machine that cannot be; use another state") }
    }

    private static func word(_ flag: Bool) -> String { flag ? "yes" : "no" }

    static func digest(_ text: String) -> String? {
        let isHex = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return text.utf8.count == 64 && isHex ? text : nil
    }

    private static func file(_ text: String) -> (digest: String, text: String)? {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let digest = digest(parts[0]), let name = unescaped(parts[1]), !name.isEmpty else {
            return nil
        }
        return (digest, name)
    }

    /// A text in which line ends and the like are `%` and two hexadecimal digits.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "%" {
                escaped += "%" + SHA256Text.hex([UInt8(scalar.value)])
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func unescaped(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard rest.count >= 2, let value = UInt8(digits, radix: 16), value != 0 else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension MousePort {
    var name: String {
        switch self {
        case .ps2: "ps2"
        case .com1: "com1"
        case .com2: "com2"
        }
    }

    init?(named name: String) {
        guard let port = [MousePort.ps2, .com1, .com2].first(where: { $0.name == name }) else { return nil }
        self = port
    }
}

extension MachineDescription.Medium {
    /// `PLACE KIND empty`, or `PLACE KIND SECTOR-SIZE SECTORS read-only|writable DIGEST [PATH]`.
    var line: String {
        guard let content else { return "\(place.name) \(kind.rawValue) empty" }
        let digest = content.digest
        let sum = SHA256Text.hex(
            (LittleEndian.bytes(digest.sum.low) + LittleEndian.bytes(digest.sum.high)).reversed())
        let words = [
            place.name, kind.rawValue, "\(digest.sectorSize)", "\(digest.sectorCount)",
            content.isReadOnly ? "read-only" : "writable", sum,
        ]
        return (words + [content.path.map(MachineDescription.escaped)].compactMap(\.self)).joined(separator: " ")
    }

    /// Reads what stands behind the place's name.
    init?(_ place: MediaPlace, _ text: String) {
        let words = text.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, let kind = DiskKind(rawValue: words[0]), (kind == .floppy) == (place.floppy != nil)
        else {
            return nil
        }
        self.place = place
        self.kind = kind
        if words.count == 2, words[1] == "empty", kind == .cdrom { return }
        guard words.count >= 5, let size = Int(words[1]), let count = Int(words[2]),
            size == (kind == .cdrom ? 2048 : 512), count > 0, count <= DiskChanges.sectorLimit,
            ["read-only", "writable"].contains(words[3]),
            words[4].utf8.count == 32, let low = UInt64(words[4].suffix(16), radix: 16),
            let high = UInt64(words[4].prefix(16), radix: 16)
        else { return nil }
        var path: String?
        if words.count == 6 {
            guard let name = MachineDescription.unescaped(words[5]), !name.isEmpty else { return nil }
            path = name
        }
        content = .init(
            path: path, isReadOnly: words[3] == "read-only",
            digest: DiskDigest(sectorSize: size, sectorCount: count, sum: SectorHash(low: low, high: high)))
    }
}

/// The lines of a description, taken one after the other.
private struct DescriptionLines {
    private var lines: ArraySlice<Substring>

    init(_ text: String) { lines = text.split(separator: "\n")[...] }

    func has(_ key: String) -> Bool { lines.first?.hasPrefix(key + " ") == true }

    /// The value of the next line, which has to be of this key.
    mutating func value<T>(_ key: String, _ read: (String) -> T?) throws(StateFault) -> T {
        guard has(key), let line = lines.popFirst(), let value = read(String(line.dropFirst(key.count + 1))) else {
            throw StateFault("is damaged: its machine has no good line \"\(key)\"; use another state")
        }
        return value
    }

    mutating func flag(_ key: String) throws(StateFault) -> Bool {
        try value(key) { $0 == "yes" ? true : $0 == "no" ? false : nil }
    }

    func end() throws(StateFault) {
        if let line = lines.first {
            throw StateFault("describes a machine with \"\(line)\", which this program does not know; use a newer one")
        }
    }
}
