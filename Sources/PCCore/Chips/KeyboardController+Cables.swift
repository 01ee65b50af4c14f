// The cables to the keyboard and the auxiliary device. A device may send while the controller lets its clock line go:
// its interface is enabled, the output buffer is empty, and the controller is not busy with an answer of its own.
// [PS/2 TR Keyboard and auxiliary device controller]

extension KeyboardController {
    private enum DeviceReply {
        static let resend: UInt8 = 0xFE
    }

    /// Starts the transfer that can start, and breaks off the one that may not go on; its device keeps the byte.
    func updateTransfer() {
        guard !state.outputFull, state.answers.isEmpty else { return stopTransfer() }
        switch state.sender {
        case .keyboard where !canSend(keyboard, CommandByte.disableKeyboard): stopTransfer()
        case .auxiliary where !canSend(auxiliary, CommandByte.disableAuxiliary): stopTransfer()
        default: break
        }
        guard state.sender == .none else { return }
        if canSend(keyboard, CommandByte.disableKeyboard) {
            startTransfer(.keyboard)
        } else if canSend(auxiliary, CommandByte.disableAuxiliary) {
            startTransfer(.auxiliary)
        }
    }

    private func canSend(_ device: (any PS2Device)?, _ disabled: UInt8) -> Bool {
        guard state.commandByte & disabled == 0, let device else { return false }
        return device.wantsToSend
    }

    private func startTransfer(_ sender: Sender) {
        state.sender = sender
        let start = max(scheduler.now, state.lineBusyUntil)
        state.byteAt = start &+ scheduler.duration(microseconds: Microseconds.byte)
    }

    private func stopTransfer() {
        state.sender = .none
        state.byteAt = .max
    }

    /// A byte has come over a cable.
    func endTransfer() {
        let sender = state.sender
        stopTransfer()
        switch sender {
        case .none: break
        case .keyboard:
            guard let byte = keyboard?.takeByte() else { return }
            if state.commandByte & CommandByte.translate == 0 {
                state.translation.breakFollows = false
                put(byte)
            } else if let code = state.translation.translate(byte) {
                put(code)
            }
        case .auxiliary:
            guard let byte = auxiliary?.takeByte() else { return }
            put(byte, auxiliary: true)
        }
    }

    /// Sends a byte to the keyboard, which enables its interface.
    func sendToKeyboard(_ byte: UInt8) {
        state.commandByte &= ~CommandByte.disableKeyboard
        holdLine()
        guard let keyboard else { return answerTimeout(auxiliary: false) }
        keyboard.receive(byte)
    }

    /// Sends a byte to the auxiliary device, which enables its interface.
    func sendToAuxiliary(_ byte: UInt8) {
        state.commandByte &= ~CommandByte.disableAuxiliary
        holdLine()
        guard let auxiliary else { return answerTimeout(auxiliary: true) }
        auxiliary.receive(byte)
    }

    /// Breaks off what comes in, and gives the byte that goes out its time.
    private func holdLine() {
        stopTransfer()
        state.lineBusyUntil = after(Microseconds.byte)
    }

    /// Nobody took the byte: the controller itself says FEh, with the time-out bit.
    private func answerTimeout(auxiliary: Bool) {
        state.answers = [DeviceReply.resend]
        state.timeoutOf = auxiliary ? .auxiliary : .keyboard
        state.answerAt = after(Microseconds.timeout)
    }
}
