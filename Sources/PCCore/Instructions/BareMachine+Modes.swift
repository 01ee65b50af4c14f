/// What the CPU of a bare machine stands in when a test begins.
public enum ProcessorMode: String, CaseIterable, Sendable {
    case real
    /// Virtual-8086 mode, a task of level 3 under 32-bit protected mode.
    case v86
    /// Protected mode with 16-bit segments of 64 KB at address 0.
    case protected16
    /// Protected mode with flat 32-bit segments.
    case protected32

    /// The first CPU that has it.
    public var since: CPUModel {
        switch self {
        case .real: .i8086
        case .protected16: .i80286
        case .v86, .protected32: .i80386
        }
    }
}

/// Modes, descriptor tables and segment registers.
extension BareMachine {
    /// Where the tables of the protected modes are: the last 64 KB of RAM. Offsets within them.
    public enum SystemArea {
        /// 256 descriptors; those from `Selector.free` on are for the test.
        public static let gdt: UInt32 = 0
        public static let idt: UInt32 = 0x1000
        public static let tss: UInt32 = 0x2000
        /// One HLT for each vector: what the IDT's gates lead to.
        public static let handlers: UInt32 = 0x3000
        /// The stacks of levels 0, 1 and 2 for calls from outside end here, 1000h bytes each.
        public static let stacks: UInt32 = 0x8000
    }

    /// Selectors of the GDT. Those of a level have it as their RPL.
    public enum Selector {
        public static func code(_ mode: ProcessorMode, _ level: UInt8 = 0) -> UInt16 {
            (mode == .protected16 ? 0x48 : 0x08) + UInt16(level) * 0x11
        }
        public static func data(_ mode: ProcessorMode, _ level: UInt8 = 0) -> UInt16 {
            code(mode, level) + 8
        }
        public static let tss: UInt16 = 0x88
        /// Code and data of the system area, level 0; the data of levels 1 and 2 follow.
        public static let systemCode: UInt16 = 0x90
        public static let systemData: UInt16 = 0x98
        /// The first that a test can use.
        public static let free: UInt16 = 0xB0
    }

    /// The physical address of the system area.
    public var systemArea: UInt32 { UInt32(truncatingIfNeeded: max(0, memorySize - 0x1_0000)) }

    /// Resets the CPU and puts it into a mode at a privilege level: segments at 0, SP or ESP 8000h, EIP 1000h. The
    /// protected modes get a GDT, an IDT whose gates lead to one HLT each, and a TSS; see `SystemArea`. The x87 is as
    /// after FNINIT, and its exceptions raise `#MF` from the 486 on (CR0.NE).
    ///
    /// - Parameter privilege: CPL; real mode has level 0 and virtual-8086 mode level 3 alone.
    public func enter(_ mode: ProcessorMode, privilege: UInt8 = 0) {
        cpu.reset()
        let s = cpu.s
        if mode == .real {
            for register in [Register.cs, .ss, .ds, .es, .fs, .gs] { cpu[register] = 0 }
        } else {
            setUpTables(mode)
            s.pointee.cr0 |= Core.CR0.protection
            cpu.core.updateMode()
            load(.tr, selector: Selector.tss)
            if mode == .v86 {
                for number in 0..<6 { s.segment(number).pointee = .virtual8086(0) }
                s.pointee.cpl = 3
                cpu.core.setEFLAGS(Flags.virtual8086)
            } else {
                load(.cs, selector: Selector.code(mode, privilege & 3))
                for register in [Register.ss, .ds, .es] { load(register, selector: Selector.data(mode, privilege & 3)) }
                for number in [SegmentNumber.fs, SegmentNumber.gs] {
                    s.segment(number).pointee =
                        s.pointee.model >= .i80386 ? s.segment(SegmentNumber.ds).pointee : .null()
                }
            }
        }
        cpu.core.updateMode()
        cpu.fpu = FloatRegisters()
        cpu.reportsFloatErrors = true
        cpu[.esp] = 0x8000
        cpu[.eip] = 0x1000
    }

    /// Points the first 256 vectors of real mode at one HLT each, at F000:0000 + vector.
    public func installRealHandlers() {
        for vector: UInt32 in 0..<256 {
            write(0xF000 << 16 | vector, at: vector * 4)
            poke(0xF_0000 + vector, 0xF4)
        }
    }

    private func setUpTables(_ mode: ProcessorMode) {
        let s = cpu.s
        let area = systemArea
        let wide = s.pointee.model >= .i80386
        s.pointee.gdtBase = area + SystemArea.gdt
        s.pointee.gdtLimit = 0x7FF
        s.pointee.idtBase = area + SystemArea.idt
        s.pointee.idtLimit = 0x7FF
        for level: UInt8 in 0...3 {
            if wide {
                install(SegmentDescriptor(.code(), privilege: level), at: Selector.code(.protected32, level))
                install(SegmentDescriptor(.data(), privilege: level), at: Selector.data(.protected32, level))
            }
            for (kind, selector) in [
                (SegmentDescriptor.Kind.code(), Selector.code(.protected16, level)),
                (.data(), Selector.data(.protected16, level)),
            ] { install(SegmentDescriptor(kind, limit: 0xFFFF, privilege: level, is32Bit: false), at: selector) }
        }
        let isWideMode = mode != .protected16
        install(
            SegmentDescriptor(.code(), base: area, limit: 0xFFFF, is32Bit: isWideMode), at: Selector.systemCode)
        for level: UInt8 in 0...2 {
            let stack = SegmentDescriptor(
                .data(), base: area, limit: 0xFFFF, privilege: level, is32Bit: isWideMode)
            install(stack, at: Selector.systemData + UInt16(level) * 8)
        }
        setUpTask(wide)
        for vector: UInt32 in 0..<256 {
            poke(area + SystemArea.handlers + vector, 0xF4)
            let gate = GateDescriptor(
                isWideMode ? .interrupt32 : .interrupt16, selector: Selector.systemCode,
                offset: SystemArea.handlers + vector, privilege: 3)
            install(gate, vector: UInt8(vector))
        }
    }

