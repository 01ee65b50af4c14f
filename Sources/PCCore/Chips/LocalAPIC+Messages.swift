/// Messages from processor to processor, from the I/O APIC, and what goes wrong with them. [SDM 3A 10.5.3, 10.6]
extension LocalAPIC {
    /// Bits of ESR.
    enum Failure: UInt32 {
        case notSent = 0x04
        case sentIllegalVector = 0x20
        case receivedIllegalVector = 0x40
        case illegalRegister = 0x80
    }

    /// Bits of ICR.
    private enum Command {
        static let logical: UInt64 = 0x800
        static let assert: UInt64 = 0x4000
        static let level: UInt64 = 0x8000
        /// What the guest can write: not the delivery status.
        static let writable: UInt64 = 0xFF00_0000_000C_CFFF
    }

    /// Notes an error; the first one since ESR was written interrupts.
    func fail(_ failure: Failure) {
        let isFirst = state.newErrors & failure.rawValue == 0
        state.newErrors |= failure.rawValue
        let entry = state.table[Source.error.rawValue]
        // An illegal vector here would be an error again.
        guard isFirst, entry & Vector.mask == 0, entry & 0xFF >= 16 else { return }
        request(UInt8(entry & 0xFF), isLevel: false)
    }

    /// A write of ESR brings what happened since the last one.
    func latchErrors() {
        state.errors = state.newErrors
        state.newErrors = 0
    }

    // MARK: ICR

    func setCommandHigh(_ value: UInt32) {
        state.command = state.command & 0xFFFF_FFFF | UInt64(value) << 32 & Command.writable
    }

    /// The low half sends the message, which has arrived when the write is done.
    func sendCommand(_ value: UInt32) {
        let command = (state.command & ~0xFFFF_FFFF | UInt64(value)) & Command.writable
        state.command = command
        let message = APICMessage(
            vector: UInt8(command & 0xFF), delivery: APICDelivery(rawValue: UInt8(command >> 8 & 7)) ?? .fixed,
            isLevel: false, destination: UInt8(command >> 56), isLogical: command & Command.logical != 0)
        let isForVectors = message.delivery == .fixed || message.delivery == .lowestPriority
        if isForVectors, message.vector < 16 { return fail(.sentIllegalVector) }
        switch command >> 18 & 3 {
        // To itself, alone or among all: vectors only. [SDM 3A Table 10-4]
        case 1: if message.delivery == .fixed { request(message.vector, isLevel: false) }
        case 2: if isForVectors { request(message.vector, isLevel: false) }
        // All but itself is nobody.
        case 3: break
        default:
            // INIT with the level off says only who is who.
            if message.delivery == .initialise, command & Command.level != 0, command & Command.assert == 0 { return }
            if !isDestination(message) { fail(.notSent) } else { take(message) }
        }
    }

    // MARK: The bus

    /// A message of the I/O APIC. False where it has to be sent again: to nobody, or to a processor that takes none yet.
    func accept(_ message: APICMessage) -> Bool {
        guard isEnabled, isDestination(message) else { return false }
        if message.delivery == .fixed || message.delivery == .lowestPriority {
            guard isSoftwareEnabled else { return false }
        }
        take(message)
        return true
    }

    private func take(_ message: APICMessage) {
        switch message.delivery {
        case .fixed, .lowestPriority: request(message.vector, isLevel: message.isLevel)
        case .nonMaskable: nonMaskable?()
        case .initialise: initialised?()
        case .external:
            state.externalPending = true
            update()
        // Nobody waits for a start-up message: the bootstrap processor runs.
        case .startUp, .systemManagement, .remoteRead: break
        }
    }

    /// Whether this processor is meant. [SDM 3A 10.6.2]
    private func isDestination(_ message: APICMessage) -> Bool {
        guard message.isLogical else {
            let number = message.destination & 0xF
            return number == 0xF || number == state.identifier
        }
        let mine = state.logicalDestination
        guard state.destinationFormat != 0xF else { return message.destination & mine != 0 }
        // Clusters: their number in the upper half, members in the lower one.
        let cluster = message.destination >> 4
        return (cluster == 0xF || cluster == mine >> 4) && message.destination & mine & 0xF != 0
    }
}
