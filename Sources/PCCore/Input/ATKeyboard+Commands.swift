// What the system tells the keyboard. [PS/2 TR Keyboard: Commands from the system]

extension ATKeyboard {
    enum Reply {
        static let testPassed: UInt8 = 0xAA  // BAT completion
        static let echo: UInt8 = 0xEE
        static let acknowledge: UInt8 = 0xFA  // ACK
        static let resend: UInt8 = 0xFE
        static let identification: [UInt8] = [0xAB, 0x83]
    }

    private enum Command {
        static let first: UInt8 = 0xED
        static let setLEDs: UInt8 = 0xED
        static let echo: UInt8 = 0xEE
        static let scanSet: UInt8 = 0xF0
        static let identify: UInt8 = 0xF2
        static let typematic: UInt8 = 0xF3
        static let enable: UInt8 = 0xF4
        static let defaultsAndDisable: UInt8 = 0xF5
        static let defaults: UInt8 = 0xF6
        static let allTypematic: UInt8 = 0xF7
        static let allMakeBreak: UInt8 = 0xF8
        static let allMakeOnly: UInt8 = 0xF9
        static let allTypematicMakeBreak: UInt8 = 0xFA
        static let keyTypematic: UInt8 = 0xFB
        static let keyMakeBreak: UInt8 = 0xFC
        static let keyMakeOnly: UInt8 = 0xFD
        static let resend: UInt8 = 0xFE
        static let reset: UInt8 = 0xFF
    }

    /// Carries out a byte from the system: a command, or what a command waits for. A command in the place of an option
    /// ends the command that waits.
    func perform(_ byte: UInt8) {
        if byte >= Command.first || state.awaiting == .none {
            state.awaiting = .none
            command(byte)
        } else {
            option(byte)
        }
    }

    private func command(_ byte: UInt8) {
        switch byte {
        case Command.setLEDs: wait(for: .leds)
        case Command.echo: reply(Reply.echo)
        case Command.scanSet:
            clearBuffer()
            wait(for: .scanSet)
        case Command.identify:
            reply(Reply.acknowledge)
            for byte in Reply.identification { reply(byte) }
        case Command.typematic: wait(for: .typematic)
        case Command.enable:
            reply(Reply.acknowledge)
            clearBuffer()
            state.isEnabled = true
        case Command.defaultsAndDisable:
            setDefaults()
            state.isEnabled = false
        case Command.defaults: setDefaults()
        case Command.allTypematic: setAllTypes(.typematic)
        case Command.allMakeBreak: setAllTypes(.breaks)
        case Command.allMakeOnly: setAllTypes(.makeOnly)
        case Command.allTypematicMakeBreak: setAllTypes([.typematic, .breaks])
        case Command.keyTypematic: awaitKeys(.typematic)
        case Command.keyMakeBreak: awaitKeys(.breaks)
        case Command.keyMakeOnly: awaitKeys(.makeOnly)
        case Command.resend: reply(state.lastSent)
        case Command.reset:
            reset()
            reply(Reply.acknowledge)
        default: reply(Reply.resend)
        }
    }

    private func wait(for option: Option) {
        reply(Reply.acknowledge)
        state.awaiting = option
    }

    private func awaitKeys(_ type: KeyType) {
        clearBuffer()
        state.newType = type.rawValue
        wait(for: .keyTypes)
    }

    private func setAllTypes(_ type: KeyType) {
        reply(Reply.acknowledge)
        clearBuffer()
        for i in state.keyTypes.indices { state.keyTypes[i] = type.rawValue }
    }

    private func setDefaults() {
        reply(Reply.acknowledge)
        clearBuffer()
        state.typematic = Typematic.powerOn
        state.keyTypes = KeyType.defaults
        state.scanSet = 2
    }

    private func option(_ byte: UInt8) {
        let option = state.awaiting
        if option != .keyTypes { state.awaiting = .none }
        switch option {
        case .none: break
        case .leds:
            reply(Reply.acknowledge)
            setLEDs(byte & 7)
        case .scanSet: setScanSet(byte)
        case .typematic:
            reply(Reply.acknowledge)
            state.typematic = byte & 0x7F
        case .keyTypes:
            // Keys follow, by their codes of set 3, until something comes that is none.
            guard Key(set3: byte) != nil else {
                state.awaiting = .none
                return reply(Reply.resend)
            }
            reply(Reply.acknowledge)
            state.keyTypes[Int(byte)] = state.newType
        }
    }

    private func setScanSet(_ byte: UInt8) {
        switch byte {
        case 0:
            reply(Reply.acknowledge)
            reply(state.scanSet)
        case 1...3:
            reply(Reply.acknowledge)
            state.scanSet = byte
        default: reply(Reply.resend)
        }
    }

    private func setLEDs(_ leds: UInt8) {
        guard leds != state.leds else { return }
        state.leds = leds
        ledsChanged?(leds)
    }
}
