// The two FIFOs of the 16550A, the shift registers, and the modem lines. [NS16550A 8.4, 8.6.8, 8.7]

extension UART {
    // MARK: FIFOs

    /// The number of characters that asks for an interrupt.
    var triggerLevel: Int { state.isFIFO ? FIFOControl.triggers[Int(state.fifoControl >> 6)] : 1 }

    /// FCR. Other bits count only together with bit 0, and a change of bit 0 empties both FIFOs. [NS16550A 8.6.4]
    func writeFIFOControl(_ byte: UInt8) {
        let enables = byte & FIFOControl.enable != 0
        let switches = enables != state.isFIFO
        if switches || enables && byte & FIFOControl.resetReceiver != 0 { clearReceiver() }
        if switches || enables && byte & FIFOControl.resetTransmitter != 0 { clearTransmitter() }
        state.fifoControl = enables ? byte & FIFOControl.stored : 0
        // The first interrupt of the transmitter after such a change is not put off. [NS16550A 8.7]
        if switches { state.hadTwo = true }
        feed(nowTick)
    }

    private func clearReceiver() {
        state.received = []
        state.receivedErrors = []
        state.lineErrors &= ~LineStatus.ofCharacter
        state.timeoutTick = Ticks.never
    }

    /// The shift register goes on with its character.
    private func clearTransmitter() {
        guard !state.toSend.isEmpty else { return }
        state.toSend = []
        state.emptyPending = true
    }

    // MARK: Receiver

    /// Reads RBR. An empty one still shows its last character.
    func takeReceived(_ now: UInt64) -> UInt8 {
        guard !state.received.isEmpty else { return state.lastReceived }
        state.lastReceived = state.received.removeFirst()
        state.receivedErrors.removeFirst()
        // An error shows when its character is at the top of the FIFO.
        state.lineErrors |= state.receivedErrors.first ?? 0
        state.timeoutTick = state.isFIFO && !state.received.isEmpty ? now &+ 4 &* characterTicks : Ticks.never
        feed(now)
        return state.lastReceived
    }

    func clearLineErrors() {
        state.lineErrors = 0
        if !state.receivedErrors.isEmpty { state.receivedErrors[0] = 0 }
    }

    /// A character is in the receiver's shift register.
    private func accept(_ byte: UInt8, errors: UInt8, at tick: UInt64) {
        if state.received.count >= state.capacity {
            state.lineErrors |= LineStatus.overrun
            // A full FIFO keeps what it has; the single register is overwritten. [NS16550A 8.6.3]
            if state.isFIFO { return }
            state.received = []
            state.receivedErrors = []
        }
        state.received.append(byte & dataMask)
        state.receivedErrors.append(errors)
        if state.received.count == 1 { state.lineErrors |= errors }
        // A time-out that has come stays until the FIFO is read.
        if state.isFIFO, state.timeoutTick > tick { state.timeoutTick = tick &+ 4 &* characterTicks }
    }

    private var dataMask: UInt8 { 0xFF >> (3 - state.lineControl & LineControl.wordLength) }

    /// Lets the next character of the backlog start, if it may. In loopback mode nothing comes in.
    func feed(_ now: UInt64) {
        guard state.waiting > 0, !state.isLoopback, !senderWaits || state.received.count < state.capacity else {
            state.arrivalTick = Ticks.never
            return
        }
        if state.arrivalTick == Ticks.never { state.arrivalTick = now &+ characterTicks }
    }

    private func arrive() {
        let tick = state.arrivalTick
        state.arrivalTick = Ticks.never
        guard state.waiting > 0 else { return }
        let byte = state.backlog[state.backlogTaken]
        state.backlogTaken += 1
        if state.backlogTaken >= 4096 || state.waiting == 0 { state.dropTaken() }
        accept(byte, errors: 0, at: tick)
        feed(tick)
    }

    // MARK: Transmitter

    /// Writes THR.
    func send(_ byte: UInt8, _ now: UInt64) {
        state.emptyTick = Ticks.never
        if state.toSend.count < state.capacity {
            state.toSend.append(byte)
        } else if !state.isFIFO {
            state.toSend = [byte]
        }
        if state.toSend.count >= 2 { state.hadTwo = true }
        if !state.shifting { shiftNext(now) }
    }

