/// The chips of the PC/AT's board.
extension PC {
    func describePIC(_ text: inout DeviceText) {
        for (name, chip) in [("master", pic.master.state), ("slave", pic.slave.state)] {
            text.add(name)
            text.add("irr", chip.interruptRequest)
            text.add("imr", chip.interruptMask)
            text.add("isr", chip.inService)
            text.add("lines", chip.levels)
            text.add("vectors from", chip.vectorBase & 0xF8)
            text.add("icw3", chip.cascade)
            text.add("icw4", chip.icw4)
            text.add("level triggered", chip.levelTriggered)
            text.endLine()
        }
        text.add("INTR", bus.interruptRequested)
    }

    func describePIT(_ text: inout DeviceText) {
        let clock = scheduler.clock(hertz: PIT.hertz.numerator, per: PIT.hertz.denominator)
        for number in 0..<3 {
            var counter = pit.state[number]
            _ = counter.advance(to: clock.ticks(at: scheduler.now))
            text.add("counter \(number)")
            text.add("mode \(counter.mode.rawValue)")
            text.add("control", counter.control)
            text.add("written", counter.countRegister)
            text.add("count", counter.count)
            text.add("out", counter.output)
            text.add("gate", counter.gate)
            text.add(counter.running ? "counting" : "waits")
            text.endLine()
        }
    }

    func describeDMA(_ text: inout DeviceText) {
        let state = dma.state
        for (number, chip) in [state.first, state.second].enumerated() {
            text.add("channels \(number * 4)-\(number * 4 + 3)")
            text.add("command", chip.command)
            text.add("mask", chip.mask)
            text.add("requests", chip.requests)
            text.add("reached", chip.reached)
            text.add("flip-flop", chip.highByte)
            text.endLine()
            for channel in 0..<4 {
                let registers = chip[channel]
                text.add("  channel \(number * 4 + channel)")
                text.add("page", dma.pages.page(of: number * 4 + channel))
                text.add("address", registers.address)
                text.add("count", registers.count)
                text.add("base", registers.baseAddress)
                text.add("base count", registers.baseCount)
                text.add("mode", registers.mode)
                text.endLine()
            }
        }
    }

    func describeRTC(_ text: inout DeviceText) {
        text.add("index", rtc.state.index)
        text.add("NMI masked", rtc.state.masksNMI)
        text.add(bytes: rtc.state.bytes)
    }

    func describeKeyboard(_ text: inout DeviceText) {
        let state = keyboardController.state
        text.add("controller")
        text.add("command byte", state.commandByte)
        text.add("output", state.output)
        text.add("full", state.outputFull)
        text.add("from mouse", state.outputIsAuxiliary)
        text.add("output port", state.outputPort)
        text.add("A20", bus.a20)
        text.endLine()
        let keys = keyboard.state
        text.add("keyboard")
        text.add("set \(keys.scanSet)")
        text.add("scanning", keys.isEnabled)
        text.add("leds", keys.leds)
        text.add("last", keys.lastSent)
        text.add("waiting \(keys.replies.count + keys.queue.count)")
    }

    func describePorts(_ text: inout DeviceText) {
        text.add("port 61", controlPortB.state.written)
        text.add("speaker \(controlPortB.state.millihertz) mHz")
        text.add("A20", bus.a20)
        text.add("post code", postCode)
        text.add("shutdown letters", powerPort.state.matched)
    }

    func describeAPIC(_ text: inout DeviceText) {
        guard let apics else { return }
        let local = apics.local.state
        text.add("local")
        text.add("base", local.base)
        text.add("id", local.identifier)
        text.add("tpr", local.taskPriority)
        text.add("ppr", apics.local.processorPriority)
        text.add("spurious", local.spurious)
        text.add("errors", local.errors)
        text.endLine()
        for (name, set) in [("isr", local.inService), ("tmr", local.levelTriggered), ("irr", local.requests)] {
            text.add("  \(name)")
            let vectors = (0...255).filter { set.contains(UInt8($0)) }.map { DeviceText.hex(UInt8($0)) }
            text.add(vectors.isEmpty ? "none" : vectors.joined(separator: " "))
            text.endLine()
        }
        text.add("  table")
        for i in local.table.indices { text.add(DeviceText.hex(local.table[i])) }
        text.endLine()
        text.add("  timer")
        text.add("initial", local.initialCount)
        text.add("count", local.count)
        text.add("divide", local.divide)
        text.endLine()
        text.add("i/o")
        text.add("id", apics.io.state.identifier)
        text.add("inputs", apics.io.state.inputs)
        text.endLine()
        for (number, entry) in apics.io.state.entries.enumerated() where entry & 0x1_0000 == 0 {
            text.add("  input \(number)")
            text.add("entry", entry)
            text.endLine()
        }
    }
}
