/// Where a decoder's bytes come from.
protocol CodeSource {
    mutating func next() throws(Fault) -> UInt8
}

/// What comes after bytes in host memory: nothing. It throws `leavesPage`, which no guest ever sees.
struct PageSource: CodeSource {
    static let leavesPage = Fault(0xFF)

    mutating func next() throws(Fault) -> UInt8 { throw Self.leavesPage }
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

    @inline(never) mutating func next() throws(Fault) -> UInt8 {
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

extension Core {
    /// The bytes at CS:`eip` that can be had without a fault or a walk of the page tables: up to the end of the page, or
    /// none.
    @inline(__always)
    func codeBytes(_ eip: UInt32) -> UnsafeRawBufferPointer {
        let linear = s.segment(SegmentNumber.cs).pointee.base &+ eip
        let info = s.pointee.codeTLB[Int((linear >> 12) & UInt32(TLBSize.code - 1))]
        let limit = s.pointee.codeLimit
        guard eip <= limit, info.tag == (linear & 0xFFFF_F000) | s.pointee.generation,
            let page = s.pointee.memory._withUnsafeGuaranteedRef({ $0.page(info.physical).host })
        else { return UnsafeRawBufferPointer(start: s, count: 0) }
        let offset = Int(linear & 0xFFF)
        // SAFETY: the page ends there.
        return UnsafeRawBufferPointer(start: page + offset, count: min(0x1000 - offset, Int(limit - eip) + 1))
    }
}

/// Takes one instruction from a byte source.
struct Decoder<Source: CodeSource> {
    var source: Source
    /// Bytes in host memory that are taken before the source is asked.
    private var bytes: UnsafeRawPointer
    private let bytesEnd: UnsafeRawPointer
    let model: CPUModel
    /// The forms of all opcodes.
    let forms: UnsafePointer<UInt8>
    /// The bytes that an instruction may have; prefixes end it sooner on chips without a limit.
    private let longest: UInt8
    private var i = Instruction()
    /// The segment that a prefix names, 0FFh for none.
    private(set) var segmentOverride: UInt8 = 0xFF

    @inline(__always)
    init(_ source: Source, model: CPUModel, code32: Bool) {
        let forms = OpcodeTable.shared
        let nothing = UnsafeRawBufferPointer(start: forms, count: 0)
        self.init(source, model: model, code32: code32, forms: forms, bytes: nothing)
    }

    /// - Parameters:
    ///   - forms: those of `OpcodeTable`.
    ///   - bytes: what comes before the bytes of the source.
    @inline(__always)
    init(
        _ source: Source, model: CPUModel, code32: Bool, forms: UnsafePointer<UInt8>, bytes: UnsafeRawBufferPointer
    ) {
        self.source = source
        self.model = model
        self.forms = forms
        self.bytes = bytes.baseAddress.unsafelyUnwrapped
        bytesEnd = self.bytes + bytes.count
        longest = model >= .i80386 ? 15 : model == .i80286 ? 10 : .max
        i.operand32 = code32
        i.address32 = code32
    }

    /// The instruction. Throws what fetching throws, `#UD` for what the model cannot decode, and `#GP(0)` for one that
    /// is longer than the chip takes: 15 bytes on the 386 and later [SDM 2A 2.3.11], 10 on the 286 (verified: vectors
    /// 80286 EA, 9A).
    @inline(__always)
    mutating func decode() throws(Fault) -> Instruction {
        let code32 = i.operand32
        var opcode = UInt16(try next())
        while forms[Int(opcode)] == OpcodeForm.prefix, takePrefix(UInt8(truncatingIfNeeded: opcode), code32) {
            // The 8086 and 186 have no limit, and go round and round in a segment full of prefixes. So many of them
            // count as an instruction that does nothing, which is not noticed unless one of the first of them matters.
            if i.length >= 200 {
                i.opcode = 0x90
                i.modRM = 0xC0
                return i
            }
            opcode = UInt16(try next())
        }
        if opcode == 0x0F, model >= .i80286 {
            opcode = Instruction.twoByte | UInt16(try next())
        } else if model == .i8086 {
            opcode = alias(opcode)
        }
        i.opcode = opcode
        let form = model <= .i80186 ? formBefore286(opcode) : forms[Int(opcode)]
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

    @inline(__always)
    private mutating func next() throws(Fault) -> UInt8 {
        // The byte after the last is not asked for: it may be on a page that is not there.
        if i.length >= longest { throw .generalProtection() }
        guard _fastPath(bytes < bytesEnd) else {
            let byte = try source.next()
            i.length &+= 1
            return byte
        }
        return take(as: UInt8.self)
    }

    /// SAFETY: the caller has looked that so many bytes are there.
    @inline(__always)
    private mutating func take<W: FixedWidthInteger>(as: W.Type) -> W {
        let size = W.bitWidth / 8
        let value = bytes.loadUnaligned(as: W.self)
        bytes += size
        i.length &+= UInt8(truncatingIfNeeded: size)
        return value
    }

    @inline(__always)
    private func has(_ count: Int) -> Bool {
        bytesEnd - bytes >= count && Int(i.length) &+ count <= Int(longest)
    }

    @inline(__always)
    private mutating func word() throws(Fault) -> UInt16 {
        _fastPath(has(2)) ? take(as: UInt16.self) : try slowWord()
    }

    @inline(__always)
    private mutating func dword() throws(Fault) -> UInt32 {
        _fastPath(has(4)) ? take(as: UInt32.self) : try slowDword()
    }

    @inline(never)
    private mutating func slowWord() throws(Fault) -> UInt16 {
        let low = UInt16(try next())
        return low | UInt16(try next()) << 8
    }

    @inline(never)
    private mutating func slowDword() throws(Fault) -> UInt32 {
        let low = UInt32(try slowWord())
        return low | UInt32(try slowWord()) << 16
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
            // LOCK's alias on the 8086; invalid on the 186 [AP-186]; the 286 has a prefix without effect; ICEBP from the
            // 386 on.
            guard model == .i8086 || model == .i80286 else { return false }
            i.lock = i.lock || model == .i8086
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
        opcode >= 0x63 && opcode <= 0x67 ? OpcodeForm.none : forms[Int(opcode)]
    }

    @inline(__always)
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

    @inline(__always)
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

    @inline(__always)
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

    @inline(__always)
    private mutating func full() throws(Fault) -> UInt32 { i.operand32 ? try dword() : UInt32(try word()) }

    private func signed(_ byte: UInt8) -> UInt32 { UInt32(bitPattern: Int32(Int8(bitPattern: byte))) }
}
