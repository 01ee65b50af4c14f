/// Accesses by segment and offset, with every check of segmentation.
extension Core {
    @inline(__always)
    func read<W: Word>(_ segment: Int, _ offset: UInt32, as type: W.Type = W.self) throws(Fault) -> W {
        let size = UInt64(W.bitWidth / 8)
        let cache = s.segment(segment)
        if _fastPath(UInt64(offset) &+ size <= cache.pointee.readTop) {
            return try readLinear(cache.pointee.base &+ offset, as: type)
        }
        return try readUnusual(segment, offset, as: type)
    }

    @inline(__always)
    func write<W: Word>(_ segment: Int, _ offset: UInt32, _ value: W) throws(Fault) {
        let size = UInt64(W.bitWidth / 8)
        let cache = s.segment(segment)
        if _fastPath(UInt64(offset) &+ size <= cache.pointee.writeTop) {
            return try writeLinear(cache.pointee.base &+ offset, value)
        }
        try writeUnusual(segment, offset, value)
    }

    /// The linear address of `size` bytes at `offset`, checked for reading.
    func linearForRead(_ segment: Int, _ offset: UInt32, size: UInt32) throws(Fault) -> UInt32 {
        let cache = s.segment(segment).pointee
        guard UInt64(offset) &+ UInt64(size) <= cache.readTop || allows(segment, offset, size, write: false) else {
            throw limitFault(segment)
        }
        return cache.base &+ offset
    }

    /// The linear address of `size` bytes at `offset`, checked for writing (and reading, which every writable
    /// segment allows).
    func linearForWrite(_ segment: Int, _ offset: UInt32, size: UInt32) throws(Fault) -> UInt32 {
        let cache = s.segment(segment).pointee
        guard UInt64(offset) &+ UInt64(size) <= cache.writeTop || allows(segment, offset, size, write: true) else {
            throw limitFault(segment)
        }
        return cache.base &+ offset
    }

    /// The full check, for segments that have no fast bounds: expand-down data, for one.
    func allows(_ segment: Int, _ offset: UInt32, _ size: UInt32, write: Bool) -> Bool {
        let cache = s.segment(segment).pointee
        guard cache.access & 0x90 == 0x90 else { return false }
        if cache.access & Segment.Access.code != 0 {
            if write || cache.access & Segment.Access.readable == 0 { return false }
        } else if write && cache.access & Segment.Access.writable == 0 {
            return false
        }
        let end = UInt64(offset) &+ UInt64(size)
        if cache.access & (Segment.Access.code | Segment.Access.expandDown) == Segment.Access.expandDown {
            let top: UInt64 = cache.isBig ? 0x1_0000_0000 : 0x1_0000
            return UInt64(offset) > UInt64(cache.limit) && end <= top
        }
        return end <= UInt64(cache.limit) + 1
    }

    /// What an access outside of a segment raises [SDM 3A 6.15]. The 286 in real mode has vector 13 for the stack as
    /// well [80286 PRM 5.2].
    func limitFault(_ segment: Int) -> Fault {
        segment == SegmentNumber.ss && (s.pointee.model != .i80286 || s.pointee.isProtected)
            ? .stackFault() : .generalProtection()
    }

    @inline(never)
    private func readUnusual<W: Word>(_ segment: Int, _ offset: UInt32, as type: W.Type) throws(Fault) -> W {
        if s.pointee.model <= .i80186 {
            let base = s.segment(segment).pointee.base
            let mask = wrapMask
            var value: UInt64 = 0
            for i in 0..<UInt32(W.bitWidth / 8) {
                let byte: UInt8 = try readLinear(base &+ ((offset &+ i) & mask))
                value |= UInt64(byte) << UInt64(i * 8)
            }
            return W(truncatingIfNeeded: value)
        }
        return try readLinear(try linearForRead(segment, offset, size: UInt32(W.bitWidth / 8)), as: type)
    }

    @inline(never)
    private func writeUnusual<W: Word>(_ segment: Int, _ offset: UInt32, _ value: W) throws(Fault) {
        if s.pointee.model <= .i80186 {
            let base = s.segment(segment).pointee.base
            let mask = wrapMask
            for i in 0..<UInt32(W.bitWidth / 8) {
                let byte = UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> UInt64(i * 8))
                try writeLinear(base &+ ((offset &+ i) & mask), byte)
            }
            return
        }
        try writeLinear(try linearForWrite(segment, offset, size: UInt32(W.bitWidth / 8)), value)
    }

    /// The 8086 and 186 have no limits: a word at FFFFh ends at 0000h on the 8086, beyond the segment on the 186 [AP-186,
    /// which speaks of writes; reads are unverified].
    private var wrapMask: UInt32 { s.pointee.model == .i8086 ? 0xFFFF : 0x1_FFFF }

    // MARK: Stack

    /// The stack pointer as wide as SS says.
    @inline(__always) var stackPointer: UInt32 {
        s.segment(SegmentNumber.ss).pointee.isBig ? esp : esp & 0xFFFF
    }

    /// Sets SP, or ESP where SS is big.
    @inline(__always) func setStackPointer(_ value: UInt32) {
        if s.segment(SegmentNumber.ss).pointee.isBig {
            esp = value
        } else {
            esp = (esp & 0xFFFF_0000) | (value & 0xFFFF)
        }
    }

    /// `value` as an offset into the stack segment: masked to 16 bits unless SS is big.
    @inline(__always) func stackOffset(_ value: UInt32) -> UInt32 {
        s.segment(SegmentNumber.ss).pointee.isBig ? value : value & 0xFFFF
    }

    @inline(__always) func push<W: Word>(_ value: W) throws(Fault) {
        let top = stackOffset(esp &- UInt32(W.bitWidth / 8))
        try write(SegmentNumber.ss, top, value)
        setStackPointer(top)
    }

    @inline(__always) func pop<W: Word>(as type: W.Type = W.self) throws(Fault) -> W {
        let value: W = try read(SegmentNumber.ss, stackPointer)
        setStackPointer(esp &+ UInt32(W.bitWidth / 8))
        return value
    }
}
