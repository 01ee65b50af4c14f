/// States that no program leaves behind: for showing that no state makes the host trap.
extension BareMachine {
    /// Sets every register that a guest can change, hidden parts of segments included, from random numbers. What the CPU
    /// keeps consistent by itself (CPL with CR0 and EFLAGS.VM, bounds with limits) is consistent.
    package func scramble(_ next: () -> UInt32) {
        let s = cpu.s
        let core = cpu.core
        cpu.reset()
        for number in 0..<8 { core.setRegister(number, next() & (next() & 1 == 0 ? 0xFFFF : .max)) }
        s.pointee.eip = next() & (next() & 7 == 0 ? .max : 0xFFFF)
        scrambleTables(next)
        for number in 0..<8 { s.segment(number).pointee = randomSegment(next) }
        s.pointee.dr = (next() & 0xFFFF, next() & 0xFFFF, next(), next())
        s.pointee.dr6 = next()
        s.pointee.dr7 = next() & 3 == 0 ? next() : 0x400
        if s.pointee.model >= .pentium { s.pointee.cr4 = next() & 0x1F }
        let hasPaging = s.pointee.model >= .i80386
        if s.pointee.model >= .i80286 {
            let known = Core.CR0.protection | Core.CR0.emulation | Core.CR0.taskSwitched | Core.CR0.monitorCoprocessor
            s.pointee.cr0 = next() & next() & known
            if next() & 3 != 0 { s.pointee.cr0 |= Core.CR0.protection }
            if s.pointee.model >= .i80486 {
                s.pointee.cr0 |=
                    next() & (Core.CR0.alignmentMask | Core.CR0.numericError | Core.CR0.writeProtect)
            }
            if hasPaging, s.pointee.cr0 & Core.CR0.protection != 0, next() & 1 == 0 {
                s.pointee.cr0 |= Core.CR0.paging
            }
        }
        let isProtected = s.pointee.cr0 & Core.CR0.protection != 0
        var flags = next() & 0x003F_FFD5 | 2
        if !isProtected || !hasPaging { flags &= ~Flags.virtual8086 }
        if next() & 3 != 0 { flags &= ~Flags.trap }
        core.setEFLAGS(flags)
        s.pointee.cpl = !isProtected ? 0 : flags & Flags.virtual8086 != 0 ? 3 : UInt8(truncatingIfNeeded: next() & 3)
        core.flushTLB()
        core.updateMode()
        scrambleFloat(next)
        _ = takeCaught()
    }

    private func scrambleTables(_ next: () -> UInt32) {
        let s = cpu.s
        s.pointee.gdtBase = next() & 0xF_FFFF
        s.pointee.gdtLimit = next() & 0xFFFF
        s.pointee.idtBase = next() & 0xF_FFFF
        s.pointee.idtLimit = next() & 0xFFFF
        s.pointee.cr3 = next() & (next() & 3 == 0 ? .max : 0xF_F000)
    }

    private func randomSegment(_ next: () -> UInt32) -> Segment {
        var segment = Segment()
        let isFar = next() & 7 == 0
        segment.selector = UInt16(truncatingIfNeeded: next())
        segment.base = next() & (isFar ? .max : 0xF_FFFF)
        segment.limit = next() & (next() & 1 == 0 ? .max : 0xF_FFFF)
        segment.access = UInt8(truncatingIfNeeded: next())
        if next() & 3 != 0 { segment.access |= Segment.Access.present | Segment.Access.segment }
        segment.flags = UInt8(truncatingIfNeeded: next()) & 0xF0
        segment.updateBounds()
        return segment
    }

    private func scrambleFloat(_ next: () -> UInt32) {
        var registers = FloatRegisters()
        registers.control = UInt16(truncatingIfNeeded: next())
        registers.status = UInt16(truncatingIfNeeded: next())
        registers.tags = UInt16(truncatingIfNeeded: next() & next())
        for number in 0..<8 {
            registers.stack[number] = .init(
                signExponent: UInt16(truncatingIfNeeded: next()), significand: UInt64(next()) << 32 | UInt64(next()))
        }
        registers.opcode = UInt16(truncatingIfNeeded: next())
        registers.dataPointer = next()
        registers.instructionPointer = next()
        cpu.fpu = registers
    }

    /// Runs for so many instructions and REP elements, whatever comes; a CPU that stands still is left alone.
    package func runFreely(for slots: UInt64) { cpu.run(until: scheduler.now &+ slots) }
}
