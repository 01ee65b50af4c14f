/// Accesses by linear address, through the TLB.
extension Core {
    /// Reads at `linear` with the current privilege.
    @inline(__always)
    func readLinear<W: Word>(_ linear: UInt32, as type: W.Type = W.self) throws(Fault) -> W {
        let entry = s.pointee.tlb + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let size = UInt32(W.bitWidth / 8)
        if _fastPath(entry.pointee.readTag == ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation) {
            // SAFETY: the tag says that the page of the access is mapped at `addend`.
            return host(entry, linear).loadUnaligned(as: W.self)
        }
        return try readSlow(linear, user: s.pointee.cpl == 3, as: type)
    }

    /// Writes at `linear` with the current privilege.
    @inline(__always)
    func writeLinear<W: Word>(_ linear: UInt32, _ value: W) throws(Fault) {
        let entry = s.pointee.tlb + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let size = UInt32(W.bitWidth / 8)
        if _fastPath(entry.pointee.writeTag == ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation) {
            // SAFETY: as above; the write tag stands for RAM that may be written.
            return host(entry, linear).storeBytes(of: value, as: W.self)
        }
        try writeSlow(linear, value, user: s.pointee.cpl == 3)
    }

    @inline(__always)
    private func host(_ entry: UnsafeMutablePointer<TLBEntry>, _ linear: UInt32) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: entry.pointee.addend &+ Int(linear)).unsafelyUnwrapped
    }

    /// Reads a descriptor table, a TSS or another structure of the system: always with supervisor rights.
    @inline(__always)
    func readSystem<W: Word>(_ linear: UInt32, as type: W.Type = W.self) throws(Fault) -> W {
        let entry = s.pointee.tlbs.supervisorTLB + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let size = UInt32(W.bitWidth / 8)
        if _fastPath(entry.pointee.readTag == ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation) {
            // SAFETY: as in `readLinear`.
            return host(entry, linear).loadUnaligned(as: W.self)
        }
        return try readSlow(linear, user: false, as: type)
    }

    @inline(__always)
    func writeSystem<W: Word>(_ linear: UInt32, _ value: W) throws(Fault) {
        let entry = s.pointee.tlbs.supervisorTLB + Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let size = UInt32(W.bitWidth / 8)
        if _fastPath(entry.pointee.writeTag == ((linear &+ (size &- 1)) & 0xFFFF_F000) | s.pointee.generation) {
            // SAFETY: as in `writeLinear`.
            return host(entry, linear).storeBytes(of: value, as: W.self)
        }
        try writeSlow(linear, value, user: false)
    }

    /// Raises what a write of `size` bytes at `linear` would raise, and writes nothing.
    func probeWrite(_ linear: UInt32, size: UInt32, user: Bool) throws(Fault) {
        _ = try translate(linear, write: true, user: user)
        let last = linear &+ (size &- 1)
        if (last ^ linear) & 0xFFFF_F000 != 0 { _ = try translate(last & 0xFFFF_F000, write: true, user: user) }
    }

    /// Raises what a read of `size` bytes at `linear` would raise.
    func probeRead(_ linear: UInt32, size: UInt32, user: Bool) throws(Fault) {
        _ = try translate(linear, write: false, user: user)
        let last = linear &+ (size &- 1)
        if (last ^ linear) & 0xFFFF_F000 != 0 { _ = try translate(last & 0xFFFF_F000, write: false, user: user) }
    }

    // MARK: The slow ways

    @inline(never)
    func readSlow<W: Word>(_ linear: UInt32, user: Bool, as type: W.Type) throws(Fault) -> W {
        let size = UInt32(W.bitWidth / 8)
        if s.pointee.checksAccesses { try checkAccess(linear, size: size, write: false, user: user) }
        let first = try translate(linear, write: false, user: user)
        let last = linear &+ (size &- 1)
        if (last ^ linear) & 0xFFFF_F000 == 0 {
            let value = readPhysical(first, as: type)
            if s.pointee.watchesMemory { noteRead(linear, first, first, value) }
            return value
        }
        let second = try translate(last & 0xFFFF_F000, write: false, user: user)
        var value: UInt64 = 0
        for i in 0..<size {
            let address = linear &+ i
            let physical = (address ^ linear) & 0xFFFF_F000 == 0 ? first &+ i : second | (address & 0xFFF)
            value |= UInt64(readPhysical(physical, as: UInt8.self)) << UInt64(i * 8)
        }
        if s.pointee.watchesMemory { noteRead(linear, first, second, W(truncatingIfNeeded: value)) }
        return W(truncatingIfNeeded: value)
    }

    @inline(never)
    func writeSlow<W: Word>(_ linear: UInt32, _ value: W, user: Bool) throws(Fault) {
        let size = UInt32(W.bitWidth / 8)
        if s.pointee.checksAccesses { try checkAccess(linear, size: size, write: true, user: user) }
        let first = try translate(linear, write: true, user: user)
        let last = linear &+ (size &- 1)
        if (last ^ linear) & 0xFFFF_F000 == 0 {
            if s.pointee.watchesMemory { noteWrite(linear, first, first, value) }
            return writePhysical(first, value)
        }
        let second = try translate(last & 0xFFFF_F000, write: true, user: user)
        if s.pointee.watchesMemory { noteWrite(linear, first, second, value) }
        for i in 0..<size {
            let address = linear &+ i
            let physical = (address ^ linear) & 0xFFFF_F000 == 0 ? first &+ i : second | (address & 0xFFF)
            writePhysical(physical, UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> UInt64(i * 8)))
        }
    }

    /// A debugger's watches.
    private func noteRead<W: Word>(_ linear: UInt32, _ first: UInt32, _ second: UInt32, _ value: W) {
        let value = UInt64(truncatingIfNeeded: value)
        noteWatched(linear, first, second, size: UInt32(W.bitWidth / 8), isWrite: false, value)
    }

    private func noteWrite<W: Word>(_ linear: UInt32, _ first: UInt32, _ second: UInt32, _ value: W) {
        let value = UInt64(truncatingIfNeeded: value)
        noteWatched(linear, first, second, size: UInt32(W.bitWidth / 8), isWrite: true, value)
    }

    /// Alignment checks and data breakpoints, for accesses that the fast paths must not make.
    private func checkAccess(_ linear: UInt32, size: UInt32, write: Bool, user: Bool) throws(Fault) {
        if s.pointee.checksAlignment, user, linear & (size &- 1) != 0 { throw .alignmentCheck }
        if s.pointee.watchesData { noteAccess(linear, size: size, write: write) }
    }

    // MARK: Physical memory

    /// Reads at a physical address that is masked already; the access stays within a page.
    func readPhysical<W: Word>(_ physical: UInt32, as type: W.Type = W.self) -> W {
        let page = s.pointee.memory._withUnsafeGuaranteedRef { $0.page(physical) }
        if let host = page.host {
            // SAFETY: the access stays within the page that answers.
            return host.loadUnaligned(fromByteOffset: Int(physical & 0xFFF), as: W.self)
        }
        publishTime()
        return s.pointee.bus._withUnsafeGuaranteedRef {
            if W.bitWidth == 64 {
                let low = UInt64($0.readDevice(physical, .dword))
                return W(truncatingIfNeeded: low | UInt64($0.readDevice(physical &+ 4, .dword)) << 32)
            }
            return W(truncatingIfNeeded: $0.readDevice(physical, AccessWidth(rawValue: W.bitWidth / 8) ?? .dword))
        }
    }

    /// Writes at a physical address that is masked already; the access stays within a page.
    func writePhysical<W: Word>(_ physical: UInt32, _ value: W) {
        let page = s.pointee.memory._withUnsafeGuaranteedRef { $0.page(physical) }
        if let host = page.host {
            guard page.writable else { return }
            // SAFETY: the access stays within the page that answers.
            return writeRAM(physical, host + Int(physical & 0xFFF), value)
        }
        publishTime()
        s.pointee.bus._withUnsafeGuaranteedRef {
            if W.bitWidth == 64 {
                let wide = UInt64(truncatingIfNeeded: value)
                $0.writeDevice(physical, UInt32(truncatingIfNeeded: wide), .dword)
                $0.writeDevice(physical &+ 4, UInt32(truncatingIfNeeded: wide >> 32), .dword)
            } else {
                let width = AccessWidth(rawValue: W.bitWidth / 8) ?? .dword
                $0.writeDevice(physical, UInt32(truncatingIfNeeded: value), width)
            }
        }
        noteAttention()
    }

    /// Tells the devices what time it is, before one is asked.
    @inline(__always) func publishTime() {
        s.pointee.scheduler._withUnsafeGuaranteedRef { $0.now = now }
    }

    /// Ends the slice after this instruction if a device has raised something or moved a deadline.
    @inline(__always) func noteAttention() {
        let needed =
            s.pointee.bus._withUnsafeGuaranteedRef { $0.attention }
            || s.pointee.scheduler._withUnsafeGuaranteedRef { $0.deadlineMoved }
        if needed { look() }
    }
}
