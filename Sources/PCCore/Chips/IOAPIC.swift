// Intel 82093AA I/O APIC: 24 inputs, registers behind an index and a window at FEC00000h. It sends messages to the local
// APIC where the 8259As pull one line. Data sheet: [82093AA].
//
// On this board inputs 1 and 3 to 15 are the ISA bus's, 2 is the timer's, 16 to 19 are PIRQA to PIRQD, 0 and 20 to 23 are
// open. Not modelled: the polarity bit (an input is high while it asks, whatever its wire does) and arbitration.

/// The I/O APIC.
final class IOAPIC: MemoryMappedDevice, Stateful {
    static let inputCount = 24

    struct State: Stateful, Sendable {
        var select: UInt8 = 0  // IOREGSEL
        var identifier: UInt8 = 0
        var arbitration: UInt8 = 0
        /// IOREDTBL
        var entries = [UInt64](repeating: Entry.mask, count: inputCount)
        /// The inputs as they stand, and edges whose message nobody has taken yet.
        var inputs: UInt32 = 0
        var unsent: UInt32 = 0

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&select)
            visitor.visit(&identifier)
            visitor.visit(&arbitration)
            for i in entries.indices { visitor.visit(&entries[i]) }
            visitor.visit(&inputs)
            visitor.visit(&unsent)
        }
    }

    /// Bits of a redirection table entry. [82093AA 3.2.4]
    private enum Entry {
        static let logical: UInt64 = 0x800
        static let pending: UInt64 = 0x1000
        static let remoteIRR: UInt64 = 0x4000
        static let level: UInt64 = 0x8000
        static let mask: UInt64 = 0x1_0000
        static let writable: UInt64 = 0xFF00_0000_0001_AFFF
    }

    private enum Register {
        static let identifier: UInt8 = 0x00
        static let version: UInt8 = 0x01
        static let arbitration: UInt8 = 0x02
        static let table: UInt8 = 0x10
    }

    /// 24 entries, version 11h. [82093AA 3.2.2]
    private static let version: UInt32 = 0x0017_0011

    private(set) var state = State()
    /// Sends a message; false where nobody takes it now.
    var send: ((APICMessage) -> Bool)?

    /// The RESET pin.
    func reset() {
        let inputs = state.inputs
        state = State()
        state.inputs = inputs
    }

    // MARK: Inputs

    /// Sets the level of input `number`.
    func setInput(_ number: Int, _ high: Bool) {
        guard (0..<Self.inputCount).contains(number) else { return }
        let bit: UInt32 = 1 << UInt32(number)
        guard (state.inputs & bit != 0) != high else { return }
        state.inputs = high ? state.inputs | bit : state.inputs & ~bit
        let entry = state.entries[number]
        // An edge at a masked input is lost. [82093AA 3.2.4]
        if high, entry & (Entry.level | Entry.mask) == 0 { state.unsent |= bit }
        serve(number)
    }

    /// Sends what input `number` asks for: an edge once, a level until its interrupt has ended.
    private func serve(_ number: Int) {
        let bit: UInt32 = 1 << UInt32(number)
        let entry = state.entries[number]
        guard entry & Entry.mask == 0 else { return }
        let isLevel = entry & Entry.level != 0
        guard isLevel ? state.inputs & bit != 0 && entry & Entry.remoteIRR == 0 : state.unsent & bit != 0 else {
            return
        }
        let message = APICMessage(
            vector: UInt8(entry & 0xFF), delivery: APICDelivery(rawValue: UInt8(entry >> 8 & 7)) ?? .fixed,
            isLevel: isLevel, destination: UInt8(entry >> 56), isLogical: entry & Entry.logical != 0)
        guard send?(message) ?? false else { return }
        state.unsent &= ~bit
        // Only vectors have an end.
        if isLevel, message.delivery == .fixed || message.delivery == .lowestPriority {
            state.entries[number] |= Entry.remoteIRR
        }
    }

    /// Sends again what nobody took.
    func retry() {
        for number in 0..<Self.inputCount { serve(number) }
    }

    /// The interrupt `vector` has ended: inputs that are still high ask again.
    func endInterrupt(_ vector: UInt8) {
        for number in 0..<Self.inputCount {
            let entry = state.entries[number]
            guard UInt8(entry & 0xFF) == vector, entry & (Entry.level | Entry.remoteIRR) == 0xC000 else { continue }
            state.entries[number] &= ~Entry.remoteIRR
            serve(number)
        }
    }

    // MARK: Registers

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        switch offset & 0xFF {
        case 0x00: UInt32(state.select)
        case 0x10: width == .dword ? register(state.select) : 0
        default: 0
        }
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        switch offset & 0xFF {
        case 0x00: state.select = UInt8(value & 0xFF)
        case 0x10: if width == .dword { setRegister(state.select, value) }
        default: break
        }
    }

    /// The entry of the table, and which half of it, that `register` is.
    private func place(_ register: UInt8) -> (number: Int, shift: UInt64)? {
        let number = Int(register) - Int(Register.table)
        guard (0..<Self.inputCount * 2).contains(number) else { return nil }
        return (number / 2, number & 1 == 0 ? 0 : 32)
    }

    private func register(_ register: UInt8) -> UInt32 {
        switch register {
        case Register.identifier: return UInt32(state.identifier) << 24
        case Register.version: return Self.version
        case Register.arbitration: return UInt32(state.arbitration) << 24
        default:
            guard let (number, shift) = place(register) else { return 0 }
            let pending = state.unsent >> UInt32(number) & 1 != 0 ? Entry.pending : 0
            return UInt32(truncatingIfNeeded: (state.entries[number] | pending) >> shift)
        }
    }

    private func setRegister(_ register: UInt8, _ value: UInt32) {
        if register == Register.identifier {
            state.identifier = UInt8(value >> 24 & 0xF)
            // The arbitration number is loaded with it. [82093AA 3.2.3]
            state.arbitration = state.identifier
        }
        guard let (number, shift) = place(register) else { return }
        let old = state.entries[number]
        var entry = old & ~(0xFFFF_FFFF << shift) | UInt64(value) << shift
        entry = entry & Entry.writable | old & Entry.remoteIRR
        // An edge has no end to wait for: switching to it is how systems set the input free.
        if entry & Entry.level == 0 { entry &= ~Entry.remoteIRR }
        if entry & (Entry.level | Entry.mask) != 0 { state.unsent &= ~(1 << UInt32(number)) }
        state.entries[number] = entry
        serve(number)
    }

    // MARK: State

    func visit<V: StateVisitor>(_ visitor: inout V) { visitor.visit(&state) }
}
