// What the system tells the mouse. [PS/2 TR Mouse: Commands]

extension PS2Mouse {
    enum Reply {
        static let testPassed: UInt8 = 0xAA
        static let acknowledge: UInt8 = 0xFA
        static let error: UInt8 = 0xFC
        static let resend: UInt8 = 0xFE
    }

    private enum Command {
        static let first: UInt8 = 0xE6
        static let scaling1: UInt8 = 0xE6
        static let scaling2: UInt8 = 0xE7
        static let resolution: UInt8 = 0xE8
        static let status: UInt8 = 0xE9
        static let streamMode: UInt8 = 0xEA
        static let readData: UInt8 = 0xEB
        static let leaveWrapMode: UInt8 = 0xEC
        static let wrapMode: UInt8 = 0xEE
        static let remoteMode: UInt8 = 0xF0
        static let identify: UInt8 = 0xF2
        static let sampleRate: UInt8 = 0xF3
        static let enable: UInt8 = 0xF4
        static let disable: UInt8 = 0xF5
        static let defaults: UInt8 = 0xF6
        static let resend: UInt8 = 0xFE
        static let reset: UInt8 = 0xFF
    }

    private enum Status {
        static let rightButton: UInt8 = 0x01
        static let middleButton: UInt8 = 0x02
        static let leftButton: UInt8 = 0x04
        static let doubling: UInt8 = 0x10
        static let reporting: UInt8 = 0x20
        static let remote: UInt8 = 0x40
    }

    /// Carries out a byte from the system: a command, or what a command waits for. What the mouse had to say is dropped,
    /// and so is what it has counted, unless it is asked for that.
    func perform(_ byte: UInt8) {
        if byte != Command.readData, byte != Command.resend { state.movement = MouseMovement() }
        if state.isWrapping, byte != Command.reset, byte != Command.leaveWrapMode {
            send([byte])
        } else if byte == Command.resend {
            state.output = state.lastSent
        } else if state.awaiting == .none || byte >= Command.first {
            state.awaiting = .none
            command(byte)
        } else {
            option(byte)
        }
    }

    private func command(_ byte: UInt8) {
        switch byte {
        case Command.scaling1: state.isDoubling = false
        case Command.scaling2: state.isDoubling = true
        case Command.resolution: state.awaiting = .resolution
        case Command.status: return acknowledge([status, state.resolution, state.sampleRate])
        case Command.streamMode: state.isRemote = false
        case Command.readData: return acknowledge(packet(isDoubling: false))
        case Command.leaveWrapMode: state.isWrapping = false
        case Command.wrapMode: state.isWrapping = true
        case Command.remoteMode: state.isRemote = true
        case Command.identify: return acknowledge([state.kind.rawValue])
        case Command.sampleRate: state.awaiting = .sampleRate
        case Command.enable: state.isReporting = true
        case Command.disable: state.isReporting = false
        case Command.defaults: setDefaults()
        case Command.reset: reset()
        default: return refuse()
        }
        acknowledge()
    }

    private func option(_ byte: UInt8) {
        switch state.awaiting {
        case .sampleRate where Self.sampleRates.contains(byte): setSampleRate(byte)
        case .resolution where byte <= 3: state.resolution = byte
        default: return refuse()
        }
        state.awaiting = .none
        acknowledge()
    }

    private func acknowledge(_ answer: [UInt8] = []) {
        state.hasRefused = false
        send([Reply.acknowledge] + answer)
        // An acknowledge is not repeated with its answer.
        if !answer.isEmpty { state.lastSent = answer }
    }

    /// The system is asked to repeat a byte that makes no sense; the second one in a row is an error.
    private func refuse() {
        send([state.hasRefused ? Reply.error : Reply.resend])
        if state.hasRefused { state.awaiting = .none }
        state.hasRefused.toggle()
    }

    private func setDefaults() {
        state.isReporting = false
        state.isRemote = false
        state.isDoubling = false
        state.sampleRate = 100
        state.resolution = 2
    }

    /// A driver that knows of the wheel sets 200, 100 and 80; one that knows of five buttons then 200, 200 and 80.
    /// [IntelliMouse]
    private func setSampleRate(_ rate: UInt8) {
        state.sampleRate = rate
        state.rates = (state.rates + [rate]).suffix(3)
        switch state.rates {
        case [200, 100, 80]: state.kind = .wheel
        case [200, 200, 80]: state.kind = .fiveButtons
        default: break
        }
    }

    private var status: UInt8 {
        let buttons = MouseButtons(rawValue: state.buttons)
        return (buttons.contains(.right) ? Status.rightButton : 0)
            | (buttons.contains(.middle) ? Status.middleButton : 0)
            | (buttons.contains(.left) ? Status.leftButton : 0)
            | (state.isDoubling ? Status.doubling : 0)
            | (state.isReporting ? Status.reporting : 0)
            | (state.isRemote ? Status.remote : 0)
    }
}
