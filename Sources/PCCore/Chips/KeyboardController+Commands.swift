// The controller's commands. [PC/AT TR Keyboard controller: Commands], [PS/2 TR Keyboard and auxiliary device
// controller: Commands]; A1h, DDh and DFh as chip sets for the AT have them.

extension KeyboardController {
    private enum Command {
        static let readRAM: ClosedRange<UInt8> = 0x20...0x3F
        static let writeRAM: ClosedRange<UInt8> = 0x60...0x7F
        static let version: UInt8 = 0xA1
        static let testPassword: UInt8 = 0xA4
        static let loadPassword: UInt8 = 0xA5
        static let enablePassword: UInt8 = 0xA6
        static let disableAuxiliary: UInt8 = 0xA7
        static let enableAuxiliary: UInt8 = 0xA8
        static let testAuxiliary: UInt8 = 0xA9
        static let selfTest: UInt8 = 0xAA
        static let testKeyboard: UInt8 = 0xAB
        static let dump: UInt8 = 0xAC
        static let disableKeyboard: UInt8 = 0xAD
        static let enableKeyboard: UInt8 = 0xAE
        static let readInputPort: UInt8 = 0xC0
        static let pollInputLow: UInt8 = 0xC1
        static let pollInputHigh: UInt8 = 0xC2
        static let readOutputPort: UInt8 = 0xD0
        static let writeOutputPort: UInt8 = 0xD1
        static let writeKeyboardOutput: UInt8 = 0xD2
        static let writeAuxiliaryOutput: UInt8 = 0xD3
        static let writeAuxiliaryDevice: UInt8 = 0xD4
        static let shutA20: UInt8 = 0xDD
        static let openA20: UInt8 = 0xDF
        static let readTestInputs: UInt8 = 0xE0
        static let pulse: ClosedRange<UInt8> = 0xF0...0xFF
    }

    private enum Answer {
        static let version: UInt8 = 0
        static let noPassword: UInt8 = 0xF1
        static let selfTestPassed: UInt8 = 0x55
        static let linesGood: UInt8 = 0x00
    }

    func command(_ byte: UInt8) {
        switch byte {
        case Command.readRAM: answer(state.ram[Int(byte & 0x1F)])
        case Command.writeRAM:
            state.ramIndex = byte & 0x1F
            state.expecting = .ram
        case Command.version: answer(Answer.version)
        case Command.testPassword: answer(Answer.noPassword)
        case Command.loadPassword: state.expecting = .password
        // Works only when a password is there.
        case Command.enablePassword: break
        case Command.disableAuxiliary: state.commandByte |= CommandByte.disableAuxiliary
        case Command.enableAuxiliary: state.commandByte &= ~CommandByte.disableAuxiliary
        case Command.testAuxiliary, Command.testKeyboard: answer(Answer.linesGood)
        case Command.selfTest:
            state.systemFlag = true
            state.commandByte |= CommandByte.systemFlag
            answer(Answer.selfTestPassed)
        case Command.dump: dump()
        case Command.disableKeyboard: state.commandByte |= CommandByte.disableKeyboard
        case Command.enableKeyboard: state.commandByte &= ~CommandByte.disableKeyboard
        case Command.readInputPort: answer(Self.inputPort)
        case Command.pollInputLow: state.polling = .low
        case Command.pollInputHigh: state.polling = .high
        case Command.readOutputPort: answer(outputPort)
        case Command.writeOutputPort: state.expecting = .outputPort
        case Command.writeKeyboardOutput: state.expecting = .keyboardOutput
        case Command.writeAuxiliaryOutput: state.expecting = .auxiliaryOutput
        case Command.writeAuxiliaryDevice: state.expecting = .auxiliaryDevice
        case Command.shutA20: switchA20(false)
        case Command.openA20: switchA20(true)
        case Command.readTestInputs: answer(testInputs)
        case Command.pulse:
            // Bits that are 0 pulse their line.
            if byte & OutputPort.notReset == 0 { resetCPU?() }
        default: break
        }
    }

    /// A byte at the data port: what a command waits for, or else for the keyboard.
    func parameter(_ byte: UInt8) {
        let expecting = state.expecting
        // A password ends with a zero.
        if expecting != .password || byte == 0 { state.expecting = .none }
        switch expecting {
        case .none: sendToKeyboard(byte)
        case .ram:
            state.ram[Int(state.ramIndex)] = byte
            if state.ramIndex == 0 { state.systemFlag = byte & CommandByte.systemFlag != 0 }
        case .outputPort: writeOutputPort(byte)
        case .keyboardOutput: put(byte)
        case .auxiliaryOutput: put(byte, auxiliary: true)
        case .auxiliaryDevice: sendToAuxiliary(byte)
        case .password: break
        }
    }

    /// Has the controller answer a command. An earlier answer that is not yet out is lost, as in the one buffer of the
    /// chip.
    private func answer(_ byte: UInt8) { answer([byte]) }

    private func answer(_ bytes: [UInt8]) {
        state.answers = bytes
        state.timeoutOf = .none
        state.answerAt = after(Microseconds.answer)
    }

    // MARK: Lines

    /// The output port as it reads: two of its lines follow the output buffer.
    private var outputPort: UInt8 {
        var port = state.outputPort & ~(OutputPort.keyboardFull | OutputPort.auxiliaryFull)
        if state.outputFull {
            port |= state.outputIsAuxiliary ? OutputPort.auxiliaryFull : OutputPort.keyboardFull
        }
        return port
    }

    private func writeOutputPort(_ byte: UInt8) {
        // The reset line is not held: a CPU held in reset could never let it go again.
        state.outputPort = byte & ~OutputPort.a20 | state.outputPort & OutputPort.a20 | OutputPort.notReset
        switchA20(byte & OutputPort.a20 != 0)
        if byte & OutputPort.notReset == 0 { resetCPU?() }
    }

    private func switchA20(_ open: Bool) {
        guard open != a20 else { return }
        a20 = open
        setA20?(open)
    }

    /// T0 and T1, the clock lines, which a disabled interface holds low.
    private var testInputs: UInt8 {
        (state.commandByte & CommandByte.disableKeyboard == 0 ? 1 : 0)
            | (state.commandByte & CommandByte.disableAuxiliary == 0 ? 2 : 0)
    }

    // MARK: Diagnostic dump

    /// Sixteen bytes of RAM, the input port, the output port and the program status word, each as the scan codes of
    /// its two digits and of a space. [PC/AT TR Keyboard controller: Commands]
    private func dump() {
        let status: UInt8 = state.systemFlag ? 0x40 : 0
        let bytes = Array(state.ram.prefix(16)) + [Self.inputPort, outputPort, status]
        answer(bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 0x0F)], Self.space] })
    }

    /// Set 1 codes of the keys 0-9 and A-F.
    private static let digits: [UInt8] = [
        0x0B, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x1E, 0x30, 0x2E, 0x20, 0x12, 0x21,
    ]
    private static let space: UInt8 = 0x39
}
