import PCCore

/// A run of a few instructions that makes sense: what `ExecOptions` means, with every value checked.
public struct ExecPlan: Sendable {
    /// What `--show` asks for.
    enum Show: Sendable {
        case register(RegisterReference)
        case allRegisters
        case memory(OptionValue.Address, count: Int, text: String)
    }

    var cpu = CPUModel.pentiumII
    var mode = ProcessorMode.real
    var privilege: UInt8 = 0
    var memory = 16 << 20
    var code: [UInt8] = []
    var at = OptionValue.Address.linear(0x1000)
    var settings: [(register: RegisterReference, value: UInt128, text: String)] = []
    var content: [(address: OptionValue.Address, bytes: [UInt8], text: String)] = []
    var steps: Int?
    var until: OptionValue.Address?
    var limit = 1_000_000
    var delivers = false
    var shows: [Show] = []
    var traces = false
    public private(set) var isJSON = false

    public init(_ options: ExecOptions) throws(BadInput) {
        try readMachine(options)
        try readCode(options)
        for text in options.set { try readSettings(text) }
        for text in options.mem { try readContent(text) }
        try readEnd(options)
        for text in options.show { try readShows(text) }
        delivers = options.deliver
        traces = options.trace
        isJSON = options.json
    }

    private mutating func readMachine(_ options: ExecOptions) throws(BadInput) {
        if let name = options.cpu {
            guard let model = CPUModel(rawValue: name) else {
                let names = CPUModel.allCases.map(\.rawValue).joined(separator: ", ")
                throw BadInput("--cpu \(name): must be one of \(names)")
            }
            cpu = model
        }
        if let name = options.mode {
            guard let known = ProcessorMode(rawValue: name) else {
                let names = ProcessorMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw BadInput("--mode \(name): must be one of \(names)")
            }
            guard cpu >= known.since else {
                throw BadInput("--mode \(name): the \(cpu.rawValue) has no such mode; the \(known.since.rawValue) has")
            }
            mode = known
        }
        privilege = mode == .v86 ? 3 : 0
        if let text = options.privilege {
            guard let level = OptionValue.integer(text), (0...3).contains(level) else {
                throw BadInput("--cpl \(text): must be a privilege level, 0 to 3")
            }
            guard mode != .real || level == 0, mode != .v86 || level == 3 else {
                throw BadInput("--cpl \(text): \(mode.rawValue) mode has level \(privilege) alone")
            }
            privilege = UInt8(level)
        }
        memory = min(16 << 20, cpu.largestMemory)
        if let text = options.memory {
            memory = try BootPlan.memory(text, cpu: cpu, option: "--memory ")
            guard memory >= 128 << 10 else { throw BadInput("--memory \(text): must be at least 128K") }
        }
    }

    private mutating func readCode(_ options: ExecOptions) throws(BadInput) {
        if let text = options.at {
            guard let address = OptionValue.address(text) else {
                throw BadInput("--at \(text): must be SEG:OFF in hexadecimal or a number such as 4096 or 0x1000")
            }
            at = address
        }
        switch (options.hex, options.file) {
        case (let hex?, nil):
            guard let bytes = OptionValue.hexBytes(hex) else {
                throw BadInput("--hex \(hex): must be pairs of hexadecimal digits such as \"B8 34 12\"")
            }
            code = bytes
        case (nil, "-"?): code = try HostFile.readStandardInput(limit: memory)
        case (nil, let path?): code = try HostFile.read(path, limit: memory)
        case (nil, nil): throw BadInput("exec: no code; give --hex \"B8 34 12\", a file, or - for standard input")
        default: throw BadInput("exec: --hex and a file: only one of them can be the code")
        }
        guard !code.isEmpty else { throw BadInput("\(options.file ?? "--hex"): holds no code") }
    }

    private mutating func readSettings(_ text: String) throws(BadInput) {
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw BadInput("--set \(pair): must be NAME=VALUE such as ax=0x1234 or cf=1")
            }
            let register = try register(parts[0], option: "--set \(pair)")
            settings.append((register, try value(parts[1], of: register, String(pair)), String(pair)))
        }
    }

    private func value(
        _ text: Substring, of register: RegisterReference, _ pair: String
    ) throws(BadInput) -> UInt128 {
        if register.bits > 32 {
            if let bits = OptionValue.bits(text, width: register.bits) { return bits }
            if register.isFloat, let number = Double(text) { return OptionValue.extended(number) }
            let form = register.isFloat ? "a decimal number, or 0x and 20 hexadecimal digits" : "0x and 16 digits"
            throw BadInput("--set \(pair): the value must be \(form)")
        }
        guard let value = OptionValue.integer(text) else {
            throw BadInput("--set \(pair): the value must be a number such as 255, 0xFF, 0FFh or -1")
        }
        let largest = Int64(1) << Int64(register.bits) - 1
        guard value <= largest, value >= -(largest / 2) - 1 else {
            throw BadInput("--set \(pair): must fit into \(register.bits) bits, 0 to \(largest)")
        }
        return UInt128(UInt32(truncatingIfNeeded: value))
    }

    private func register(_ name: Substring, option: String) throws(BadInput) -> RegisterReference {
        guard let register = RegisterReference(name) else {
            throw BadInput(
                "\(option): no register is called \(name); names are such as al, ax, eax, ds, ds.base, cf, cr0")
        }
        guard register.since <= cpu else { throw BadInput("\(option): the \(cpu.rawValue) has no \(register.name)") }
        return register
    }

    private mutating func readContent(_ text: String) throws(BadInput) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = OptionValue.address(parts[0]) else {
            throw BadInput("--mem \(text): must be ADDRESS=BYTES such as 0x2000=AABB or 1000:20=AABB")
        }
        guard let bytes = OptionValue.hexBytes(parts[1]), !bytes.isEmpty else {
            throw BadInput("--mem \(text): the bytes must be pairs of hexadecimal digits")
        }
        content.append((address, bytes, text))
    }

    private mutating func readEnd(_ options: ExecOptions) throws(BadInput) {
        steps = try count(options.steps, option: "--steps")
        limit = try count(options.limit, option: "--limit") ?? limit
        guard let text = options.until else { return }
        guard let address = OptionValue.address(text) else {
            throw BadInput("--until \(text): must be SEG:OFF in hexadecimal or a number such as 4096 or 0x1000")
        }
        until = address
    }

    private func count(_ text: String?, option: String) throws(BadInput) -> Int? {
        guard let text else { return nil }
        guard let count = OptionValue.integer(text), count > 0 else {
            throw BadInput("\(option) \(text): must be a whole number above 0")
        }
        return Int(count)
    }

    private mutating func readShows(_ text: String) throws(BadInput) {
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            if item == "all" {
                shows.append(.allRegisters)
                continue
            }
            let parts = item.split(separator: "+", omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                shows.append(.register(try register(item, option: "--show \(item)")))
                continue
            }
            guard let address = OptionValue.address(parts[0]), let count = OptionValue.integer(parts[1]),
                (1...65536).contains(count)
            else { throw BadInput("--show \(item): must be a register or ADDRESS+COUNT such as 0x2000+16") }
            shows.append(.memory(address, count: Int(count), text: String(item)))
        }
    }
}
