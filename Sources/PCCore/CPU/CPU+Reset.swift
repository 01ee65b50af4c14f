extension CPU {
    /// The RESET pin [SDM 3A 9.1.1].
    public func reset() {
        let model = s.pointee.model
        s.pointee.registers = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        // EDX identifies the chip: family, model and stepping.
        s.pointee.registers.2 = resetSignature(model)
        var data = Segment()
        data.updateBounds()
        s.pointee.segments = (data, data, data, data, data, data, data, data)
        var code = data
        code.selector = model <= .i80186 ? 0xFFFF : 0xF000
        code.base = model <= .i80186 ? 0xFFFF0 : model == .i80286 ? 0xFF_0000 : 0xFFFF_0000
        s.segment(SegmentNumber.cs).pointee = code
        s.segment(SegmentNumber.ldtr).pointee.access = 0x82
        s.segment(SegmentNumber.tr).pointee.access = 0x8B
        s.pointee.eip = model <= .i80186 ? 0 : 0xFFF0
        (s.pointee.wide, s.pointee.mixed) = Flags.unpack(0)
        s.pointee.systemFlags = 0
        s.pointee.cpl = 0
        s.pointee.halted = false
        s.pointee.shutdown = false
        s.pointee.nmiBlocked = false
        s.pointee.nmiPending = false
        s.pointee.shadowTime = .max
        s.pointee.pendingDebug = 0
        s.pointee.cr0 =
            model >= .i80486 ? Core.CR0.cacheDisable | Core.CR0.notWriteThrough | Core.CR0.extensionType : 0
        // A 386 finds a 387 by its ERROR# pin [80386 PRM ch. 10].
        if model == .i80386, s.pointee.fpu.isPresent { s.pointee.cr0 |= Core.CR0.extensionType }
        s.pointee.cr2 = 0
        s.pointee.cr3 = 0
        s.pointee.cr4 = 0
        s.pointee.dr = (0, 0, 0, 0)
        // The reserved bit 12 is a one after the 486's reset (unverified).
        s.pointee.dr6 = model == .i80486 ? 0xFFFF_1FF0 : 0xFFFF_0FF0
        s.pointee.dr7 = 0x400
        s.pointee.system = SystemRegisters()
        s.pointee.gdtBase = 0
        s.pointee.gdtLimit = 0xFFFF
        s.pointee.idtBase = 0
        // The table of real mode on 286 to 486 [80286 PRM 5.4, 80386 PRM 10.1], all of 64 KB later [SDM 3A Table 9-1].
        s.pointee.idtLimit = model >= .i80286 && model <= .i80486 ? 0x3FF : 0xFFFF
        core.flushTLB()
        core.updateMode()
        core.resetFloat()
    }

    private func resetSignature(_ model: CPUModel) -> UInt32 {
        switch model {
        case .i8086, .i80186, .i80286: 0
        case .i80386: 0x0308
        case .i80486: 0x0435
        case .pentium: 0x0543
        case .pentiumII: 0x0652
        }
    }
}
