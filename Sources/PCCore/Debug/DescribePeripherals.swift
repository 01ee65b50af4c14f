/// Ports, the display, drives and the PCI bus.
extension PC {
    func describeSerial(_ text: inout DeviceText) {
        for (number, uart) in serial.enumerated() {
            let state = uart.state
            text.add("com\(number + 1)")
            text.add("ier", state.interruptEnable)
            text.add("fcr", state.fifoControl)
            text.add("lcr", state.lineControl)
            text.add("mcr", state.modemControl)
            text.add("lsr", uart.lineStatus)
            text.add("divisor", state.divisor)
            text.add("scratch", state.scratch)
            text.add("received \(state.received.count)")
            text.add("to send \(state.toSend.count)")
            text.endLine()
        }
    }

    func describeParallel(_ text: inout DeviceText) {
        text.add("data", parallel.state.data)
        text.add("control", parallel.state.control)
    }

    func describeVGA(_ text: inout DeviceText) {
        let registers = vga.registers
        text.add("miscellaneous", registers.miscellaneousOutput)
        text.add("feature", registers.featureControl)
        text.add("latches", registers.latches)
        text.add("start", registers.crtc.startAddress)
        text.add("cursor", registers.crtc.cursorLocation)
        text.endLine()
        for (name, index, values) in [
            ("sequencer", registers.sequencer.index, registers.sequencer.registers),
            ("crtc", registers.crtc.index, registers.crtc.registers),
            ("graphics", registers.graphics.index, registers.graphics.registers),
            ("attribute", registers.attribute.index, registers.attribute.registers),
        ] {
            text.add(name)
            text.add("index", index)
            text.add(bytes: values)
        }
        text.add("dac")
        text.add("mask", registers.dac.mask)
        text.add("address", registers.dac.address)
        text.endLine()
        guard configuration.hasVBE else { return }
        let dispi = registers.dispi
        text.add("dispi")
        text.add("id", dispi.id)
        text.add("\(dispi.columns)x\(dispi.lines)x\(dispi.bitsPerPixel)")
        text.add("enable", dispi.enable)
        text.add("bank", dispi.bankNumber)
        text.add("virtual \(dispi.virtualColumns)")
        text.add("offset \(dispi.xOffset),\(dispi.yOffset)")
    }

    func describeFloppy(_ text: inout DeviceText) {
        let state = floppy.state
        text.add("dor", state.digitalOutput)
        text.add("rate", state.dataRate)
        text.add("phase \(state.phase)")
        text.add("waits for \(state.wait)")
        text.add("interrupt", state.interrupt)
        text.endLine()
        text.add("command")
        for byte in state.command.prefix(Int(state.commandCount)) { text.add(DeviceText.hex(byte)) }
        text.endLine()
        text.add("result")
        for byte in state.result.prefix(Int(state.resultCount)) { text.add(DeviceText.hex(byte)) }
        text.endLine()
        for (number, drive) in state.drives.prefix(2).enumerated() where drive.type != .none {
            text.add("drive \(number)")
            text.add("track \(drive.track)")
            text.add("pcn \(drive.presentCylinder)")
            text.add("motor", drive.motorSince != .max)
            text.add("disk changed", drive.diskChanged)
            text.add(drive.medium == 0 ? "empty" : "disk")
            text.endLine()
        }
    }

    func describeIDE(_ text: inout DeviceText) {
        for (number, channel) in ide.enumerated() {
            text.add("channel \(number)")
            text.add("control", channel.state.control)
            text.add("selected \(channel.state.selection & 1)")
            text.endLine()
            for (place, drive) in channel.drives.enumerated() {
                guard let drive else { continue }
                let state = drive.state
                text.add("  drive \(place)")
                text.add("status", state.status)
                text.add("error", state.error)
                text.add("command", state.command)
                text.add("features", state.features)
                text.add("count", state.sectorCount)
                text.add("sector", state.sectorNumber)
                text.add("cylinder", UInt16(state.cylinderHigh) << 8 | UInt16(state.cylinderLow))
                text.add("device", state.deviceHead)
                text.add("interrupt", state.interrupt)
                text.endLine()
            }
        }
    }

    func describePCI(_ text: inout DeviceText) {
        guard let pci else { return }
        for (place, name, function) in [
            ("0.0", "host bridge", pci.host.function), ("1.0", "ISA bridge", pci.isa.function),
            ("1.1", "IDE", pci.ide.function), ("1.3", "power management", pci.power.function),
            ("2.0", "display", pci.display.function),
        ] {
            text.add("\(place) \(name)")
            text.endLine()
            text.add(bytes: (0..<64).map { function.space[$0] })
        }
    }
}
