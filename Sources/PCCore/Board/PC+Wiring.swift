extension PC {
    /// Connects every part: each port, line and callback stands here once.
    func wire() {
        wireInterrupts()

        bus.attach(dma.first, ports: 0x00...0x0F)
        bus.attach(pic.master, ports: 0x20...0x21)
        bus.attach(pit, ports: 0x40...0x43)
        bus.attach(keyboardController, ports: 0x60...0x60)
        bus.attach(controlPortB, ports: 0x61...0x61)
        bus.attach(keyboardController, ports: 0x64...0x64, offset: 4)
        bus.attach(rtc, ports: 0x70...0x71)
        bus.attach(dma.pages, ports: 0x80...0x8F)
        bus.attach(controlPortA, ports: 0x92...0x92)
        bus.attach(pic.slave, ports: 0xA0...0xA1)
        bus.attach(dma.second, ports: 0xC0...0xDF)
        bus.attach(debugConsole, ports: 0xE9...0xE9)
        if configuration.coprocessor { bus.attach(coprocessorPort, ports: 0xF0...0xF1) }
        if configuration.debugExit { bus.attach(debugExit, ports: 0xF4...0xF4) }
        bus.attach(ide[1], ports: 0x170...0x170, width: .dword)
        bus.attach(ide[1], ports: 0x171...0x177, offset: 1)
        bus.attach(ide[0], ports: 0x1F0...0x1F0, width: .dword)
        bus.attach(ide[0], ports: 0x1F1...0x1F7, offset: 1)
        bus.attach(gamePort, ports: 0x201...0x201)
        bus.attach(serial[1], ports: 0x2F8...0x2FF)
        bus.attach(ide[1], ports: 0x376...0x377, offset: 0x16)
        bus.attach(parallel, ports: 0x378...0x37A)
        bus.attach(vga, ports: 0x3B4...0x3B5, offset: 0x04)
        bus.attach(vga, ports: 0x3BA...0x3BA, offset: 0x0A)
        bus.attach(vga, ports: 0x3C0...0x3CF, offset: 0x10)
        bus.attach(vga, ports: 0x3D4...0x3D5, offset: 0x24)
        bus.attach(vga, ports: 0x3DA...0x3DA, offset: 0x2A)
        bus.attach(floppy, ports: 0x3F0...0x3F5)
        bus.attach(ide[0], ports: 0x3F6...0x3F6, offset: 0x16)
        bus.attach(floppy, ports: 0x3F7...0x3F7, offset: 7)
        bus.attach(serial[0], ports: 0x3F8...0x3FF)
        bus.attach(powerPort, ports: 0x8900...0x8900)
        if let kernelLoader { bus.attach(kernelLoader, ports: 0x8910...0x8913, width: .dword) }
        bus.attach(vga, memory: MemoryMap.videoWindow)

        wirePCI()
        wireDisplay()
        wireCallbacks()
    }

    private func wireCallbacks() {
        pit.counter2Changed = { [unowned self] in controlPortB.counter2Changed() }
        controlPortB.speakerChanged = { [unowned self] in host?.speaker(millihertz: $0, at: scheduler.now) }
        debugConsole.byteWritten = { [unowned self] in host?.debugConsole($0) }
        debugExit.exitRequested = { [unowned self] in stop(.debugExit($0)) }
        powerPort.powerOff = { [unowned self] in stop(.poweredOff) }
        kernelLoader?.loadRequested = { [unowned self] in endSlice() }
        kernelLoader?.log = { [unowned self] in host?.log($0) }
        controlPortA.a20Changed = { [unowned self] _ in updateA20() }
        controlPortA.resetRequested = { [unowned self] in requestReset() }
        wireCoprocessor()
        keyboardController.connect(keyboard: keyboard)
        keyboardController.setA20 = { [unowned self] _ in updateA20() }
        keyboardController.resetCPU = { [unowned self] in requestReset() }
        keyboard.ledsChanged = { [unowned self] in host?.keyboardLEDs($0) }
        for (port, uart) in serial.enumerated() {
            uart.transmit = { [unowned self] in host?.serial(port, $0) }
        }
        if configuration.hasPrinter { parallel.print = { [unowned self] in host?.printer(0, $0) } }
        wireMouse()
        floppy.log = { [unowned self] in host?.log($0) }
        for channel in ide { channel.log = { [unowned self] in host?.log($0) } }
    }

    /// The error line goes to IRQ 13; that of an 8087 to NMI, as on the PC and XT, behind the mask of this board, which is
    /// bit 7 of port 70h and not port A0h, where it has its second interrupt controller.
    private func wireCoprocessor() {
        guard configuration.cpu >= .i80286 else {
            bus.floatErrorChanged = { [unowned self] in if $0, !rtc.state.masksNMI { cpu.raiseNMI() } }
            rtc.nmiMaskChanged = { [unowned self] in if !$0, cpu.hasFloatError { cpu.raiseNMI() } }
            return
        }
        bus.floatErrorChanged = { [unowned self] in coprocessorPort.setError($0) }
        coprocessorPort.ignoreChanged = { [unowned bus] in bus.ignoresFloatErrors = $0 }
        // What the CPU has on its own chip is not reset by a port.
        if configuration.cpu <= .i80386 {
            coprocessorPort.resetRequested = { [unowned self] in cpu.resetCoprocessor() }
        }
    }

    /// The gate opens for either: the 8042's output port or port 92h.
    private func updateA20() { bus.a20 = keyboardController.a20 || controlPortA.a20 }

    func requestReset() {
        cpu.core.noteReset(.requested)
        resetRequested = true
        endSlice()
    }

    /// Ends the machine after the instruction in progress.
    func stop(_ reason: StopReason) {
        if ending == nil { ending = reason }
        endSlice()
    }

    /// The CPU comes back after the instruction in progress, however far away the next deadline is.
    private func endSlice() {
        bus.attention = true
        scheduler.deadlineMoved = true
    }

    /// What the set-up program of an AT would have left in CMOS, in QEMU's conventions [PC/AT TR, CMOS RAM].
    func fillCMOS() {
        // A 286 with all of its 16 MB has ROM at the end of it.
        let underROM =
            configuration.cpu == .i80286 ? max(0, configuration.memory + configuration.bios.count - 0x100_0000) : 0
        let kilobytes = (configuration.memory - underROM) >> 10
        let extended = max(0, kilobytes - 1024)
        let above16 = max(0, kilobytes - 16384) / 64
        rtc[cmos: 0x10] = floppy.cmosDriveTypes
        let floppies = (0..<2).filter { floppy.driveType($0) != .none }.count
        // A display adapter with its own BIOS has the number 0 in bits 4 and 5.
        let coprocessor: UInt8 = configuration.coprocessor ? 2 : 0
        let pointingDevice: UInt8 = mouse != nil ? 4 : 0
        rtc[cmos: 0x14] = (floppies == 0 ? 0 : UInt8(floppies - 1) << 6 | 1) | coprocessor | pointingDevice
        setCMOS(0x15, min(kilobytes, 640))
        setCMOS(0x17, min(extended, 0xFFFF))
        setCMOS(0x30, min(extended, 0xFFFF))
        setCMOS(0x34, min(above16, 0xFFFF))
        let order: (UInt8, UInt8) =
            switch configuration.boot {
            case .floppy?: (0x01, 0)
            case .disk?: (0x02, 0)
            case .cdrom?: (0x03, 0)
            case nil: configuration.cdroms.allSatisfy { $0 == nil } ? (0x21, 0) : (0x31, 0x20)
            }
        rtc[cmos: 0x3D] = order.0
        rtc[cmos: 0x38] = order.1
        rtc.updateChecksum()
    }

    private func setCMOS(_ index: Int, _ value: Int) {
        rtc[cmos: UInt8(index)] = UInt8(truncatingIfNeeded: value)
        rtc[cmos: UInt8(index + 1)] = UInt8(truncatingIfNeeded: value >> 8)
    }
}
