import PCCore

/// A register as gdb sees it: its place in the target description, and what of the CPU it is.
struct GDBRegister: Sendable {
    enum Place: Sendable {
        case register(Register)
        /// CS base + EIP. gdb knows linear addresses alone, and finds breakpoints, code and stack by these two.
        case codeAddress
        /// SS base + ESP, or + SP where the stack is a 16-bit one.
        case stackAddress
        case base(Register)
        case float(Int)
        case floatWord(@Sendable (FloatRegisters) -> UInt32)
        case table(@Sendable (CPU) -> UInt32)
    }

    let name: String
    let bits: Int
    /// One of gdb's types, or one that the feature defines.
    let type: String
    let place: Place
    /// The list of `info registers` in which it stands, if its type does not say so.
    var group: String?

    init(_ name: String, _ place: Place, type: String = "int32", bits: Int = 32, group: String? = nil) {
        self.name = name
        self.place = place
        self.type = type
        self.bits = bits
        self.group = group
    }

    /// Bytes of its value in a packet.
    var size: Int { bits / 8 }

    /// gdb wants exactly these registers in this order [GDB manual, i386 Features].
    static let core: [GDBRegister] =
        [
            general("eax", .eax), general("ecx", .ecx), general("edx", .edx), general("ebx", .ebx),
            GDBRegister("esp", .stackAddress, type: "data_ptr"), GDBRegister("ebp", .register(.ebp), type: "data_ptr"),
            general("esi", .esi), general("edi", .edi), GDBRegister("eip", .codeAddress, type: "code_ptr"),
            GDBRegister("eflags", .register(.eflags), type: "i386_eflags"),
        ]
        + [Register.cs, .ss, .ds, .es, .fs, .gs].map { general($0.rawValue, $0) }
        + (0..<8).map { GDBRegister("st\($0)", .float($0), type: "i387_ext", bits: 80) }
        + [
            floatWord("fctrl") { UInt32($0.control) }, floatWord("fstat") { UInt32($0.status) },
            floatWord("ftag") { UInt32($0.tags) }, floatWord("fiseg") { UInt32($0.instructionSelector) },
            floatWord("fioff") { $0.instructionPointer }, floatWord("foseg") { UInt32($0.dataSelector) },
            floatWord("fooff") { $0.dataPointer }, floatWord("fop") { UInt32($0.opcode) },
        ]

    /// What `eip` and `esp` are made of.
    static let segments: [GDBRegister] =
        [
            GDBRegister("cs_ip", .register(.eip), type: "uint32", group: "general"),
            GDBRegister("ss_sp", .register(.esp), type: "uint32", group: "general"),
        ]
        + [Register.cs, .ss, .ds, .es, .fs, .gs].map {
            GDBRegister("\($0.rawValue)_base", .base($0), type: "uint32", group: "general")
        }

    static let system: [GDBRegister] =
        [Register.cr0, .cr2, .cr3, .cr4, .dr0, .dr1, .dr2, .dr3, .dr6, .dr7, .ldtr, .tr].map {
            system($0.rawValue, .register($0))
        } + [
            system("gdtr_base", .table { $0.gdtr.base }), system("gdtr_limit", .table { $0.gdtr.limit }),
            system("idtr_base", .table { $0.idtr.base }), system("idtr_limit", .table { $0.idtr.limit }),
        ]

    /// By their numbers.
    static let all = core + segments + system

    private static func general(_ name: String, _ register: Register) -> GDBRegister {
        GDBRegister(name, .register(register))
    }

    private static func system(_ name: String, _ place: Place) -> GDBRegister {
        GDBRegister(name, place, type: "uint32", group: "system")
    }

    private static func floatWord(
        _ name: String, _ word: @escaping @Sendable (FloatRegisters) -> UInt32
    ) -> GDBRegister {
        GDBRegister(name, .floatWord(word), type: "int", group: "float")
    }
}

extension GDBRegister {
    /// The bytes of its value, the lowest first.
    func read(_ target: DebugTarget) -> [UInt8] {
        let cpu = target.pc.cpu
        switch place {
        case .register(let register): return Self.bytes(target.register(register))
        case .codeAddress: return Self.bytes(cpu.codeAddress)
        case .stackAddress: return Self.bytes(cpu.stackTop)
        case .base(let segment): return Self.bytes(cpu.segment(segment)?.base ?? 0)
        case .float(let number):
            let value = cpu.fpu.stack[number & 7]
            return Self.bytes(value.significand) + Self.bytes(value.signExponent)
        case .floatWord(let word): return Self.bytes(word(cpu.fpu))
        case .table(let part): return Self.bytes(part(cpu))
        }
    }

    /// Sets the register, where its value is another one. False where it cannot have that value, or cannot be set.
    func write(_ bytes: [UInt8], _ target: DebugTarget) -> Bool {
        guard bytes.count == size else { return false }
        guard bytes != read(target) else { return true }
        let value = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let cpu = target.pc.cpu
        switch place {
        case .register(let register):
            guard register.since <= cpu.model else { return false }
            target.set(register, value)
        case .codeAddress:
            guard let code = cpu.segment(.cs), code.isBig || value &- code.base <= 0xFFFF else { return false }
            target.set(.eip, value &- code.base)
        case .stackAddress:
            guard let stack = cpu.segment(.ss), stack.isBig || value &- stack.base <= 0xFFFF else { return false }
            target.set(stack.isBig ? .esp : .sp, value &- stack.base)
        case .base, .float, .floatWord, .table: return false
        }
        return true
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        LittleEndian.bytes(value)
    }
}
