/// A string instruction: one element, and where it pays a run of elements at once.
protocol StringOperation {
    /// REPE and REPNE look at ZF after each element.
    static var compares: Bool { get }
    /// It writes ES:EDI, which may be its own code.
    static var stores: Bool { get }
    /// One element; moves the index registers.
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault)
    /// Up to `count` elements that lie in memory without surprises; gives how many it did, 0 where it cannot.
    static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32
}

extension StringOperation {
    @inline(__always) static var compares: Bool { false }
    @inline(__always) static var stores: Bool { false }
    @inline(__always) static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32 {
        0
    }
}

extension Core {
    /// Runs a string instruction with its prefix. Where the slice ends, a device wants attention, or it has overwritten
    /// itself, it stops between two elements with EIP on itself, as an interrupt would leave it.
    func string<O: StringOperation>(_: O.Type, _ i: Instruction) throws(Fault) {
        if i.opcode & 1 == 0 {
            try stringSized(O.self, i, UInt8.self)
        } else if i.operand32 {
            try stringSized(O.self, i, UInt32.self)
        } else {
            try stringSized(O.self, i, UInt16.self)
        }
    }

    private func stringSized<O: StringOperation, W: Word>(_: O.Type, _ i: Instruction, _: W.Type) throws(Fault) {
        guard i.repeatPrefix != 0 else {
            do {
                return try O.step(self, i, W.self)
            } catch {
                if error.vector == Fault.Vector.generalProtection { leaveOverrun(i) }
                throw error
            }
        }
        var count = i.address32 ? ecx : ecx & 0xFFFF
        guard count != 0 else { return }
        // A single-step trap comes after each element [SDM 3B 18.3.1.4].
        let most =
            s.pointee.systemFlags & Flags.trap != 0 ? 1 : UInt32(truncatingIfNeeded: min(s.pointee.remaining, 1 << 30))
        var done: UInt32 = 0
        // A device has to see the time of each element, however many of them one slice takes.
        let budget = s.pointee.remaining
        defer { s.pointee.remaining = budget }
        while true {
            let target = O.stores ? s.segment(SegmentNumber.es).pointee.base &+ index(7, i) : 0
            var own = O.stores ? elementsToOwnCode(i, target, W.self) : .max
            let ran = s.pointee.singly ? 0 : O.run(self, i, min(count, most &- done, max(own, 1)), W.self)
            if ran == 0 {
                do {
                    try O.step(self, i, W.self)
                } catch {
                    s.pointee.extraIterations = Int(done)
                    if error.vector == Fault.Vector.generalProtection { leaveOverrun(i) }
                    throw error
                }
                // Where paging has led it may be known only now.
                if own == 0 { own = elementsToOwnCode(i, target, W.self) }
            }
            let advanced = max(ran, 1)
            count &-= advanced
            done &+= advanced
            s.pointee.remaining = budget &- Int(done)
            if i.address32 { ecx = count } else { s.store(UInt16(truncatingIfNeeded: count), 4) }
            if count == 0 || (O.compares && Flags.isZero(s.pointee.wide) != (i.repeatPrefix == 0xF3)) { break }
            if done >= most || own == 0 || s.pointee.needsLook {
                s.pointee.eip = s.pointee.instructionEIP
                s.pointee.isRepeating = true
                look()
                break
            }
        }
        s.pointee.extraIterations = Int(done) - 1
    }

    // MARK: Index registers

    /// SI or ESI (number 6), DI or EDI (7).
    @inline(__always) func index(_ number: Int, _ i: Instruction) -> UInt32 {
        i.address32 ? register(number) : register(number) & 0xFFFF
    }

    @inline(__always) func advance(_ number: Int, _ i: Instruction, by bytes: UInt32) {
        let value = register(number) &+ bytes
        if i.address32 {
            setRegister(number, value)
        } else {
            s.store(UInt16(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: number &* 4))
        }
    }

    /// The distance to the next element: its size, negative under DF.
    @inline(__always) func stride<W: Word>(_: W.Type) -> UInt32 {
        let size = UInt32(W.bitWidth / 8)
        return s.pointee.systemFlags & Flags.direction != 0 ? 0 &- size : size
    }

