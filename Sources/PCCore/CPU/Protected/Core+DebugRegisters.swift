/// Bits of DR6 [SDM 3B 17.2.3].
enum DebugStatus {
    /// BD: an access to the debug registers that DR7.GD forbids.
    static let registerAccess: UInt32 = 0x2000
    /// BS
    static let singleStep: UInt32 = 0x4000
    /// BT
    static let taskSwitch: UInt32 = 0x8000
}

/// Bits of DR7 [SDM 3B 17.2.4].
enum DebugControl {
    /// GD
    static let generalDetect: UInt32 = 0x2000
    /// L0-L3 and LE, which a task switch clears.
    static let local: UInt32 = 0x155
    /// L0-L3 and G0-G3.
    static let enabled: UInt32 = 0xFF

    /// What a breakpoint waits for: R/W0-R/W3.
    enum Kind {
        static let execution: UInt32 = 0
        static let write: UInt32 = 1
        static let port: UInt32 = 2
        static let access: UInt32 = 3
    }

    /// Whether breakpoint `number` is enabled, its kind and its length less one.
    @inline(__always)
    static func fields(_ dr7: UInt32, _ number: UInt32) -> (isEnabled: Bool, kind: UInt32, span: UInt32) {
        let field = dr7 >> (16 &+ 4 &* number)
        // A length of 10b is undefined; it counts as 4 here.
        let length = (field >> 2) & 3
        return (dr7 >> (2 &* number) & 3 != 0, field & 3, length == 2 ? 3 : length)
    }

    /// Whether a breakpoint on data is enabled.
    static func watchesData(_ dr7: UInt32) -> Bool {
        guard dr7 & enabled != 0 else { return false }
        for number: UInt32 in 0..<4 {
            let (isEnabled, kind, _) = fields(dr7, number)
            if isEnabled, kind == Kind.write || kind == Kind.access { return true }
        }
        return false
    }
}

/// Debug registers and breakpoints [SDM 3B ch. 17].
extension Core {
    func debugAddress(_ number: UInt32) -> UInt32 {
        switch number & 3 {
        case 0: s.pointee.dr.0
        case 1: s.pointee.dr.1
        case 2: s.pointee.dr.2
        default: s.pointee.dr.3
        }
    }

    // MARK: MOV

    func readDebugRegister(_ number: Int) throws(Fault) -> UInt32 {
        switch try debugRegister(number) {
        case 6: return s.pointee.dr6
        case 7: return s.pointee.dr7
        case let n: return debugAddress(UInt32(truncatingIfNeeded: n))
        }
    }

    func writeDebugRegister(_ number: Int, _ value: UInt32) throws(Fault) {
        switch try debugRegister(number) {
        case 0: s.pointee.dr.0 = value
        case 1: s.pointee.dr.1 = value
        case 2: s.pointee.dr.2 = value
        case 3: s.pointee.dr.3 = value
        case 6: s.pointee.dr6 = (value & (0xE00F | reservedBit12)) | 0xFFFF_0FF0
        default:
            s.pointee.dr7 = (value & (0xFFFF_23FF | reservedBit12)) | 0x400
            updateMode()
        }
    }

    /// Bit 12 of DR6 and DR7 means nothing but can be set on the 486 [SDM 3B 22.23.1, 22.23.2].
    private var reservedBit12: UInt32 { s.pointee.model == .i80486 ? 0x1000 : 0 }

    /// The register that `number` stands for: 4 and 5 are 6 and 7 unless CR4.DE is set.
    private func debugRegister(_ number: Int) throws(Fault) -> Int {
        guard s.pointee.model >= .i80386 else { throw .invalidOpcode }
        var number = number & 7
        if number == 4 || number == 5 {
            guard s.pointee.cr4 & CR4.debuggingExtensions == 0 else { throw .invalidOpcode }
            number += 2
        }
        try requirePrivilege0()
        if s.pointee.dr7 & DebugControl.generalDetect != 0 {
            throw .debug(DebugStatus.registerAccess, isTrap: false)
        }
        return number
    }

    // MARK: Breakpoints

    /// DR6 bits of the enabled instruction breakpoints at CS:EIP; none while RF is set, nor behind MOV SS or POP SS
    /// [SDM 3B 17.3.1.1].
    func instructionBreakpoint() -> UInt32 {
        if s.pointee.shadowIsStackLoad, s.pointee.shadowTime == now { return 0 }
        guard s.pointee.dr7 & DebugControl.enabled != 0, s.pointee.systemFlags & Flags.resume == 0 else { return 0 }
        let linear = s.segment(SegmentNumber.cs).pointee.base &+ s.pointee.eip
        var hits: UInt32 = 0
        for number: UInt32 in 0..<4 {
            let (isEnabled, kind, span) = DebugControl.fields(s.pointee.dr7, number)
            if isEnabled, kind == DebugControl.Kind.execution, span == 0, debugAddress(number) == linear {
                hits |= 1 << number
            }
        }
        return hits
    }

    /// Notes the data breakpoints that an access meets: they trap after the instruction.
    func noteAccess(_ linear: UInt32, size: UInt32, write: Bool) {
        for number: UInt32 in 0..<4 {
            let (isEnabled, kind, span) = DebugControl.fields(s.pointee.dr7, number)
            guard isEnabled, kind == DebugControl.Kind.access || (write && kind == DebugControl.Kind.write) else {
                continue
            }
            noteMatch(number, linear, size, span)
        }
    }

    /// The same for a port, with CR4.DE.
    func noteIOAccess(port: UInt16, size: UInt32) {
        guard s.pointee.cr4 & CR4.debuggingExtensions != 0 else { return }
        for number: UInt32 in 0..<4 {
            let (isEnabled, kind, span) = DebugControl.fields(s.pointee.dr7, number)
            if isEnabled, kind == DebugControl.Kind.port { noteMatch(number, UInt32(port), size, span) }
        }
    }

    /// The low bits of a breakpoint's address are masked by its length [SDM 3B 17.2.5].
    private func noteMatch(_ number: UInt32, _ address: UInt32, _ size: UInt32, _ span: UInt32) {
        let first = debugAddress(number) & ~span
        // Distances go round at 4 GB, so that an access at the end of the address space is no special case.
        if address &- first <= span || first &- address < size {
            s.pointee.pendingDebug |= 1 << number
            look()
        }
    }

    /// Raises the debug trap that waits, if one does.
    func takePendingDebug() {
        let status = s.pointee.pendingDebug
        guard status != 0 else { return }
        s.pointee.pendingDebug = 0
        if stopsRepeating { forgetPrefixes() }
        raise(.debug(status, isTrap: true))
    }
}
