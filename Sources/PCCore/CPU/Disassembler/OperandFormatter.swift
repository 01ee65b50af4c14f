/// Writes the operands of one instruction.
struct OperandFormatter {
    let instruction: Instruction
    let model: CPUModel
    let segmentOverride: UInt8
    let address: UInt32

    /// The operands with commas between them; nil where the instruction is invalid with one that its bytes name.
    func text(_ operands: [Operand]) -> String? {
        var texts: [String] = []
        for operand in operands {
            guard let text = text(operand) else { return nil }
            if !text.isEmpty { texts.append(text) }
        }
        return texts.joined(separator: ", ")
    }

    /// Nil where the instruction is invalid with the operand that its bytes name; empty where it goes without saying.
    private func text(_ operand: Operand) -> String? {
        let i = instruction
        let size = operand.size
        switch operand.method {
        case .literal: return operand.text
        case .accumulator: return register(0, "v")
        case .register: return register(i.reg, size)
        case .numbered: return register(UInt8(truncatingIfNeeded: i.opcode & 7), size)
        case .onlyRegister: return i.isRegisterForm ? register(i.rm, size) : nil
        case .registerOrMemory: return i.isRegisterForm ? register(i.rm, size) : memory(size)
        case .memory: return i.isRegisterForm ? nil : memory(size)
        case .offset: return memory(size)
        case .mmx: return "mm\(i.reg)"
        case .onlyMMX: return i.isRegisterForm ? "mm\(i.rm)" : nil
        case .mmxOrMemory: return i.isRegisterForm ? "mm\(i.rm)" : memory(size)
        case .stack: return "st(\(i.rm))"
        case .control: return "cr\(i.reg)"
        case .debug: return "dr\(i.reg)"
        case .test: return "tr\(i.reg)"
        case .segment: return segmentRegister()
        case .immediate: return immediate(size)
        case .level: return Self.number(UInt32(i.immediate2))
        case .pointer: return "\(Self.number(UInt32(i.immediate2))):\(Self.number(i.immediate))"
        case .jump:
            let target = address &+ UInt32(i.length) &+ i.immediate
            return Self.number(i.operand32 ? target : target & 0xFFFF)
        case .source: return pointer(size) + override + "[\(index("si"))]"
        case .destination: return pointer(size) + "es:[\(index("di"))]"
        }
    }

    // MARK: Registers

    private static let bytes = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"]
    private static let words = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"]
    private static let segments = ["es", "cs", "ss", "ds", "fs", "gs"]

    private func register(_ number: UInt8, _ size: Operand.Size) -> String {
        let number = Int(number & 7)
        switch size {
        case "b": return Self.bytes[number]
        case "w": return Self.words[number]
        case "d": return "e" + Self.words[number]
        default: return (instruction.operand32 ? "e" : "") + Self.words[number]
        }
    }

    /// The 8086 and 186 look at two bits; FS and GS came with the 386.
    private func segmentRegister() -> String? {
        let number = Int(model <= .i80186 ? instruction.reg & 3 : instruction.reg)
        return number < (model >= .i80386 ? 6 : 4) ? Self.segments[number] : nil
    }

    // MARK: Memory

    /// The size as Intel syntax names it.
    private func pointer(_ size: Operand.Size) -> String {
        switch size {
        case "b": "byte ptr "
        case "w", "s": "word ptr "
        case "d": "dword ptr "
        case "q": "qword ptr "
        case "v": instruction.operand32 ? "dword ptr " : "word ptr "
        case "a": instruction.operand32 ? "qword ptr " : "dword ptr "
        case "p": "ptr "
        case "t": "xword ptr "
        case "c": "tbyte ptr "
        default: ""
        }
    }

    private var override: String {
        Int(segmentOverride) < Self.segments.count ? Self.segments[Int(segmentOverride)] + ":" : ""
    }

    private func index(_ name: String) -> String { instruction.address32 ? "e" + name : name }

    private func memory(_ size: Operand.Size) -> String {
        let i = instruction
        var terms: [String] = []
        if i.base != Record.none { terms.append(index(Self.words[Int(i.base >> 2 & 7)])) }
        if i.index != Record.none {
            terms.append(index(Self.words[Int(i.index >> 2 & 7)]) + (i.scale == 0 ? "" : "*\(1 << Int(i.scale & 3))"))
        }
        var sum = terms.joined(separator: " + ")
        let displacement =
            i.address32 ? Int32(bitPattern: i.displacement) : Int32(Int16(truncatingIfNeeded: i.displacement))
        if terms.isEmpty {
            sum = Self.number(i.address32 ? i.displacement : i.displacement & 0xFFFF)
        } else if displacement != 0 {
            sum += (displacement < 0 ? " - " : " + ") + Self.number(displacement.magnitude)
        }
        return "\(pointer(size))\(override)[\(sum)]"
    }

    // MARK: Numbers

    private func immediate(_ size: Operand.Size) -> String {
        let value = instruction.immediate
        switch size {
        case "b": return Self.number(value & 0xFF)
        case "w": return Self.number(value & 0xFFFF)
        case "s":
            let signed = Int32(bitPattern: value)
            return (signed < 0 ? "-" : "") + Self.number(signed.magnitude)
        case "x": return value == 10 ? "" : Self.number(value)
        default: return Self.number(instruction.operand32 ? value : value & 0xFFFF)
        }
    }

    /// Decimal where that is one digit.
    static func number(_ value: UInt32) -> String { value < 10 ? String(value) : hexadecimal(value) }

    static func hexadecimal(_ value: UInt32, digits: Int = 1) -> String {
        let text = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