    /// Host memory behind `offset` and how many elements from there on, upwards, lie in it; 0 where the fast paths of
    /// the TLB do not lead there.
    @inline(__always)
    func elements<W: Word>(
        _ segment: Int, _ offset: UInt32, write: Bool, _ i: Instruction, _: W.Type
    ) -> (UnsafeMutableRawPointer, UInt32) {
        let size = UInt32(W.bitWidth / 8)
        let cache = s.segment(segment)
        let top = write ? cache.pointee.writeTop : cache.pointee.readTop
        let linear = cache.pointee.base &+ offset
        let entry = s.pointee.tlb + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let tag = write ? entry.pointee.writeTag : entry.pointee.readTag
        let start = UnsafeMutableRawPointer(bitPattern: entry.pointee.addend &+ Int(linear))
        guard tag == (linear & 0xFFFF_F000) | s.pointee.generation, top > UInt64(offset), let start,
            s.pointee.systemFlags & Flags.direction == 0
        else { return (UnsafeMutableRawPointer(s), 0) }
        var bytes = min(UInt64(4096 &- (linear & 0xFFF)), top &- UInt64(offset))
        if !i.address32 { bytes = min(bytes, 0x1_0000 &- UInt64(offset)) }
        return (start, UInt32(truncatingIfNeeded: bytes) / size)
    }
}

enum Movs: StringOperation {
    @inline(__always) static var stores: Bool { true }

    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let value: W = try core.read(Int(i.segment), core.index(6, i))
        try core.write(SegmentNumber.es, core.index(7, i), value)
        core.advance(6, i, by: core.stride(W.self))
        core.advance(7, i, by: core.stride(W.self))
    }

    @inline(__always)
    static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32 {
        let (source, readable) = core.elements(Int(i.segment), core.index(6, i), write: false, i, W.self)
        let (target, writable) = core.elements(SegmentNumber.es, core.index(7, i), write: true, i, W.self)
        let n = min(count, min(readable, writable))
        guard n > 0 else { return 0 }
        let size = W.bitWidth / 8
        let bytes = Int(n) &* size
        // SAFETY: `elements` bounds both runs to their pages.
        if target <= source || target >= source + bytes {
            target.copyMemory(from: source, byteCount: bytes)
        } else {
            // The target overlaps what is still to be read: programs fill memory with a pattern this way.
            for k in 0..<Int(n) {
                target.storeBytes(
                    of: source.loadUnaligned(fromByteOffset: k &* size, as: W.self), toByteOffset: k &* size, as: W.self
                )
            }
        }
        core.advance(6, i, by: n &* UInt32(size))
        core.advance(7, i, by: n &* UInt32(size))
        return n
    }
}

enum Stos: StringOperation {
    @inline(__always) static var stores: Bool { true }

    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        try core.write(SegmentNumber.es, core.index(7, i), core.s.load(0, as: W.self))
        core.advance(7, i, by: core.stride(W.self))
    }

    @inline(__always)
    static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32 {
        let (target, writable) = core.elements(SegmentNumber.es, core.index(7, i), write: true, i, W.self)
        let n = min(count, writable)
        let value = core.s.load(0, as: W.self)
        let size = W.bitWidth / 8
        // SAFETY: `elements` bounds the run to its page.
        for k in 0..<Int(n) { target.storeBytes(of: value, toByteOffset: k &* size, as: W.self) }
        core.advance(7, i, by: n &* UInt32(size))
        return n
    }
}

enum Lods: StringOperation {
    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let value: W = try core.read(Int(i.segment), core.index(6, i))
        core.s.store(value, 0)
        core.advance(6, i, by: core.stride(W.self))
    }
}

/// Eight bytes as elements side by side.
private enum Lanes<W: Word> {
    /// A one in each.
    @inline(__always) static var ones: UInt64 { UInt64.max / UInt64(truncatingIfNeeded: W.max) }

    /// Whether one of them is zero: only then does the borrow of a one that is taken away reach a highest bit that was clear.
    @inline(__always) static func hasZero(_ value: UInt64) -> Bool {
        (value &- ones) & ~value & (ones &<< UInt64(W.bitWidth &- 1)) != 0
    }
}

