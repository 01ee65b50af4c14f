/// Writes one instruction for the state that it will meet: its memory operand is where memory is.
struct CodeWriter {
    let mode: FuzzMode
    let registers: Registers
    var random: Random
    /// The x87 takes part.
    let hasFloat: Bool
    private(set) var bytes: [UInt8] = []
    /// Operand and address size are those of 32-bit code.
    private(set) var operand32: Bool
    private(set) var address32: Bool
    private var override: Int?

    private enum Number {
        static let esp = 4
        static let ebp = 5
    }

    init(_ mode: FuzzMode, _ registers: Registers, _ random: Random, hasFloat: Bool = false) {
        self.hasFloat = hasFloat
        self.mode = mode
        self.registers = registers
        self.random = random
        operand32 = mode.is32Bit
        address32 = mode.is32Bit
    }

    // MARK: Bytes

    mutating func emit(_ values: UInt8...) { bytes += values }

    mutating func emit16(_ value: UInt32) {
        emit(UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func emit32(_ value: UInt32) {
        emit16(value)
        emit16(value >> 16)
    }

    mutating func emitFull(_ value: UInt32) {
        if operand32 { emit32(value) } else { emit16(value) }
    }

    mutating func emitOffset(_ value: UInt32) {
        if address32 { emit32(value) } else { emit16(value) }
    }

    // MARK: Prefixes

    /// Some prefixes, in any order.
    mutating func prefixes() {
        while true {
            switch random.below(40) {
            case 0..<6:
                emit(0x66)
                operand32 = !mode.is32Bit
            case 6..<9:
                emit(0x67)
                address32 = !mode.is32Bit
            case 9..<12:
                let number = random.below(6)
                override = number
                emit([0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65][number])
            default: return
            }
        }
    }

    mutating func operandPrefix() {
        emit(0x66)
        operand32 = !mode.is32Bit
    }

    // MARK: Operands

    /// A ModRM byte with a register or a memory operand.
    mutating func operand(_ reg: Int, memoryOnly: Bool = false) {
        if !memoryOnly && random.oneIn(2) {
            emit(0xC0 | UInt8(reg) << 3 | UInt8(random.below(8)))
        } else {
            memory(reg)
        }
    }

    /// An offset in the segment of this number that is worth reading or writing, rarely one where nothing is.
    mutating func offset(_ segment: Int) -> UInt32 {
        if random.oneIn(60) { return random.operand() }
        let spot = random.pick(mode.hotSpots(segment)) &+ UInt32(random.below(random.oneIn(3) ? 64 : 32))
        return random.oneIn(2) ? spot & ~3 : spot
    }

    /// A ModRM byte, SIB and displacement for a memory operand.
    mutating func memory(_ reg: Int) {
        if address32 { memory32(reg) } else { memory16(reg) }
    }

    private mutating func memory32(_ reg: Int) {
        let rm = random.below(8)
        var value: UInt32 = 0
        var sib: UInt8?
        var base: Int? = rm
        if rm == 4 {
            let index = random.below(8)
            let scale = random.below(4)
            base = random.below(8)
            sib = UInt8(scale << 6 | index << 3 | base!)
            if index != 4 { value = registers[index] &<< UInt32(scale) }
        }
        // Base 5 with mode 0 is a displacement alone.
        let isAbsolute = base == Number.ebp && random.oneIn(2)
        let segment = override ?? (!isAbsolute && (base == Number.esp || base == Number.ebp) ? 2 : 3)
        if !isAbsolute { value = value &+ registers[base!] }
        let displacement = offset(segment) &- value
        let short = Int32(bitPattern: displacement)
        let mode: UInt8
        if isAbsolute || (displacement == 0 && base != Number.ebp) {
            mode = 0
        } else if (-128...127).contains(short) && !random.oneIn(8) {
            mode = 1
        } else {
            mode = 2
        }
        emit(mode << 6 | UInt8(reg) << 3 | UInt8(rm))
        if let sib { emit(sib) }
        if mode == 1 { emit(UInt8(truncatingIfNeeded: displacement)) }
        if mode == 2 || isAbsolute { emit32(displacement) }
    }

    private mutating func memory16(_ reg: Int) {
        let rm = random.below(8)
        let isAbsolute = rm == 6 && random.oneIn(2)
        let pairs = [[3, 6], [3, 7], [5, 6], [5, 7], [6], [7], [5], [3]]
        let value = isAbsolute ? 0 : pairs[rm].reduce(0 as UInt32) { $0 &+ registers[$1] }
        let segment = override ?? (!isAbsolute && pairs[rm].contains(5) ? 2 : 3)
        let displacement = (offset(segment) &- value) & 0xFFFF
        let short = Int16(truncatingIfNeeded: displacement)
        let mode: UInt8
        if isAbsolute || (displacement == 0 && rm != 6) {
            mode = 0
        } else if (-128...127).contains(short) && !random.oneIn(8) {
            mode = 1
        } else {
            mode = 2
        }
        emit(mode << 6 | UInt8(reg) << 3 | UInt8(rm))
        if mode == 1 { emit(UInt8(truncatingIfNeeded: displacement)) }
        if mode == 2 || isAbsolute { emit16(displacement) }
    }

    /// The offset of a direct address (A0h to A3h).
    mutating func direct() { emitOffset(offset(override ?? 3)) }

    // MARK: Instructions with a fixed form

    /// MOV r32, imm32 in either kind of code.
    mutating func setRegister(_ number: Int, _ value: UInt32) {
        if !mode.is32Bit { emit(0x66) }
        emit(0xB8 | UInt8(number))
        emit32(value)
    }

    /// A near target of a jump in this code.
    mutating func target() -> UInt32 {
        let away = random.below(5) == 0 ? random.below(200) - 100 : random.below(40)
        let target = registers.eip &+ UInt32(truncatingIfNeeded: away + 8)
        return mode.is32Bit ? target : target & 0xFFFF
    }
}
