import Glibc
import PCCore

/// Debian's libcapstone 4, loaded when the tests run: nothing is linked, and where it is not there they are skipped.
final class Capstone {
    /// `cs_insn` of Capstone 4: id, address, size, 16 bytes, the two texts, and a pointer to details.
    private enum Layout {
        static let size = 16
        static let mnemonic = 34
        static let operands = 66
    }

    private typealias Open = @convention(c) (Int32, Int32, UnsafeMutablePointer<Int>) -> Int32
    private typealias Allocate = @convention(c) (Int) -> UnsafeMutableRawPointer?
    private typealias Iterate =
        @convention(c) (
            Int, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt64>,
            UnsafeMutableRawPointer
        ) -> Bool

    private let iterate: Iterate
    private let instruction: UnsafeMutableRawPointer
    private var handles: [Int: Int] = [:]

    static let isInstalled = Capstone() != nil

    init?() {
        guard let library = dlopen("libcapstone.so.4", RTLD_NOW),
            let open = dlsym(library, "cs_open"), let allocate = dlsym(library, "cs_malloc"),
            let iterate = dlsym(library, "cs_disasm_iter")
        else { return nil }
        self.iterate = unsafeBitCast(iterate, to: Iterate.self)
        for (bits, mode) in [(16, Int32(1 << 1)), (32, Int32(1 << 2))] {
            var handle = 0
            // Architecture 3 is x86.
            guard unsafeBitCast(open, to: Open.self)(3, mode, &handle) == 0 else { return nil }
            handles[bits] = handle
        }
        guard let instruction = unsafeBitCast(allocate, to: Allocate.self)(handles[16] ?? 0) else { return nil }
        self.instruction = instruction
    }

    /// The first instruction of `code`, nil where Capstone knows none.
    func disassemble(_ code: MachineCode) -> AssemblyLine? {
        code.bytes.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            var count = bytes.count
            var address = UInt64(code.address &+ UInt32(truncatingIfNeeded: code.removed))
            guard iterate(handles[code.bits] ?? 0, &start, &count, &address, instruction) else { return nil }
            let mnemonic = String(cString: (instruction + Layout.mnemonic).assumingMemoryBound(to: CChar.self))
            let operands = String(cString: (instruction + Layout.operands).assumingMemoryBound(to: CChar.self))
            return AssemblyLine(
                length: Int((instruction + Layout.size).load(as: UInt16.self)) + code.removed,
                text: operands.isEmpty ? mnemonic : mnemonic + " " + operands)
        }
    }
}

/// What a disassembler says of an instruction.
struct AssemblyLine: Equatable {
    var length: Int
    var text: String

    func replacing(_ old: String, with new: String) -> AssemblyLine {
        AssemblyLine(length: length, text: text.replacing(old, with: new))
    }

    func after(_ prefix: String) -> AssemblyLine { AssemblyLine(length: length, text: prefix + text) }
}

/// An instruction to disassemble, and the parts of it that the list of differences asks for.
struct MachineCode: Hashable {
    var bits: Int
    var model: CPUModel
    var prefixes: [UInt8]
    /// What follows the prefixes.
    var rest: [UInt8]
    /// Bytes that the instruction which this one was made of has more. They count in the length, and this one stands so
    /// much higher, for the targets of jumps.
    var removed = 0
    let address: UInt32

    init(bits: Int, model: CPUModel, bytes: [UInt8], address: UInt32 = 0x1000) {
        self.bits = bits
        self.model = model
        self.address = address
        let end = bytes.firstIndex { !Self.isPrefix($0, on: model) } ?? bytes.endIndex
        prefixes = Array(bytes[..<end])
        rest = Array(bytes[end...])
    }

    private static func isPrefix(_ byte: UInt8, on model: CPUModel) -> Bool {
        switch byte {
        case 0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3: true
        case 0x64, 0x65, 0x66, 0x67: model >= .i80386
        case 0xF1: model <= .i80286
        default: false
        }
    }

    var bytes: [UInt8] { prefixes + rest }

    /// The opcode; with 100h where it is one of two bytes.
    var opcode: Int {
        guard let first = rest.first else { return 0 }
        return first == 0x0F && rest.count > 1 ? 0x100 + Int(rest[1]) : Int(first)
    }
    var modRM: UInt8 {
        let index = opcode >= 0x100 ? 2 : 1
        return index < rest.count ? rest[index] : 0
    }
    var reg: UInt8 { modRM >> 3 & 7 }
    var isRegisterForm: Bool { modRM >= 0xC0 }

    func has(_ some: UInt8...) -> Bool { prefixes.contains { some.contains($0) } }

    func without(_ some: UInt8...) -> MachineCode {
        var copy = self
        copy.prefixes.removeAll { some.contains($0) }
        copy.removed += prefixes.count - copy.prefixes.count
        return copy
    }

    /// The same instruction in a code segment of the other size: operand and address size prefix turned over, but for
    /// those that would mean something else to Capstone.
    var inOtherMode: MachineCode {
        var copy = without(0x66, 0x67)
        copy.bits = 48 - bits
        if !has(0x67), !isRelativeJump || isLoop { copy.prefixes.append(0x67) }
        if !has(0x66), !isMMX { copy.prefixes.append(0x66) }
        copy.removed = removed + prefixes.count - copy.prefixes.count
        return copy
    }

    /// The size prefixes behind the others.
    var withSizeLast: MachineCode {
        var copy = without(0x66, 0x67)
        copy.prefixes += [0x66, 0x67].filter { has($0) }
        copy.removed = removed
        return copy
    }

    /// With another opcode, and another reg field if one is given.
    func with(opcode new: Int, reg: UInt8? = nil) -> MachineCode {
        var copy = self
        copy.rest.removeFirst(min(opcode >= 0x100 ? 2 : 1, rest.count))
        if let reg, !copy.rest.isEmpty { copy.rest[0] = copy.rest[0] & 0xC7 | reg << 3 }
        copy.rest.insert(contentsOf: new >= 0x100 ? [0x0F, UInt8(new & 0xFF)] : [UInt8(new)], at: 0)
        copy.removed += rest.count - copy.rest.count
        return copy
    }
}