    private func shiftNext(_ tick: UInt64) {
        guard !state.toSend.isEmpty else { return }
        state.shiftRegister = state.toSend.removeFirst() & dataMask
        state.shifting = true
        state.shiftEndTick = tick &+ characterTicks
        guard state.toSend.isEmpty else { return }
        if state.isFIFO && !state.hadTwo {
            // Put off by a character less its last stop bit, so that a driver that writes one character at a time is
            // not asked for each at once. [NS16550A 8.7]
            state.emptyTick = tick &+ characterTicks &- bitTicks
        } else {
            state.emptyPending = true
        }
        state.hadTwo = false
    }

    private func endShift() {
        let tick = state.shiftEndTick
        state.shifting = false
        state.shiftEndTick = Ticks.never
        let byte = state.shiftRegister
        shiftNext(tick)
        // The break level on the line swallows what is sent.
        guard !state.isBreak else { return }
        if state.isLoopback {
            accept(byte, errors: 0, at: tick)
        } else {
            transmit?(byte)
        }
    }

    // MARK: Break

    /// In loopback mode the receiver sees the break that the transmitter sends.
    func watchBreak(_ now: UInt64) {
        if !state.isBreak || !state.isLoopback {
            state.breakTick = Ticks.never
            state.breakSeen = false
        } else if state.breakTick == Ticks.never && !state.breakSeen {
            state.breakTick = now &+ characterTicks
        }
    }

    /// A break longer than a character is a single zero. [NS16550A 8.6.3]
    private func endBreakCharacter() {
        let tick = state.breakTick
        state.breakTick = Ticks.never
        state.breakSeen = true
        accept(0, errors: LineStatus.breakInterrupt | LineStatus.framing, at: tick)
    }

    // MARK: Time

    /// Carries out what is complete by `now`, in the order in which it came to be.
    func advance(to now: UInt64) {
        while true {
            let next = min(min(state.shiftEndTick, state.arrivalTick), min(state.emptyTick, state.breakTick))
            guard next != Ticks.never, next <= now else { return }
            if state.emptyTick == next {
                state.emptyTick = Ticks.never
                state.emptyPending = true
            } else if state.shiftEndTick == next {
                endShift()
            } else if state.breakTick == next {
                endBreakCharacter()
            } else {
                arrive()
            }
        }
    }

    // MARK: Modem lines

    /// In loopback mode the chip's outputs are inactive. [NS16550A 8.6.5]
    func tellOutputs() {
        let control = state.isLoopback ? 0 : state.modemControl
        outputsChanged?(control & ModemControl.dtr != 0, control & ModemControl.rts != 0)
    }

    /// Changes what the modem status depends on, and notes which lines changed.
    func changeModem(_ change: (inout State) -> Void) {
        let old = state.modemLines
        change(&state)
        let changed = old ^ state.modemLines
        let cts = changed & ModemInputs.clearToSend.rawValue != 0
        let dsr = changed & ModemInputs.dataSetReady.rawValue != 0
        // The ring indicator counts when it ends.
        let ring = changed & old & ModemInputs.ringIndicator.rawValue != 0
        let dcd = changed & ModemInputs.carrierDetect.rawValue != 0
        state.modemChanges |= (cts ? 1 : 0) | (dsr ? 2 : 0) | (ring ? 4 : 0) | (dcd ? 8 : 0)
    }
}

extension UART.State {
    /// MSR bits 4-7; in loopback mode the chip's own outputs stand there. [NS16550A 8.6.5]
    var modemLines: UInt8 {
        guard isLoopback else { return modemInputs }
        var lines: ModemInputs = []
        if modemControl & UART.ModemControl.rts != 0 { lines.insert(.clearToSend) }
        if modemControl & UART.ModemControl.dtr != 0 { lines.insert(.dataSetReady) }
        if modemControl & UART.ModemControl.out1 != 0 { lines.insert(.ringIndicator) }
        if modemControl & UART.ModemControl.out2 != 0 { lines.insert(.carrierDetect) }
        return lines.rawValue
    }

    var modemStatus: UInt8 { modemLines | modemChanges }
}
