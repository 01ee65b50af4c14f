/// What virtual-8086 mode does where IOPL is below 3 and VME is on [SDM 3B 20.2, 20.3].
extension Core {
    /// VIF and VIP are both set where the processor looks at them: the next instruction raises `#GP(0)`, so that the
    /// monitor can serve the interrupt that waits [SDM 3B 20.3.2]. Instructions of the program never set both; IRETD of
    /// level 0 and task switches may.
    var virtualInterruptIsDue: Bool {
        let both = Flags.virtualInterrupt | Flags.virtualInterruptPending
        guard s.pointee.systemFlags & both == both, s.pointee.cpl == 3 else { return false }
        return s.pointee.cr4
            & (s.pointee.isVirtual8086 ? CR4.virtual8086Extensions : CR4.protectedVirtualInterrupts) != 0
    }

    @inline(__always)
    func checkVirtualInterrupt() throws(Fault) {
        if s.pointee.singly, virtualInterruptIsDue { throw .generalProtection() }
    }

    /// FLAGS as a program of virtual-8086 mode sees them under VME: VIF in the place of IF, IOPL 3.
    var virtualFlags: UInt32 {
        let flags = eflags
        return (flags & ~Flags.interrupt) | Flags.iopl | (flags & Flags.virtualInterrupt != 0 ? Flags.interrupt : 0)
    }

    /// Takes FLAGS in as POPF and IRET do under VME: IF goes to VIF, IOPL stays.
    func setVirtualFlags(_ image: UInt32) throws(Fault) {
        let wantsInterrupts = image & Flags.interrupt != 0
        // The monitor has an interrupt waiting, or wants to see single steps.
        if image & Flags.trap != 0 || (wantsInterrupts && s.pointee.systemFlags & Flags.virtualInterruptPending != 0) {
            throw .generalProtection()
        }
        let may = Flags.arithmetic | Flags.trap | Flags.direction | Flags.nestedTask
        let flags = (eflags & ~(may | Flags.virtualInterrupt)) | (image & may)
        setEFLAGS(wantsInterrupts ? flags | Flags.virtualInterrupt : flags)
    }

    /// IRET with IOPL below 3: to the monitor, unless VME serves the 16-bit form.
    func virtualReturn(_ operand32: Bool) throws(Fault) {
        guard s.pointee.cr4 & CR4.virtual8086Extensions != 0, !operand32 else { throw .generalProtection() }
        let target = try stackSlot(0, wide: false)
        let selector = UInt16(truncatingIfNeeded: try stackSlot(1, wide: false))
        try setVirtualFlags(try stackSlot(2, wide: false))
        setStackPointer(esp &+ 6)
        loadRealCode(selector)
        s.pointee.eip = target
    }

    /// INT n in virtual-8086 mode. True where the redirection bitmap sends it to the program's own handler, false
    /// where the IDT is to serve it [SDM 3B Table 20-2].
    func redirectInterrupt(_ vector: UInt8) throws(Fault) -> Bool {
        guard s.pointee.cr4 & CR4.virtual8086Extensions != 0 else {
            guard iopl == 3 else { throw .generalProtection() }
            return false
        }
        let tr = s.segment(SegmentNumber.tr).pointee
        guard tr.limit >= 0x67 else { throw .generalProtection() }
        let ioMap: UInt16 = try readSystem(tr.base &+ 0x66)
        // The bitmap of 32 bytes ends where the I/O permission bitmap starts.
        let at = UInt32(ioMap) &- 32 &+ UInt32(vector >> 3)
        guard at <= tr.limit else { throw .generalProtection() }
        let bits: UInt8 = try readSystem(tr.base &+ at)
        guard bits >> (vector & 7) & 1 == 0 else {
            guard iopl == 3 else { throw .generalProtection() }
            return false
        }
        let isVirtual = iopl < 3
        let pointer: UInt32 = try readLinear(UInt32(vector) &* 4)
        let flags = UInt16(truncatingIfNeeded: isVirtual ? virtualFlags : eflags)
        try write(SegmentNumber.ss, stackOffset(esp &- 2), flags)
        try write(SegmentNumber.ss, stackOffset(esp &- 4), s.segment(SegmentNumber.cs).pointee.selector)
        try write(SegmentNumber.ss, stackOffset(esp &- 6), UInt16(truncatingIfNeeded: s.pointee.eip))
        setStackPointer(esp &- 6)
        setSystemFlags(
            s.pointee.systemFlags & ~(Flags.trap | (isVirtual ? Flags.virtualInterrupt : Flags.interrupt)))
        loadRealCode(UInt16(truncatingIfNeeded: pointer >> 16))
        s.pointee.eip = pointer & 0xFFFF
        return true
    }
}
