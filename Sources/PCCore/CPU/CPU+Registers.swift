/// Names of the registers that programs and tests see: whole registers, their parts, and single flags.
public enum Register: String, CaseIterable, Sendable {
    case eax, ecx, edx, ebx, esp, ebp, esi, edi
    case es, cs, ss, ds, fs, gs
    case eip, eflags
    case ax, cx, dx, bx, sp, bp, si, di
    case al, cl, dl, bl, ah, ch, dh, bh
    case ip, flags
    case cf, pf, af, zf, sf, tf, `if`, df, of, iopl, nt, rf, vm, ac, vif, vip, id
    case ldtr, tr
    case cr0, cr2, cr3, cr4
    case dr0, dr1, dr2, dr3, dr6, dr7
}

extension Register {
    /// Where a register's value is kept.
    enum Place {
        /// `bits` of general register `number` from bit `shift` on.
        case general(number: Int, shift: UInt32)
        case segment(Int)
        case instructionPointer
        /// Bits of EFLAGS from bit `shift` on.
        case flags(shift: UInt32)
        case control(Int)
        case debug(Int)
    }

    var place: Place {
        switch self {
        case .eax, .ax, .al: .general(number: 0, shift: 0)
        case .ecx, .cx, .cl: .general(number: 1, shift: 0)
        case .edx, .dx, .dl: .general(number: 2, shift: 0)
        case .ebx, .bx, .bl: .general(number: 3, shift: 0)
        case .esp, .sp: .general(number: 4, shift: 0)
        case .ebp, .bp: .general(number: 5, shift: 0)
        case .esi, .si: .general(number: 6, shift: 0)
        case .edi, .di: .general(number: 7, shift: 0)
        case .ah: .general(number: 0, shift: 8)
        case .ch: .general(number: 1, shift: 8)
        case .dh: .general(number: 2, shift: 8)
        case .bh: .general(number: 3, shift: 8)
        case .es: .segment(SegmentNumber.es)
        case .cs: .segment(SegmentNumber.cs)
        case .ss: .segment(SegmentNumber.ss)
        case .ds: .segment(SegmentNumber.ds)
        case .fs: .segment(SegmentNumber.fs)
        case .gs: .segment(SegmentNumber.gs)
        case .ldtr: .segment(SegmentNumber.ldtr)
        case .tr: .segment(SegmentNumber.tr)
        case .eip, .ip: .instructionPointer
        case .eflags, .flags, .cf: .flags(shift: 0)
        case .pf: .flags(shift: 2)
        case .af: .flags(shift: 4)
        case .zf: .flags(shift: 6)
        case .sf: .flags(shift: 7)
        case .tf: .flags(shift: 8)
        case .if: .flags(shift: 9)
        case .df: .flags(shift: 10)
        case .of: .flags(shift: 11)
        case .iopl: .flags(shift: 12)
        case .nt: .flags(shift: 14)
        case .rf: .flags(shift: 16)
        case .vm: .flags(shift: 17)
        case .ac: .flags(shift: 18)
        case .vif: .flags(shift: 19)
        case .vip: .flags(shift: 20)
        case .id: .flags(shift: 21)
        case .cr0: .control(0)
        case .cr2: .control(2)
        case .cr3: .control(3)
        case .cr4: .control(4)
        case .dr0: .debug(0)
        case .dr1: .debug(1)
        case .dr2: .debug(2)
        case .dr3: .debug(3)
        case .dr6: .debug(6)
        case .dr7: .debug(7)
        }
    }

    /// How wide the register is.
    public var bits: Int {
        switch self {
        case .al, .cl, .dl, .bl, .ah, .ch, .dh, .bh: 8
        case .ax, .cx, .dx, .bx, .sp, .bp, .si, .di, .ip, .flags: 16
        case .es, .cs, .ss, .ds, .fs, .gs, .ldtr, .tr: 16
        case .iopl: 2
        case .cf, .pf, .af, .zf, .sf, .tf, .if, .df, .of, .nt, .rf, .vm, .ac, .vif, .vip, .id: 1
        default: 32
        }
    }

