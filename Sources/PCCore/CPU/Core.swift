/// The functions of the CPU that are not on the hot path, over the same state: decoding, every instruction in its
/// plain form, segmentation, paging, exceptions and tasks. It costs nothing to make and owns nothing.
struct Core {
    let s: StatePointer

    @inline(__always) init(_ state: StatePointer) { s = state }

    // MARK: Registers

    /// A 32-bit general register by number.
    @inline(__always) func register(_ number: Int) -> UInt32 {
        s.load(UInt8(truncatingIfNeeded: number &* 4), as: UInt32.self)
    }
    @inline(__always) func setRegister(_ number: Int, _ value: UInt32) {
        s.store(value, UInt8(truncatingIfNeeded: number &* 4))
    }

    @inline(__always) var eax: UInt32 {
        get { s.pointee.registers.0 }
        nonmutating set { s.pointee.registers.0 = newValue }
    }
    @inline(__always) var ecx: UInt32 {
        get { s.pointee.registers.1 }
        nonmutating set { s.pointee.registers.1 = newValue }
    }
    @inline(__always) var edx: UInt32 {
        get { s.pointee.registers.2 }
        nonmutating set { s.pointee.registers.2 = newValue }
    }
    @inline(__always) var ebx: UInt32 {
        get { s.pointee.registers.3 }
        nonmutating set { s.pointee.registers.3 = newValue }
    }
    @inline(__always) var esp: UInt32 {
        get { s.pointee.registers.4 }
        nonmutating set { s.pointee.registers.4 = newValue }
    }
    @inline(__always) var ebp: UInt32 {
        get { s.pointee.registers.5 }
        nonmutating set { s.pointee.registers.5 = newValue }
    }
    @inline(__always) var esi: UInt32 {
        get { s.pointee.registers.6 }
        nonmutating set { s.pointee.registers.6 = newValue }
    }
    @inline(__always) var edi: UInt32 {
        get { s.pointee.registers.7 }
        nonmutating set { s.pointee.registers.7 = newValue }
    }

    // MARK: EFLAGS

    /// EFLAGS with the arithmetic flags worked out. Bit 1 is set; an 8086 or 186 shows bits 12-15 set.
    var eflags: UInt32 {
        let flags = s.pointee.systemFlags | Flags.pack(s.pointee.wide, s.pointee.mixed) | 2
        return s.pointee.model <= .i80186 ? flags | 0xF000 : flags
    }

    /// Sets the arithmetic flags from an EFLAGS image.
    func setArithmeticFlags(_ flags: UInt32) {
        (s.pointee.wide, s.pointee.mixed) = Flags.unpack(flags)
    }

    /// Sets all of EFLAGS; the caller has decided which bits of the image may change. Updates what depends on them.
    func setEFLAGS(_ flags: UInt32) {
        setArithmeticFlags(flags)
        setSystemFlags(flags)
    }

    /// Sets the system flags (TF, IF, DF, IOPL and above) from an EFLAGS image, and what depends on them.
    func setSystemFlags(_ flags: UInt32) {
        let changed = (flags ^ s.pointee.systemFlags) & ~Flags.arithmetic
        s.pointee.systemFlags = flags & ~(Flags.arithmetic | 0xFFC0_802A)
        let modeFlags =
            Flags.trap | Flags.virtual8086 | Flags.alignmentCheck | Flags.resume | Flags.virtualInterrupt
            | Flags.virtualInterruptPending
        if changed & modeFlags != 0 { updateMode() }
        if changed & flags & Flags.interrupt != 0 { lookForInterrupt() }
    }

    // MARK: Time

    /// Guest time, before the instruction in progress is counted.
    @inline(__always) var now: UInt64 { s.pointee.sliceEnd &- UInt64(bitPattern: Int64(s.pointee.remaining)) }

    /// Blocks interrupts until the next instruction is done: after STI, MOV SS and POP SS.
    func shadow(stackLoad: Bool) {
        s.pointee.shadowTime = now &+ 1
        s.pointee.shadowIsStackLoad = stackLoad
    }

    /// Ends the trace and lets the run loop have a look.
    func look() {
        s.pointee.leaveTrace = true
        s.pointee.needsLook = true
    }

    /// IF was set: an interrupt may have waited for it.
    func lookForInterrupt() {
        if interruptWaits { look() }
    }

    /// The INTR pin.
    @inline(__always) var interruptWaits: Bool { s.pointee.bus._withUnsafeGuaranteedRef { $0.interruptRequested } }

    // MARK: Mode