enum Scas: StringOperation {
    @inline(__always) static var compares: Bool { true }

    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let value: W = try core.read(SegmentNumber.es, core.index(7, i))
        _ = Sub.apply(core.s.load(0, as: W.self), value, &core.s.pointee.wide, &core.s.pointee.mixed)
        core.advance(7, i, by: core.stride(W.self))
    }

    @inline(__always)
    static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32 {
        let (source, readable) = core.elements(SegmentNumber.es, core.index(7, i), write: false, i, W.self)
        let most = min(count, readable)
        guard most > 0 else { return 0 }
        let size = W.bitWidth / 8
        let value = core.s.load(0, as: W.self)
        let stopsAtEqual = i.repeatPrefix == 0xF2
        // Eight bytes at a time, as long as none of them can be the last to look at.
        let lanes = 8 / size
        let pattern = Lanes<W>.ones &* UInt64(truncatingIfNeeded: value)
        var n = 0
        // SAFETY: `elements` bounds the run to its page, and an element stays behind the eight bytes.
        while n &+ lanes < Int(most) {
            let different = source.loadUnaligned(fromByteOffset: n &* size, as: UInt64.self) ^ pattern
            guard stopsAtEqual ? !Lanes<W>.hasZero(different) : different == 0 else { break }
            n &+= lanes
        }
        var element = value
        // SAFETY: as above.
        while n < Int(most) {
            element = source.loadUnaligned(fromByteOffset: n &* size, as: W.self)
            n &+= 1
            if (element == value) == stopsAtEqual { break }
        }
        _ = Sub.apply(value, element, &core.s.pointee.wide, &core.s.pointee.mixed)
        core.advance(7, i, by: UInt32(truncatingIfNeeded: n &* size))
        return UInt32(truncatingIfNeeded: n)
    }
}

enum Cmps: StringOperation {
    @inline(__always) static var compares: Bool { true }

    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let a: W = try core.read(Int(i.segment), core.index(6, i))
        let b: W = try core.read(SegmentNumber.es, core.index(7, i))
        _ = Sub.apply(a, b, &core.s.pointee.wide, &core.s.pointee.mixed)
        core.advance(6, i, by: core.stride(W.self))
        core.advance(7, i, by: core.stride(W.self))
    }

    @inline(__always)
    static func run<W: Word>(_ core: Core, _ i: Instruction, _ count: UInt32, _: W.Type) -> UInt32 {
        let (first, readable) = core.elements(Int(i.segment), core.index(6, i), write: false, i, W.self)
        let (second, alsoReadable) = core.elements(SegmentNumber.es, core.index(7, i), write: false, i, W.self)
        let most = min(count, min(readable, alsoReadable))
        guard most > 0 else { return 0 }
        let size = W.bitWidth / 8
        let stopsAtEqual = i.repeatPrefix == 0xF2
        let lanes = 8 / size
        var n = 0
        // SAFETY: `elements` bounds both runs to their pages, and an element stays behind the eight bytes.
        while n &+ lanes < Int(most) {
            let different =
                first.loadUnaligned(fromByteOffset: n &* size, as: UInt64.self)
                ^ second.loadUnaligned(fromByteOffset: n &* size, as: UInt64.self)
            guard stopsAtEqual ? !Lanes<W>.hasZero(different) : different == 0 else { break }
            n &+= lanes
        }
        var a: W = 0
        var b: W = 0
        // SAFETY: as above.
        while n < Int(most) {
            a = first.loadUnaligned(fromByteOffset: n &* size, as: W.self)
            b = second.loadUnaligned(fromByteOffset: n &* size, as: W.self)
            n &+= 1
            if (a == b) == stopsAtEqual { break }
        }
        _ = Sub.apply(a, b, &core.s.pointee.wide, &core.s.pointee.mixed)
        core.advance(6, i, by: UInt32(truncatingIfNeeded: n &* size))
        core.advance(7, i, by: UInt32(truncatingIfNeeded: n &* size))
        return UInt32(truncatingIfNeeded: n)
    }
}

enum Ins: StringOperation {
    @inline(__always) static var stores: Bool { true }

    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let port = UInt16(truncatingIfNeeded: core.edx)
        try core.checkPort(port, size: UInt32(W.bitWidth / 8))
        // The port is read only once the write cannot fail any more.
        let place = Place(segment: SegmentNumber.es, offset: core.index(7, i))
        try core.checkWrite(place, size: UInt32(W.bitWidth / 8))
        try core.store(W(truncatingIfNeeded: core.readPort(port, AccessWidth(W.self))), place)
        core.advance(7, i, by: core.stride(W.self))
    }
}

enum Outs: StringOperation {
    @inline(__always)
    static func step<W: Word>(_ core: Core, _ i: Instruction, _: W.Type) throws(Fault) {
        let port = UInt16(truncatingIfNeeded: core.edx)
        try core.checkPort(port, size: UInt32(W.bitWidth / 8))
        let value: W = try core.read(Int(i.segment), core.index(6, i))
        core.writePort(port, UInt32(truncatingIfNeeded: value), AccessWidth(W.self))
        core.advance(6, i, by: core.stride(W.self))
    }
}
