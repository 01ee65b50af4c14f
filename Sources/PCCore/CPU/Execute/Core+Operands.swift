/// Where an operand of an instruction is: a register by byte offset, or memory by segment and offset.
struct Place {
    var register: UInt8
    var segment: Int
    var offset: UInt32
    var isRegister: Bool { segment < 0 }

    init(register: UInt8) {
        self.register = register
        segment = -1
        offset = 0
    }

    init(segment: Int, offset: UInt32) {
        register = 0
        self.segment = segment
        self.offset = offset
    }
}

/// Operands by ModRM.
extension Core {
    /// The byte offset of general register `number` in this width: 4 to 7 are AH, CH, DH, BH among bytes.
    @inline(__always)
    func registerOffset<W: Word>(_ number: UInt8, _: W.Type) -> UInt8 {
        W.bitWidth == 8 && number >= 4 ? (number & 3) &* 4 &+ 1 : number &* 4
    }

    /// The offset of a memory operand within its segment.
    @inline(__always)
    func offset(_ i: Instruction) -> UInt32 {
        let sum =
            s.load(i.base, as: UInt32.self) &+ (s.load(i.index, as: UInt32.self) &<< UInt32(i.scale))
            &+ i.displacement
        return i.address32 ? sum : sum & 0xFFFF
    }

    /// The r/m operand, for reading.
    @inline(__always)
    func readRM<W: Word>(_ i: Instruction, as type: W.Type = W.self) throws(Fault) -> W {
        if i.isRegisterForm { return s.load(registerOffset(i.rm, type), as: type) }
        return try read(Int(i.segment), offset(i), as: type)
    }

    /// The r/m operand as a place that can be written: whatever a write would raise is raised here.
    @inline(__always)
    func placeRM<W: Word>(_ i: Instruction, _ type: W.Type) throws(Fault) -> Place {
        if i.isRegisterForm { return Place(register: registerOffset(i.rm, type)) }
        let place = Place(segment: Int(i.segment), offset: offset(i))
        try checkWrite(place, size: UInt32(W.bitWidth / 8))
        return place
    }

    func checkWrite(_ place: Place, size: UInt32) throws(Fault) {
        guard s.pointee.model >= .i80286 else { return }
        let linear = try linearForWrite(place.segment, place.offset, size: size)
        let entry = s.pointee.tlb + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        if entry.pointee.writeTag != ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation {
            if s.pointee.checksAlignment, linear & (size &- 1) != 0 { throw .alignmentCheck }
            try probeWrite(linear, size: size, user: s.pointee.cpl == 3)
        }
    }

    @inline(__always)
    func load<W: Word>(_ place: Place, as type: W.Type = W.self) throws(Fault) -> W {
        place.isRegister ? s.load(place.register, as: type) : try read(place.segment, place.offset, as: type)
    }

    @inline(__always)
    func store<W: Word>(_ value: W, _ place: Place) throws(Fault) {
        if place.isRegister {
            s.store(value, place.register)
        } else {
            try write(place.segment, place.offset, value)
        }
    }

    /// The reg operand.
    @inline(__always)
    func readReg<W: Word>(_ i: Instruction, as type: W.Type = W.self) -> W {
        s.load(registerOffset(i.reg, type), as: type)
    }

    @inline(__always)
    func writeReg<W: Word>(_ i: Instruction, _ value: W) { s.store(value, registerOffset(i.reg, W.self)) }

    /// Goes to `target` in the current code segment; beyond its limit raises #GP(0) and stays.
    @inline(__always)
    func jump(_ target: UInt32, operand32: Bool) throws(Fault) {
        let target = operand32 ? target : target & 0xFFFF
        guard target <= s.segment(SegmentNumber.cs).pointee.limit || s.pointee.model <= .i80186 else {
            throw .generalProtection()
        }
        s.pointee.eip = target
    }
}