    /// A TSS that is busy, with the stacks of the inner levels and no I/O bitmap.
    private func setUpTask(_ wide: Bool) {
        let task = systemArea + SystemArea.tss
        let type = wide ? SystemType.busyTSS32 : SystemType.busyTSS16
        let descriptor = SegmentDescriptor(
            .system(type: type), base: task, limit: wide ? 0x67 : 0x2B, is32Bit: false)
        install(descriptor, at: Selector.tss)
        for level: UInt32 in 0...2 {
            let top = SystemArea.stacks + level * 0x1000
            let stack = Selector.systemData + UInt16(level) * 9
            if wide {
                write(top, at: task + 4 + level * 8)
                write(stack, at: task + 8 + level * 8)
            } else {
                write(UInt16(top), at: task + 2 + level * 4)
                write(stack, at: task + 4 + level * 4)
            }
        }
        if wide { write(UInt16(0x68), at: task + 0x66) }
    }

    // MARK: Tables

    /// Writes a descriptor of the GDT, or of the LDT if the selector says so.
    public func install(_ descriptor: SegmentDescriptor, at selector: UInt16) {
        if let address = tableAddress(selector) { write(descriptor.bytes, at: address) }
    }

    /// Writes a gate of the GDT or LDT.
    public func install(_ gate: GateDescriptor, at selector: UInt16) {
        if let address = tableAddress(selector) { write(gate.bytes, at: address) }
    }

    /// Writes a gate of the IDT.
    public func install(_ gate: GateDescriptor, vector: UInt8) {
        write(gate.bytes, at: cpu.s.pointee.idtBase &+ UInt32(vector) * 8)
    }

    /// The address of a descriptor; nil outside of its table.
    private func tableAddress(_ selector: UInt16) -> UInt32? { cpu.core.descriptorAddress(selector) }

    /// Whether the tables have a descriptor for `selector`; a null selector needs none.
    public func hasDescriptor(_ selector: UInt16) -> Bool { selector & 0xFFFC == 0 || tableAddress(selector) != nil }

    /// The base of the segment that `selector` chooses in the current mode; nil where its table has none.
    public func base(of selector: UInt16) -> UInt32? {
        guard cpu.s.pointee.isProtected else { return UInt32(selector) << 4 }
        guard selector & 0xFFFC != 0, let address = tableAddress(selector) else { return nil }
        return Descriptor(read(at: address, as: UInt64.self)).base
    }

    // MARK: Segment registers

    /// A segment register with its hidden part. Setting it asks no table.
    public subscript(segment register: Register) -> SegmentContent {
        get {
            guard case .segment(let number) = register.place else { return SegmentContent(.null()) }
            return SegmentContent(cpu.s.segment(number).pointee)
        }
        set {
            guard case .segment(let number) = register.place else { return }
            let flags = cpu.s.segment(number).pointee.flags & ~Segment.big
            var segment = Segment(selector: newValue.selector, access: newValue.access)
            segment.base = newValue.base
            segment.limit = newValue.limit
            segment.flags = flags | (newValue.is32Bit ? Segment.big : 0)
            segment.updateBounds()
            set(number, segment)
        }
    }

    /// GDTR or IDTR.
    public struct TableRegister: Equatable, Sendable {
        public var base: UInt32
        public var limit: UInt32

        public init(base: UInt32, limit: UInt32) {
            self.base = base
            self.limit = limit
        }
    }

    public var gdtr: TableRegister {
        get { TableRegister(base: cpu.s.pointee.gdtBase, limit: cpu.s.pointee.gdtLimit) }
        set {
            cpu.s.pointee.gdtBase = newValue.base
            cpu.s.pointee.gdtLimit = newValue.limit & 0xFFFF
        }
    }

    public var idtr: TableRegister {
        get { TableRegister(base: cpu.s.pointee.idtBase, limit: cpu.s.pointee.idtLimit) }
        set {
            cpu.s.pointee.idtBase = newValue.base
            cpu.s.pointee.idtLimit = newValue.limit & 0xFFFF
        }
    }

    /// Loads a segment register, LDTR or TR with the descriptor of `selector`, unchecked. A selector that is null or
    /// outside of its table gives a segment that each access faults through. Loading CS sets CPL to the RPL.
    public func load(_ register: Register, selector: UInt16) {
        guard case .segment(let number) = register.place else { return }
        guard selector & 0xFFFC != 0, let address = tableAddress(selector) else {
            return set(number, .null(selector))
        }
        set(number, Segment(selector, Descriptor(read(at: address, as: UInt64.self))))
    }

    /// Gives a segment register this hidden part, whatever the tables say.
    public func setSegment(_ register: Register, _ descriptor: SegmentDescriptor, selector: UInt16 = 0) {
        guard case .segment(let number) = register.place else { return }
        set(number, Segment(selector, Descriptor(descriptor.bytes)))
    }

    private func set(_ number: Int, _ segment: Segment) {
        cpu.core.setSegment(number, segment)
        guard number == SegmentNumber.cs, cpu.s.pointee.isProtected else { return }
        cpu.s.pointee.cpl = UInt8(segment.selector & 3)
        cpu.core.updateMode()
    }
}
