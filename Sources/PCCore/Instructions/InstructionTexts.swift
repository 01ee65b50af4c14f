/// The bytes of one instruction; one that no memory answered for is unknown.
struct CodeBytes: Equatable {
    private(set) var count = 0
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var isKnown = true

    var isEmpty: Bool { count == 0 }

    mutating func append(_ byte: UInt8?) {
        guard count < 16 else { return }
        let value = UInt64(byte ?? 0) << UInt64((count & 7) * 8)
        if count < 8 { low |= value } else { high |= value }
        if byte == nil { isKnown = false }
        count += 1
    }

    subscript(i: Int) -> UInt8 { UInt8(truncatingIfNeeded: (i < 8 ? low : high) >> UInt64((i & 7) * 8)) }
    var bytes: [UInt8] { (0..<count).map { self[$0] } }

    /// A number that differs for most instructions.
    var mixed: UInt64 { (low ^ high &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9 }
}

/// The middle of a trace's lines: address, bytes and disassembly. Code runs in loops, so what was made is kept.
final class InstructionTexts {
    private struct Entry {
        var code = CodeBytes()
        var eip: UInt32 = 0
        var selector: UInt16 = 0
        var is32Bit = false
        var text: [UInt8] = []
    }

    private static let slots = 1 << 14
    private var entries = [Entry](repeating: Entry(), count: slots)
    private let disassemblers: (Disassembler, Disassembler)
    private let names: [[UInt8]]
    private let digits: [Int]

    init(model: CPUModel) {
        disassemblers = (Disassembler(is32Bit: false, model: model), Disassembler(is32Bit: true, model: model))
        let fields = RegisterState.fields(model)
        names = fields.map { Array("\($0.name)=".utf8) }
        digits = fields.map(\.digits)
    }

    /// Appends the fields from CS:EIP to the disassembly and the tab behind them.
    func append(_ code: CodeBytes, at state: RegisterState, is32Bit: Bool, to buffer: inout LineBuffer) {
        let (eip, selector) = (state.eip, state.selectorOfCode)
        let mixed = code.mixed ^ UInt64(eip) &* 0x94D0_49BB_1331_11EB
        let slot = Int(truncatingIfNeeded: mixed >> 40) & (Self.slots - 1)
        let isSame =
            entries[slot].eip == eip && entries[slot].selector == selector && entries[slot].is32Bit == is32Bit
            && entries[slot].code == code && !entries[slot].text.isEmpty
        if !isSame {
            let text = makeText(code, selector, eip, is32Bit)
            entries[slot] = Entry(code: code, eip: eip, selector: selector, is32Bit: is32Bit, text: text)
        }
        buffer.append(entries[slot].text)
    }

    private func makeText(_ code: CodeBytes, _ selector: UInt16, _ eip: UInt32, _ is32Bit: Bool) -> [UInt8] {
        var text = LineBuffer(capacity: 80)
        text.append(address: selector, eip, is32Bit: is32Bit)
        guard !code.isEmpty, code.isKnown else {
            // Not fetched, or from a device that must not be asked twice.
            text.append(field: String(repeating: code.isEmpty ? "-" : "??", count: max(1, code.count)), width: 14)
            text.append(field: code.isEmpty ? "(no instruction)" : "(not in memory)", width: 30)
            return text.bytes
        }
        for i in 0..<code.count { text.append(hex: UInt32(code[i]), digits: 2) }
        text.append(field: "", width: 14 - 2 * code.count)
        let disassembler = is32Bit ? disassemblers.1 : disassemblers.0
        text.append(field: disassembler.disassemble(code.bytes, at: eip).text, width: 30)
        return text.bytes
    }

    /// The same for an interrupt that came before the instruction at CS:EIP.
    func append(event vector: UInt8, at state: RegisterState, is32Bit: Bool, to buffer: inout LineBuffer) {
        buffer.append(address: state.selectorOfCode, state.eip, is32Bit: is32Bit)
        buffer.append(field: "-", width: 14)
        let name = vector == Fault.Vector.nmi ? "NMI" : vector == Fault.Vector.debug ? "debug trap" : "interrupt"
        let number = String(vector, radix: 16, uppercase: true)
        buffer.append(field: "(\(name) \(vector < 16 ? "0" : "")\(number)h)", width: 30)
    }

    /// Appends `name=value`.
    func append(field number: Int, _ value: UInt32, to buffer: inout LineBuffer) {
        buffer.append(names[number])
        buffer.append(hex: value, digits: digits[number])
    }
}
