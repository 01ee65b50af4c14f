/// EFLAGS by instruction: PUSHF, POPF, CLI, STI [SDM 2A CLI, 2B POPF, PUSHF, STI].
extension Core {
    /// The flags that the chip has, but for the bits that are always set.
    var knownFlags: UInt32 {
        switch s.pointee.model {
        case .i8086, .i80186: 0x0FD5
        case .i80286: 0x7FD5
        case .i80386: 0x3_7FD5
        case .i80486: 0x27_7FD5
        default: 0x3F_7FD5
        }
    }

    /// Takes the flags in `mask` from `image`, as far as the chip has them, and leaves the others.
    @inline(__always)
    func replaceFlags(_ image: UInt32, _ mask: UInt32) {
        var may = mask & knownFlags
        // The 286 keeps IOPL and NT clear in real mode [80286 PRM 10.2].
        if s.pointee.model == .i80286, !s.pointee.isProtected { may &= ~(Flags.iopl | Flags.nestedTask) }
        setEFLAGS((eflags & ~may) | (image & may))
    }

    private var hasVirtual8086Extensions: Bool { s.pointee.cr4 & CR4.virtual8086Extensions != 0 }

    func pushFlags(operand32: Bool) throws(Fault) {
        if s.pointee.isVirtual8086, iopl < 3 {
            guard hasVirtual8086Extensions, !operand32 else { throw .generalProtection() }
            return try push(UInt16(truncatingIfNeeded: virtualFlags))
        }
        if operand32 {
            try push(eflags & ~(Flags.virtual8086 | Flags.resume))
        } else {
            try push(UInt16(truncatingIfNeeded: eflags))
        }
    }

    func popFlags(operand32: Bool) throws(Fault) {
        let image = try stackSlot(0, wide: operand32)
        if s.pointee.isVirtual8086, iopl < 3 {
            guard hasVirtual8086Extensions, !operand32 else { throw .generalProtection() }
            try setVirtualFlags(image)
            return setStackPointer(esp &+ 2)
        }
        var may = Flags.arithmetic | Flags.trap | Flags.direction | Flags.nestedTask
        if operand32 { may |= Flags.alignmentCheck | Flags.identification }
        if s.pointee.cpl <= iopl { may |= Flags.interrupt }
        if s.pointee.cpl == 0 { may |= Flags.iopl }
        setStackPointer(esp &+ (operand32 ? 4 : 2))
        replaceFlags(image, may)
    }

    // MARK: IF

    func clearInterruptFlag() throws(Fault) {
        if mayChangeInterruptFlag {
            s.pointee.systemFlags &= ~Flags.interrupt
        } else if hasVirtualInterruptFlag {
            s.pointee.systemFlags &= ~Flags.virtualInterrupt
        } else {
            throw .generalProtection()
        }
    }

    /// Interrupts come after the next instruction at the earliest where IF was clear.
    func setInterruptFlag() throws(Fault) {
        if mayChangeInterruptFlag {
            guard s.pointee.systemFlags & Flags.interrupt == 0 else { return }
            s.pointee.systemFlags |= Flags.interrupt
            lookForInterrupt()
            shadow(stackLoad: false)
        } else if hasVirtualInterruptFlag, s.pointee.systemFlags & Flags.virtualInterruptPending == 0 {
            s.pointee.systemFlags |= Flags.virtualInterrupt
        } else {
            throw .generalProtection()
        }
    }

    @inline(__always) private var mayChangeInterruptFlag: Bool { s.pointee.cpl <= iopl || s.pointee.cpl == 0 }

    /// CLI and STI work on VIF: virtual-8086 mode under VME, level 3 under PVI [SDM 3B 20.4].
    private var hasVirtualInterruptFlag: Bool {
        s.pointee.isVirtual8086
            ? hasVirtual8086Extensions
            : s.pointee.cpl == 3 && s.pointee.cr4 & CR4.protectedVirtualInterrupts != 0
    }
}
