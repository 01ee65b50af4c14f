/// Names of the registers that programs and tests see.
public enum Register: String, CaseIterable, Sendable {
    case eax, ecx, edx, ebx, esp, ebp, esi, edi
    case es, cs, ss, ds, fs, gs
    case eip, eflags
}

extension CPU {
    /// A register by name. Setting a segment register loads it as real mode does where the CPU is in real mode; in
    /// protected mode it changes the selector alone.
    public subscript(register: Register) -> UInt32 {
        get {
            switch register {
            case .eax, .ecx, .edx, .ebx, .esp, .ebp, .esi, .edi: core.register(number(register))
            case .es, .cs, .ss, .ds, .fs, .gs: UInt32(s.segment(number(register)).pointee.selector)
            case .eip: s.pointee.eip
            case .eflags: core.eflags
            }
        }
        set {
            switch register {
            case .eax, .ecx, .edx, .ebx, .esp, .ebp, .esi, .edi: core.setRegister(number(register), newValue)
            case .es, .cs, .ss, .ds, .fs, .gs:
                var segment = s.segment(number(register)).pointee
                segment.selector = UInt16(truncatingIfNeeded: newValue)
                if !s.pointee.isProtected { segment.base = (newValue & 0xFFFF) << 4 }
                core.setSegment(number(register), segment)
            case .eip: s.pointee.eip = newValue
            case .eflags: core.setEFLAGS(newValue)
            }
        }
    }

    private func number(_ register: Register) -> Int {
        switch register {
        case .eax, .es: 0
        case .ecx, .cs: 1
        case .edx, .ss: 2
        case .ebx, .ds: 3
        case .esp, .fs: 4
        case .ebp, .gs: 5
        case .esi: 6
        default: 7
        }
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