    /// CR0 bits.
    enum CR0 {
        static let protection: UInt32 = 1
        static let monitorCoprocessor: UInt32 = 2
        static let emulation: UInt32 = 4
        static let taskSwitched: UInt32 = 8
        static let extensionType: UInt32 = 0x10
        static let numericError: UInt32 = 0x20
        static let writeProtect: UInt32 = 0x1_0000
        static let alignmentMask: UInt32 = 0x4_0000
        static let notWriteThrough: UInt32 = 0x2000_0000
        static let cacheDisable: UInt32 = 0x4000_0000
        static let paging: UInt32 = 0x8000_0000
    }

    /// CR4 bits.
    enum CR4 {
        static let virtual8086Extensions: UInt32 = 1
        static let protectedVirtualInterrupts: UInt32 = 2
        static let timeStampDisable: UInt32 = 4
        static let debuggingExtensions: UInt32 = 8
        static let pageSizeExtension: UInt32 = 0x10
        static let machineCheck: UInt32 = 0x40
        static let pageGlobal: UInt32 = 0x80
        static let performanceCounter: UInt32 = 0x100
        /// OSFXSR: the system uses FXSAVE. Without SSE nothing depends on it.
        static let fastSave: UInt32 = 0x200
    }

    var iopl: UInt8 { UInt8(truncatingIfNeeded: s.pointee.systemFlags >> 12) & 3 }

    /// Works out everything that follows from CR0, EFLAGS, CPL, DR7 and the segments. Whoever changes one of these
    /// by other means than the functions here calls it.
    func updateMode() {
        let protection = s.pointee.cr0 & CR0.protection != 0
        s.pointee.isVirtual8086 = protection && s.pointee.systemFlags & Flags.virtual8086 != 0
        s.pointee.isProtected = protection && !s.pointee.isVirtual8086
        let lookedAtEach = s.pointee.watchesData || s.pointee.checksAlignment
        s.pointee.watchesData = DebugControl.watchesData(s.pointee.dr7)
        s.pointee.checksAlignment =
            s.pointee.cpl == 3 && s.pointee.cr0 & CR0.alignmentMask != 0
            && s.pointee.systemFlags & Flags.alignmentCheck != 0 && s.pointee.model >= .i80486
        s.pointee.singly =
            s.pointee.systemFlags & (Flags.trap | Flags.resume) != 0 || s.pointee.dr7 & DebugControl.enabled != 0
            || s.pointee.checksAlignment || virtualInterruptIsDue
        s.pointee.checksAccesses =
            s.pointee.watchesData || s.pointee.checksAlignment || s.pointee.watchesMemory
        // From now on no access may take a fast path that it filled before.
        if !lookedAtEach, s.pointee.watchesData || s.pointee.checksAlignment { s.pointee.tlbs.dropFastPaths() }
        selectTLB()
        updateCodeKey()
        s.pointee.leaveTrace = true
        if s.pointee.singly { s.pointee.needsLook = true }
    }

    /// Sets the current privilege level, and with it the TLB in use.
    func setCPL(_ level: UInt8) {
        guard s.pointee.cpl != level else { return }
        s.pointee.cpl = level
        updateMode()
    }

    /// Works out what decoded code depends on, after a segment register has changed.
    func updateCodeKey() {
        let cs = s.segment(SegmentNumber.cs).pointee
        let ss = s.segment(SegmentNumber.ss).pointee
        let flat =
            ss.isFlat && s.segment(SegmentNumber.ds).pointee.isFlat && s.segment(SegmentNumber.es).pointee.isFlat
        let key =
            (cs.isBig ? TraceKey.code32 : 0) | (ss.isBig ? TraceKey.stack32 : 0) | (flat ? TraceKey.flatData : 0)
            | (cs.base == 0 && cs.limit == .max ? TraceKey.flatCode : 0)
        s.pointee.codeLimit = cs.isBig ? cs.limit : min(cs.limit, 0xFFFF)
        if key != s.pointee.codeKey {
            s.pointee.codeKey = key
            s.pointee.leaveTrace = true
        }
    }

    /// Replaces a segment register with its hidden part and works out what follows.
    @inline(__always) func setSegment(_ number: Int, _ segment: Segment) {
        s.segment(number).pointee = segment
        updateCodeKey()
        if number == SegmentNumber.cs { s.pointee.leaveTrace = true }
    }
}

/// What decoded code depends on besides the CPU model and its bytes.
enum TraceKey {
    static let code32: UInt32 = 1
    static let stack32: UInt32 = 2
    /// DS, ES and SS cover all addresses with every right.
    static let flatData: UInt32 = 4
    static let flatCode: UInt32 = 8
}
