import PCCore

/// Commands that show the CPU.
extension Debugger {
    func registersCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        let isWide = pc.cpu.model >= .i80386
        let general: [Register] =
            isWide ? [.eax, .ebx, .ecx, .edx, .esi, .edi, .ebp, .esp] : [.ax, .bx, .cx, .dx, .si, .di, .bp, .sp]
        printRegisters(Array(general.prefix(4)))
        printRegisters(Array(general.suffix(4)))
        printRegisters([isWide ? .eip : .ip, isWide ? .eflags : .flags], behind: flagNames)
        printRegisters([.cs, .ds, .es, .ss, .fs, .gs])
        printRegisters([.cr0, .cr2, .cr3, .cr4])
        if pc.cpu.model >= .i80386 {
            printRegisters([.dr0, .dr1, .dr2, .dr3])
            printRegisters([.dr6, .dr7])
        }
    }

    private func printRegisters(_ registers: [Register], behind: String = "") {
        let known = registers.filter { $0.since <= pc.cpu.model }
        guard !known.isEmpty else { return }
        let fields = known.map { register in
            let value = pc.cpu[register]
            let mark = before[register] == value ? " " : "*"
            let width = pc.cpu.model <= .i80286 && register.bits == 32 ? 16 : register.bits
            return "\(register.rawValue)\(String(repeating: " ", count: max(0, 3 - register.rawValue.count))) "
                + HexText.number(value, digits: width / 4) + mark
        }
        var line = fields.joined(separator: " ") + (behind.isEmpty ? "" : " \(behind)")
        while line.last == " " { line.removeLast() }
        print(line)
    }

    private static let flagOrder: [Register] = [
        .id, .vip, .vif, .ac, .vm, .rf, .nt, .of, .df, .if, .tf, .sf, .zf, .af, .pf, .cf,
    ]

    /// Those that are set, by the manual's names.
    private var flagNames: String {
        var names = Self.flagOrder.filter { $0.since <= pc.cpu.model && pc.cpu[$0] != 0 }.map {
            $0.rawValue.uppercased()
        }
        if pc.cpu.model >= .i80286, pc.cpu[.iopl] != 0 { names.insert("IOPL=\(pc.cpu[.iopl])", at: 0) }
        return "[" + names.joined(separator: " ") + "]"
    }

    func flagsCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        let wide = pc.cpu.model >= .i80386
        print("\(HexText.number(pc.cpu[wide ? .eflags : .flags], digits: wide ? 8 : 4)) \(flagNames)")
    }

    func segmentsCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        for register in [Register.cs, .ds, .es, .ss, .fs, .gs, .ldtr, .tr] where register.since <= pc.cpu.model {
            guard let segment = pc.cpu.segment(register) else { continue }
            let name = register.rawValue + String(repeating: " ", count: max(0, 5 - register.rawValue.count))
            print(
                "\(name)\(HexText.number(segment.selector, digits: 4))  base \(HexText.number(segment.base, digits: 8))"
                    + "  limit \(HexText.number(segment.limit, digits: 8))  "
                    + DescriptorText.kind(access: segment.access, flags: segment.flags))
        }
        for (name, table) in [("gdtr", pc.cpu.gdtr), ("idtr", pc.cpu.idtr)] where pc.cpu.model >= .i80286 {
            print(
                "\(name)       base \(HexText.number(table.base, digits: 8))  limit "
                    + HexText.number(table.limit, digits: 8))
        }
        let mode =
            pc.cpu.isVirtual8086 ? "virtual-8086 mode" : pc.cpu.isProtected ? "protected mode" : "real mode"
        print("\(mode), CPL \(pc.cpu.privilege), paging \(pc.cpu.hasPaging ? "on" : "off")")
    }

    func fpuCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        guard pc.configuration.coprocessor else { return print("the machine has no x87") }
        let fpu = pc.cpu.fpu
        print(
            "control \(HexText.number(fpu.control, digits: 4))  status \(HexText.number(fpu.status, digits: 4))  tags "
                + "\(HexText.number(fpu.tags, digits: 4))  top \(fpu.top)")
        for (number, value) in fpu.stack.enumerated() {
            let tag = Int(fpu.tags) >> (((number + fpu.top) & 7) * 2) & 3
            let exponent = HexText.number(value.signExponent, digits: 4)
            let bits = "\(exponent) \(HexText.number(value.significand, digits: 16))"
            print("st\(number)  \(bits)  \(tag == 3 ? "empty" : FloatText.decimal(value))")
        }
        print(
            "instruction \(HexText.number(fpu.instructionSelector, digits: 4)):"
                + "\(HexText.number(fpu.instructionPointer, digits: 8))  data "
                + "\(HexText.number(fpu.dataSelector, digits: 4)):\(HexText.number(fpu.dataPointer, digits: 8))  opcode "
                + HexText.number(fpu.opcode, digits: 3))
    }
}

/// An x87 number for people.
enum FloatText {
    static func decimal(_ value: FloatRegisters.Value) -> String {
        let exponent = Int(value.signExponent & 0x7FFF)
        let sign = value.signExponent & 0x8000 != 0 ? "-" : ""
        if exponent == 0x7FFF { return value.significand << 1 == 0 ? sign + "inf" : sign + "nan" }
        if value.significand == 0 { return sign + "0" }
        // Beyond a double's range the power alone says enough.
        guard abs(exponent - 16383) < 1000 else { return "\(sign)about 2^\(exponent - 16383)" }
        let number = Double(sign: .plus, exponent: exponent - 16383 - 63, significand: Double(value.significand))
        return sign + "\(number)"
    }
}
