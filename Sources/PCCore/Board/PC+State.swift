extension PC {
    /// The canonical bytes of everything on the board that decides the machine's future: CPU, RAM, chips and pending
    /// events. Disks are not in it: their changed sectors belong to whoever holds them.
    public func canonicalState() -> [UInt8] {
        var writer = StateWriter()
        var time = scheduler.state
        writer.visit(&time)
        var (halted, a20, reset) = (haltedTime, bus.a20, resetRequested)
        writer.visit(&halted)
        writer.visit(&a20)
        writer.visit(&reset)
        cpu.visitState(&writer)
        visitChips(&writer)
        memory.visitState(&writer)
        return writer.bytes
    }

    private func visitChips<V: StateVisitor>(_ visitor: inout V) {
        func visit<S: Stateful>(_ state: S, _ visitor: inout V) {
            var state = state
            visitor.visit(&state)
        }
        visit(pic.state, &visitor)
        visit(pit.state, &visitor)
        visit(dma.state, &visitor)
        visit(dma.pages.state, &visitor)
        visit(rtc.state, &visitor)
        visit(controlPortA.state, &visitor)
        visit(controlPortB.state, &visitor)
        visit(powerPort.state, &visitor)
        visit(coprocessorPort.state, &visitor)
        visit(keyboardController.state, &visitor)
        visit(keyboard.state, &visitor)
        if let mouse { visit(mouse.state, &visitor) }
        if let serialMouse { visit(serialMouse.state, &visitor) }
        for uart in serial { visit(uart.state, &visitor) }
        visit(parallel.state, &visitor)
        visit(gamePort.state, &visitor)
        visit(floppy.state, &visitor)
        for channel in ide {
            var channel = channel
            visitor.visit(&channel)
        }
        visit(vga.state, &visitor)
        if let kernelLoader { visit(kernelLoader.state, &visitor) }
        visitPCI(&visitor)
        if let apics { visit(apics, &visitor) }
    }
}

extension PhysicalMemory {
    /// RAM page by page: the number of each page that holds anything but zeros, and its bytes.
    func visitState<V: StateVisitor>(_ visitor: inout V) {
        // Shadow RAM is there however little RAM is.
        for page in 0..<(max(size, Self.megabyte) / Self.pageSize) {
            // SAFETY: the page is within RAM.
            let bytes = UnsafeRawBufferPointer(start: start + page * Self.pageSize, count: Self.pageSize)
            guard bytes.contains(where: { $0 != 0 }) else { continue }
            var number = UInt32(truncatingIfNeeded: page)
            var content = [UInt8](bytes)
            visitor.visit(&number)
            visitor.visit(&content)
        }
    }
}

extension CPU {
    /// Registers, descriptor caches, modes, and every translation that the guest could still see.
    func visitState<V: StateVisitor>(_ visitor: inout V) {
        func visit<T: FixedWidthInteger>(_ value: T, _ visitor: inout V) {
            var value = value
            visitor.visit(&value)
        }
        for number in 0..<8 { visit(core.register(number), &visitor) }
        for number in 0..<8 {
            let segment = s.segment(number).pointee
            visit(segment.selector, &visitor)
            visit(segment.base, &visitor)
            visit(segment.limit, &visitor)
            visit(segment.access, &visitor)
            visit(segment.flags, &visitor)
        }
        let p = s.pointee
        for value in [
            p.eip, core.eflags, p.cr0, p.cr2, p.cr3, p.cr4, p.dr.0, p.dr.1, p.dr.2, p.dr.3, p.dr6, p.dr7, p.gdtBase,
            p.gdtLimit, p.idtBase, p.idtLimit, p.pendingDebug, UInt32(p.cpl),
        ] { visit(value, &visitor) }
        visit(p.tscOffset, &visitor)
        var system = p.system
        visitor.visit(&system)
        let isShadowed = p.shadowTime == scheduler.now
        for flag in [p.halted, p.shutdown, p.nmiBlocked, p.nmiPending, isShadowed, isShadowed && p.shadowIsStackLoad] {
            var flag = flag
            visitor.visit(&flag)
        }
        visitFloat(&visitor)
        visitTLBs(&visitor)
    }

    /// The x87 by register numbers, with what empty registers hold; what follows from control words is left out.
    private func visitFloat<V: StateVisitor>(_ visitor: inout V) {
        func visit<T: FixedWidthInteger>(_ value: T, _ visitor: inout V) {
            var value = value
            visitor.visit(&value)
        }
        for number in 0..<UInt32(8) {
            let register = s.floatRegister(number).pointee
            visit(register.significand, &visitor)
            visit(register.signExponent, &visitor)
            visit(register.isEmpty, &visitor)
        }
        let fpu = s.pointee.fpu
        for value in [
            UInt32(fpu.controlWord), UInt32(core.floatStatus), UInt32(fpu.opcode), fpu.instructionPointer,
            fpu.dataPointer, UInt32(fpu.instructionSelector), UInt32(fpu.dataSelector),
        ] { visit(value, &visitor) }
        var (format, pin) = (fpu.usesProtectedFormat, fpu.errorPin)
        visitor.visit(&format)
        visitor.visit(&pin)
    }

    private func visitTLBs<V: StateVisitor>(_ visitor: inout V) {
        let tables = [
            (tlbs.supervisorInfo, TLBSize.data), (tlbs.userInfo, TLBSize.data), (tlbs.supervisorCode, TLBSize.code),
            (tlbs.userCode, TLBSize.code),
        ]
        for (table, count) in tables {
            for i in 0..<count where table[i].tag & 0xFFF == s.pointee.generation && table[i].tag != 0 {
                var (page, physical) = (table[i].tag & 0xFFFF_F000, table[i].physical)
                visitor.visit(&page)
                visitor.visit(&physical)
            }
        }
    }
}
