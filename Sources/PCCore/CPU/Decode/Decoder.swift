/// Where a decoder's bytes come from.
protocol CodeSource {
    mutating func next() throws(Fault) -> UInt8
}

/// Bytes of one page in host memory; past the page's end it throws `leavesPage`, which no guest ever sees.
struct PageSource: CodeSource {
    var pointer: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    static let leavesPage = Fault(0xFF)

    @inline(__always) mutating func next() throws(Fault) -> UInt8 {
        guard pointer < end else { throw Self.leavesPage }
        // SAFETY: below the end of the page.
        let byte = pointer.pointee
        pointer += 1
        return byte
    }
}

/// Bytes at CS:EIP, each checked against the limit of CS and translated on its own.
struct CheckedSource: CodeSource {
    let core: Core
    var eip: UInt32
    private var page: UInt32 = 1
    private var physical: UInt32 = 0

    init(_ core: Core, eip: UInt32) {
        self.core = core
        self.eip = eip
    }

    mutating func next() throws(Fault) -> UInt8 {
        let s = core.s
        let cs = s.segment(SegmentNumber.cs).pointee
        if s.pointee.model <= .i80186 { eip &= 0xFFFF }
        guard eip <= s.pointee.codeLimit else { throw .generalProtection() }
        let linear = cs.base &+ eip
        if linear & 0xFFFF_F000 != page {
            physical = try core.translateCode(linear) & 0xFFFF_F000
            page = linear & 0xFFFF_F000
        }
        eip &+= 1
        return core.readPhysical(physical | (linear & 0xFFF))
    }
}

/// Takes one instruction from a byte source.
struct Decoder<Source: CodeSource> {
    var source: Source
    let model: CPUModel
    private var i = Instruction()
    /// The segment that a prefix names, 0FFh for none.
    private(set) var segmentOverride: UInt8 = 0xFF

    init(_ source: Source, model: CPUModel, code32: Bool) {
        self.source = source
        self.model = model
        i.operand32 = code32
        i.address32 = code32
    }

    /// The instruction. Throws what fetching throws, `#UD` for what the model cannot decode, and `#GP(0)` for one that
    /// is longer than the chip takes: 15 bytes on the 386 and later [SDM 2A 2.3.11], 10 on the 286 (verified: vectors
    /// 80286 EA, 9A).
    mutating func decode() throws(Fault) -> Instruction {
        let code32 = i.operand32
        var opcode: UInt16
        while true {
            opcode = UInt16(try next())
            guard OpcodeTable.shared[Int(opcode)] == OpcodeForm.prefix || opcode == 0xF1 else { break }
            guard takePrefix(UInt8(truncatingIfNeeded: opcode), code32) else { break }
        }
        if opcode == 0x0F, model >= .i80286 {
            opcode = Instruction.twoByte | UInt16(try next())
        } else if model == .i8086 {
            opcode = alias(opcode)
        }
        i.opcode = opcode
        let form = model <= .i80186 ? formBefore286(opcode) : OpcodeTable.shared[Int(opcode)]
        if form & OpcodeForm.modRM != 0 {
            i.modRM = try next()
            if opcode >= 0x120 && opcode <= 0x126 && opcode != 0x125 { i.modRM |= 0xC0 }
            if i.modRM < 0xC0 { try takeAddress() }
        } else {
            i.modRM = 0xC0
        }
        if form & OpcodeForm.immediate != 0 { try takeImmediate(form & OpcodeForm.immediate) }
        if segmentOverride != 0xFF { i.segment = segmentOverride }
        return i
    }

    private mutating func next() throws(Fault) -> UInt8 {
        let byte = try source.next()
        i.length &+= 1
        if i.length > 15, model >= .i80386 { throw .generalProtection() }
        if i.length > 10, model == .i80286 { throw .generalProtection() }
        // A chip without a limit would go round and round in a segment full of prefixes; no program needs this many.
        if i.length > 200 { throw .invalidOpcode }
        return byte
    }

