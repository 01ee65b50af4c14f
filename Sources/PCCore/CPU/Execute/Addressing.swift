/// How a memory operand's address comes about. Each form becomes code of its own in each handler.
protocol Addressing {
    /// The linear address for reading, and whether segmentation lets the access pass.
    static func read(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool)
    static func write(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool)
    /// The offset within the segment, for LEA.
    static func offset(_ s: StatePointer, _ r: RecordPointer) -> UInt32
    /// The linear address of ES:EDI for writing, and whether segmentation lets the access pass.
    static func target(_ s: StatePointer, _ size: UInt32) -> (UInt32, Bool)
    /// Moves an index register, given by its byte offset.
    static func advance(_ s: StatePointer, _ index: UInt8, by bytes: UInt32)
}

extension Addressing {
    @inline(__always) static func advance(_ s: StatePointer, _ index: UInt8, by bytes: UInt32) {
        s.store(s.load(index, as: UInt32.self) &+ bytes, index)
    }
    @inline(__always) static func target(_ s: StatePointer, _ size: UInt32) -> (UInt32, Bool) {
        (s.pointee.registers.7, true)
    }
}

/// 32-bit address of base and displacement in a flat segment.
enum FlatBase: Addressing {
    @inline(__always) static func offset(_ s: StatePointer, _ r: RecordPointer) -> UInt32 {
        s.load(r.pointee.base, as: UInt32.self) &+ r.pointee.displacement
    }
    @inline(__always) static func read(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        (offset(s, r), true)
    }
    @inline(__always) static func write(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        (offset(s, r), true)
    }
}

/// 32-bit address with a scaled index in a flat segment.
enum FlatIndex: Addressing {
    @inline(__always) static func offset(_ s: StatePointer, _ r: RecordPointer) -> UInt32 {
        s.load(r.pointee.base, as: UInt32.self)
            &+ (s.load(r.pointee.indexRegister, as: UInt32.self) &<< UInt32(r.pointee.scaleAndSegment & 3))
            &+ r.pointee.displacement
    }
    @inline(__always) static func read(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        (offset(s, r), true)
    }
    @inline(__always) static func write(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        (offset(s, r), true)
    }
}

/// Base and limit of the record's segment.
@inline(__always)
private func checkedRead(_ s: StatePointer, _ r: RecordPointer, _ offset: UInt32, _ size: UInt32) -> (UInt32, Bool) {
    let cache = s.segment(Int(r.pointee.scaleAndSegment >> 4))
    return (cache.pointee.base &+ offset, UInt64(offset) &+ UInt64(size) <= cache.pointee.readTop)
}

@inline(__always)
private func checkedWrite(_ s: StatePointer, _ r: RecordPointer, _ offset: UInt32, _ size: UInt32) -> (UInt32, Bool) {
    let cache = s.segment(Int(r.pointee.scaleAndSegment >> 4))
    return (cache.pointee.base &+ offset, UInt64(offset) &+ UInt64(size) <= cache.pointee.writeTop)
}