    /// The first CPU that has it.
    public var since: CPUModel {
        switch self {
        case .ldtr, .tr, .iopl, .nt, .cr0: .i80286
        case .ac: .i80486
        case .vif, .vip, .id, .cr4: .pentium
        case .fs, .gs, .rf, .vm: .i80386
        default: bits == 32 ? .i80386 : .i8086
        }
    }

    /// A flag of EFLAGS, or IOPL.
    public var isFlag: Bool { if case .flags = place { bits <= 2 } else { false } }
    /// A segment register, LDTR or TR.
    public var isSegment: Bool { if case .segment = place { true } else { false } }

    /// The bits of the register that hold it, moved to bit 0.
    var mask: UInt32 { bits == 32 ? .max : 1 << UInt32(bits) - 1 }
}

extension CPU {
    /// A register by name. Setting a segment register loads it as real mode does where the CPU is in real mode; in
    /// protected mode it changes the selector alone. A control or debug register takes what it is given, unchecked.
    public subscript(register: Register) -> UInt32 {
        get {
            let mask = register.mask
            return switch register.place {
            case .general(let number, let shift): core.register(number) >> shift & mask
            case .segment(let number): UInt32(s.segment(number).pointee.selector)
            case .instructionPointer: s.pointee.eip & mask
            case .flags(let shift): core.eflags >> shift & mask
            case .control(let number): control(number)
            case .debug(let number): debug(number)
            }
        }
        set {
            let mask = register.mask
            switch register.place {
            case .general(let number, let shift):
                core.setRegister(number, Self.merge(core.register(number), newValue, mask, shift))
            case .segment(let number):
                var segment = s.segment(number).pointee
                segment.selector = UInt16(truncatingIfNeeded: newValue)
                if !s.pointee.isProtected { segment.base = (newValue & 0xFFFF) << 4 }
                core.setSegment(number, segment)
            case .instructionPointer: s.pointee.eip = Self.merge(s.pointee.eip, newValue, mask, 0)
            case .flags(let shift): core.setEFLAGS(Self.merge(core.eflags, newValue, mask, shift))
            case .control(let number): setControl(number, newValue)
            case .debug(let number): setDebug(number, newValue)
            }
        }
    }

    private static func merge(_ old: UInt32, _ value: UInt32, _ mask: UInt32, _ shift: UInt32) -> UInt32 {
        old & ~(mask << shift) | (value & mask) << shift
    }

    private func control(_ number: Int) -> UInt32 {
        switch number {
        case 0: s.pointee.cr0
        case 2: s.pointee.cr2
        case 3: s.pointee.cr3
        default: s.pointee.cr4
        }
    }

    private func setControl(_ number: Int, _ value: UInt32) {
        switch number {
        case 0: s.pointee.cr0 = value
        case 2: s.pointee.cr2 = value
        case 3: s.pointee.cr3 = value
        default: s.pointee.cr4 = value
        }
        core.updateMode()
        core.updateFloatMode()
        core.flushTLB()
    }

    private func debug(_ number: Int) -> UInt32 {
        switch number {
        case 0: s.pointee.dr.0
        case 1: s.pointee.dr.1
        case 2: s.pointee.dr.2
        case 3: s.pointee.dr.3
        case 6: s.pointee.dr6
        default: s.pointee.dr7
        }
    }

    private func setDebug(_ number: Int, _ value: UInt32) {
        switch number {
        case 0: s.pointee.dr.0 = value
        case 1: s.pointee.dr.1 = value
        case 2: s.pointee.dr.2 = value
        case 3: s.pointee.dr.3 = value
        case 6: s.pointee.dr6 = value
        default: s.pointee.dr7 = value
        }
        core.updateMode()
    }

    /// Puts the CPU into 32-bit protected mode with flat segments at this privilege level, without descriptor tables.
    public func enterFlatProtectedMode(cpl: UInt8 = 0) {
        s.pointee.cr0 |= Core.CR0.protection
        for i in 0..<6 {
            var segment = Segment()
            segment.base = 0
            segment.limit = .max
            segment.access =
                (i == SegmentNumber.cs ? Segment.Access.realModeCode : Segment.Access.realModeData) | cpl << 5
            segment.flags = Segment.granular | Segment.big
            segment.selector = UInt16(cpl)
            segment.updateBounds()
            s.segment(i).pointee = segment
        }
        s.pointee.cpl = cpl
        core.updateMode()
    }
}