    /// Takes a prefix byte; false where the model knows it as an opcode.
    private mutating func takePrefix(_ byte: UInt8, _ code32: Bool) -> Bool {
        switch byte {
        case 0x26: segmentOverride = 0
        case 0x2E: segmentOverride = 1
        case 0x36: segmentOverride = 2
        case 0x3E: segmentOverride = 3
        case 0xF0: i.lock = true
        case 0xF1:
            // LOCK's alias on the 8086 and 186; the 286 has a prefix without effect; ICEBP from the 386 on.
            guard model <= .i80286 else { return false }
            i.lock = i.lock || model <= .i80186
        case 0xF2, 0xF3: i.repeatPrefix = byte
        default:
            guard model >= .i80386 else { return false }
            switch byte {
            case 0x64: segmentOverride = 4
            case 0x65: segmentOverride = 5
            case 0x66: i.operand32 = !code32
            default: i.address32 = !code32
            }
        }
        return true
    }

    /// The 8086 decodes fewer bits of some opcodes, so that later instructions are older ones there.
    private func alias(_ opcode: UInt16) -> UInt16 {
        switch opcode {
        case 0x60...0x6F: opcode | 0x10
        case 0xC0, 0xC1, 0xC8, 0xC9: opcode | 2
        default: opcode
        }
    }

    private func formBefore286(_ opcode: UInt16) -> UInt8 {
        opcode >= 0x63 && opcode <= 0x67 ? OpcodeForm.none : OpcodeTable.shared[Int(opcode)]
    }

    private mutating func takeAddress() throws(Fault) {
        if i.address32 { try takeAddress32() } else { try takeAddress16() }
    }

    private mutating func takeAddress16() throws(Fault) {
        let mode = i.modRM >> 6
        let (bx, bp, si, di): (UInt8, UInt8, UInt8, UInt8) = (12, 20, 24, 28)
        switch i.rm {
        case 0: (i.base, i.index) = (bx, si)
        case 1: (i.base, i.index) = (bx, di)
        case 2: (i.base, i.index) = (bp, si)
        case 3: (i.base, i.index) = (bp, di)
        case 4: i.base = si
        case 5: i.base = di
        case 6: i.base = mode == 0 ? Record.none : bp
        default: i.base = bx
        }
        if i.base == bp { i.segment = 2 }
        if mode == 1 {
            i.displacement = signed(try next())
        } else if mode == 2 || (mode == 0 && i.rm == 6) {
            i.displacement = UInt32(try word())
        }
    }

    private mutating func takeAddress32() throws(Fault) {
        let mode = i.modRM >> 6
        if i.rm == 4 {
            let sib = try next()
            i.scale = sib >> 6
            let index = (sib >> 3) & 7
            i.index = index == 4 ? Record.none : index * 4
            if index == 4 { i.scale = 0 }
            let base = sib & 7
            if base == 5 && mode == 0 {
                i.displacement = try dword()
                return
            }
            i.base = base * 4
        } else if i.rm == 5 && mode == 0 {
            i.displacement = try dword()
            return
        } else {
            i.base = i.rm * 4
        }
        if i.base == 16 || i.base == 20 { i.segment = 2 }
        if mode == 1 { i.displacement = signed(try next()) } else if mode == 2 { i.displacement = try dword() }
    }

    private mutating func takeImmediate(_ form: UInt8) throws(Fault) {
        switch form {
        case OpcodeForm.byte: i.immediate = UInt32(try next())
        case OpcodeForm.signedByte: i.immediate = signed(try next())
        case OpcodeForm.word: i.immediate = UInt32(try word())
        case OpcodeForm.full: i.immediate = try full()
        case OpcodeForm.offset: i.displacement = i.address32 ? try dword() : UInt32(try word())
        case OpcodeForm.farPointer:
            i.immediate = try full()
            i.immediate2 = try word()
        case OpcodeForm.wordByte:
            i.immediate = UInt32(try word())
            i.immediate2 = UInt16(try next())
        case OpcodeForm.testByte: if i.reg < 2 { i.immediate = UInt32(try next()) }
        case OpcodeForm.testFull: if i.reg < 2 { i.immediate = try full() }
        default: break
        }
    }

    private mutating func full() throws(Fault) -> UInt32 { i.operand32 ? try dword() : UInt32(try word()) }

    private mutating func word() throws(Fault) -> UInt16 {
        let low = UInt16(try next())
        return low | UInt16(try next()) << 8
    }

    private mutating func dword() throws(Fault) -> UInt32 {
        let low = UInt32(try word())
        return low | UInt32(try word()) << 16
    }

    private func signed(_ byte: UInt8) -> UInt32 { UInt32(bitPattern: Int32(Int8(bitPattern: byte))) }
}