/// `offset` in ES.
@inline(__always)
private func checkedTarget(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> (UInt32, Bool) {
    let cache = s.segment(SegmentNumber.es)
    return (cache.pointee.base &+ offset, UInt64(offset) &+ UInt64(size) <= cache.pointee.writeTop)
}

/// 32-bit address in any segment.
enum Segmented32: Addressing {
    @inline(__always) static func offset(_ s: StatePointer, _ r: RecordPointer) -> UInt32 { FlatIndex.offset(s, r) }
    @inline(__always) static func read(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedRead(s, r, offset(s, r), size)
    }
    @inline(__always) static func write(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedWrite(s, r, offset(s, r), size)
    }
    @inline(__always) static func target(_ s: StatePointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedTarget(s, s.pointee.registers.7, size)
    }
}

/// 16-bit address in any segment.
enum Segmented16: Addressing {
    @inline(__always) static func offset(_ s: StatePointer, _ r: RecordPointer) -> UInt32 {
        // Words, as 16-bit code writes them: a wider load would wait for the store before it.
        UInt32(
            s.load(r.pointee.base, as: UInt16.self) &+ s.load(r.pointee.indexRegister, as: UInt16.self)
                &+ UInt16(truncatingIfNeeded: r.pointee.displacement))
    }
    @inline(__always) static func read(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedRead(s, r, offset(s, r), size)
    }
    @inline(__always) static func write(_ s: StatePointer, _ r: RecordPointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedWrite(s, r, offset(s, r), size)
    }
    @inline(__always) static func target(_ s: StatePointer, _ size: UInt32) -> (UInt32, Bool) {
        checkedTarget(s, UInt32(s.load(28, as: UInt16.self)), size)
    }
    @inline(__always) static func advance(_ s: StatePointer, _ index: UInt8, by bytes: UInt32) {
        s.store(s.load(index, as: UInt16.self) &+ UInt16(truncatingIfNeeded: bytes), index)
    }
}

/// How the stack is addressed.
protocol StackForm {
    /// The stack offset `delta` from the stack pointer, and its linear address.
    static func at(_ s: StatePointer, _ delta: UInt32) -> (offset: UInt32, linear: UInt32)
    static func allows(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> Bool
    static func set(_ s: StatePointer, _ offset: UInt32)
    /// Moves the stack pointer. After a store this is cheaper than `set`, which keeps a host register busy until then.
    static func move(_ s: StatePointer, by delta: UInt32)
}

enum FlatStack: StackForm {
    @inline(__always) static func at(_ s: StatePointer, _ delta: UInt32) -> (offset: UInt32, linear: UInt32) {
        let offset = s.pointee.registers.4 &+ delta
        return (offset, offset)
    }
    @inline(__always) static func move(_ s: StatePointer, by delta: UInt32) { s.pointee.registers.4 &+= delta }
    @inline(__always) static func allows(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> Bool { true }
    @inline(__always) static func set(_ s: StatePointer, _ offset: UInt32) { s.pointee.registers.4 = offset }
}

/// A stack of 16 bits. Its segment is writable, or `allows` says no; what may be written may be read.
enum Stack16: StackForm {
    @inline(__always) static func at(_ s: StatePointer, _ delta: UInt32) -> (offset: UInt32, linear: UInt32) {
        let offset = UInt32(s.load(16, as: UInt16.self) &+ UInt16(truncatingIfNeeded: delta))
        return (offset, s.segment(SegmentNumber.ss).pointee.base &+ offset)
    }
    @inline(__always) static func move(_ s: StatePointer, by delta: UInt32) {
        s.store(s.load(16, as: UInt16.self) &+ UInt16(truncatingIfNeeded: delta), 16)
    }
    @inline(__always) static func allows(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> Bool {
        UInt64(offset) &+ UInt64(size) <= s.segment(SegmentNumber.ss).pointee.writeTop
    }
    @inline(__always) static func set(_ s: StatePointer, _ offset: UInt32) {
        s.store(UInt16(truncatingIfNeeded: offset), 16)
    }
}

/// A stack of 32 bits that is not flat.
enum Stack32: StackForm {
    @inline(__always) static func at(_ s: StatePointer, _ delta: UInt32) -> (offset: UInt32, linear: UInt32) {
        let offset = s.pointee.registers.4 &+ delta
        return (offset, s.segment(SegmentNumber.ss).pointee.base &+ offset)
    }
    @inline(__always) static func move(_ s: StatePointer, by delta: UInt32) { s.pointee.registers.4 &+= delta }
    @inline(__always) static func allows(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> Bool {
        UInt64(offset) &+ UInt64(size) <= s.segment(SegmentNumber.ss).pointee.writeTop
    }
    @inline(__always) static func set(_ s: StatePointer, _ offset: UInt32) { s.pointee.registers.4 = offset }
}

/// The TLB entry of `linear`.
@inline(__always)
func tlbEntry(_ s: StatePointer, _ linear: UInt32) -> UnsafeMutablePointer<TLBEntry> {
    s.pointee.tlb + Int((linear >> 12) & UInt32(TLBSize.data - 1))
}

/// What a TLB tag must be for an access of `size` bytes at `linear`.
@inline(__always)
func tlbTag(_ s: StatePointer, _ linear: UInt32, _ size: UInt32) -> UInt32 {
    ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation
}

@inline(__always)
func hostAddress(_ entry: UnsafeMutablePointer<TLBEntry>, _ linear: UInt32) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: entry.pointee.addend &+ Int(linear)).unsafelyUnwrapped
}
