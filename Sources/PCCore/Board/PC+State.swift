/// Why a state cannot be taken over.
public enum StateError: Error, Equatable, Sendable {
    /// Some field has a value that no machine has, or bytes are missing or left over.
    case damaged
    /// It was saved by a machine of other parts.
    case otherMachine
}

extension PC {
    /// The canonical bytes of everything on the board that decides the machine's future: CPU, RAM, chips and pending
    /// events. Disks are not in it: their changed sectors belong to whoever holds them.
    public func canonicalState() -> [UInt8] {
        var writer = StateWriter()
        _ = visitBoard(&writer, hasVideoMemory: true)
        memory.visitState(&writer)
        return writer.bytes
    }

    /// The same without the two memories, which `MachineState` keeps by pages.
    func boardState() -> [UInt8] {
        var writer = StateWriter()
        _ = visitBoard(&writer, hasVideoMemory: false)
        return writer.bytes
    }

    /// Takes over what `boardState` gave on a machine of the same parts, then the memories. Where the bytes cannot be,
    /// the machine is as it was.
    func restoreBoard(_ bytes: [UInt8], memories: () -> Void) throws(StateError) {
        let before = boardState()
        guard takeOver(bytes) else {
            _ = takeOver(before)
            throw .damaged
        }
        memories()
    }

    private func takeOver(_ bytes: [UInt8]) -> Bool {
        var reader = StateReader(bytes)
        let takeOvers = visitBoard(&reader, hasVideoMemory: false)
        // From the last to the first: a part that takes its state over moves lines, and what those lead to comes later. The
        // scheduler is the first, because all of them schedule.
        for takeOver in takeOvers.reversed() { takeOver() }
        ending = nil
        host?.keyboardLEDs(keyboard.state.leds)
        host?.speaker(millihertz: controlPortB.state.millihertz, at: scheduler.now)
        return reader.isGood
    }

    /// Shows everything but RAM. A visitor that reads gets back what puts into effect what it has read, in the order of the
    /// walk.
    private func visitBoard<V: StateVisitor>(_ visitor: inout V, hasVideoMemory: Bool) -> [() -> Void] {
        var takeOvers: [() -> Void] = []
        func part<S: Stateful>(_ state: S, _ takeOver: @escaping (S) -> Void) {
            var state = state
            visitor.visit(&state)
            if V.reads { takeOvers.append { takeOver(state) } }
        }
        let scheduler = scheduler
        var time = scheduler.state
        visitor.visit(&time)
        if V.reads { takeOvers.append { scheduler.restore(time) } }
        var (halted, a20, reset) = (haltedTime, bus.a20, resetRequested)
        visitor.visit(&halted, in: 0...time.now)
        visitor.visit(&a20)
        visitor.visit(&reset)
        // What the CPU knows of addresses depends on the gate: it comes before.
        let registers = cpu.visitState(&visitor, now: time.now)
        if V.reads {
            takeOvers.append { [self] in
                haltedTime = halted
                resetRequested = reset
                bus.a20 = a20
                registers()
            }
        }
        part(pic.state, pic.restore)
        part(pit.state, pit.restore)
        part(dma.state, dma.restore)
        part(dma.pages.state, dma.pages.restore)
        part(rtc.state, rtc.restore)
        part(controlPortA.state, controlPortA.restore)
        part(controlPortB.state, controlPortB.restore)
        part(powerPort.state, powerPort.restore)
        part(coprocessorPort.state, coprocessorPort.restore)
        part(keyboardController.state, keyboardController.restore)
        part(keyboard.state, keyboard.restore)
        if let mouse { part(mouse.state, mouse.restore) }
        if let serialMouse { part(serialMouse.state, serialMouse.restore) }
        for uart in serial { part(uart.state, uart.restore) }
        part(parallel.state, parallel.restore)
        part(gamePort.state, gamePort.restore)
        part(floppy.state, floppy.restore)
        for channel in ide {
            var channel = channel
            visitor.visit(&channel)
        }
        var picture = vga.state(hasMemory: hasVideoMemory)
        visitor.visit(&picture)
        if V.reads { takeOvers.append { [vga] in vga.restore(picture, hasMemory: hasVideoMemory) } }
        if let kernelLoader { part(kernelLoader.state, kernelLoader.restore) }
        if let lines = visitPCI(&visitor) { takeOvers.append { [pic] in pic.restore(boardLines: lines) } }
        if var apics { visitor.visit(&apics) }
        return takeOvers
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
