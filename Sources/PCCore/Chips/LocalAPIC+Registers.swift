/// The registers, 16 bytes apart. [SDM 3A Table 10-1]
extension LocalAPIC: MemoryMappedDevice {
    private enum Register {
        static let identifier: UInt32 = 0x02
        static let version: UInt32 = 0x03
        static let taskPriority: UInt32 = 0x08
        static let arbitrationPriority: UInt32 = 0x09
        static let processorPriority: UInt32 = 0x0A
        static let endOfInterrupt: UInt32 = 0x0B
        static let remoteRead: UInt32 = 0x0C
        static let logicalDestination: UInt32 = 0x0D
        static let destinationFormat: UInt32 = 0x0E
        static let spurious: UInt32 = 0x0F
        static let inService: ClosedRange<UInt32> = 0x10...0x17
        static let levelTriggered: ClosedRange<UInt32> = 0x18...0x1F
        static let requests: ClosedRange<UInt32> = 0x20...0x27
        static let errors: UInt32 = 0x28
        static let commandLow: UInt32 = 0x30
        static let commandHigh: UInt32 = 0x31
        static let timer: UInt32 = 0x32
        static let performance: UInt32 = 0x34
        static let lint0: UInt32 = 0x35
        static let lint1: UInt32 = 0x36
        static let error: UInt32 = 0x37
        static let initialCount: UInt32 = 0x38
        static let currentCount: UInt32 = 0x39
        static let divide: UInt32 = 0x3E
    }

    /// Version 11h; the number of the last LVT entry: 3 on the Pentium, 4 on the P6. [SDM 3A Figure 10-7]
    private var version: UInt32 { hasPerformanceEntry ? 0x0004_0011 : 0x0003_0011 }
    private var hasPerformanceEntry: Bool { model >= .pentiumII }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        guard width == .dword, offset & 0xF == 0 else { return 0 }
        let register = offset >> 4
        switch register {
        case Register.identifier: return UInt32(state.identifier) << 24
        case Register.version: return version
        case Register.taskPriority: return UInt32(state.taskPriority)
        case Register.arbitrationPriority: return UInt32(arbitrationPriority)
        case Register.processorPriority: return UInt32(processorPriority)
        case Register.endOfInterrupt, Register.remoteRead: return 0
        case Register.logicalDestination: return UInt32(state.logicalDestination) << 24
        case Register.destinationFormat: return UInt32(state.destinationFormat) << 28 | 0xFFF_FFFF
        case Register.spurious: return state.spurious
        case Register.inService: return state.inService[word: Int(register & 7)]
        case Register.levelTriggered: return state.levelTriggered[word: Int(register & 7)]
        case Register.requests: return state.requests[word: Int(register & 7)]
        case Register.errors: return state.errors
        case Register.commandLow: return UInt32(truncatingIfNeeded: state.command)
        case Register.commandHigh: return UInt32(truncatingIfNeeded: state.command >> 32)
        case Register.initialCount: return state.initialCount
        case Register.currentCount:
            catchUp()
            return currentCount
        case Register.divide: return state.divide
        default:
            if let source = source(register) { return state.table[source.rawValue] }
            illegalAccess()
            return 0
        }
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        guard width == .dword, offset & 0xF == 0 else { return }
        let register = offset >> 4
        switch register {
        case Register.identifier: state.identifier = UInt8(value >> 24 & 0xF)
        case Register.taskPriority: state.taskPriority = UInt8(value & 0xFF)
        case Register.endOfInterrupt: endInterrupt()
        case Register.logicalDestination: state.logicalDestination = UInt8(value >> 24)
        case Register.destinationFormat: state.destinationFormat = UInt8(value >> 28)
        case Register.spurious: setSpurious(value)
        case Register.errors: latchErrors()
        case Register.commandLow: sendCommand(value)
        case Register.commandHigh: setCommandHigh(value)
        case Register.initialCount: startTimer(value)
        case Register.divide: setDivide(value)
        // Read only.
        case Register.version, Register.arbitrationPriority, Register.processorPriority, Register.remoteRead,
            Register.inService, Register.levelTriggered, Register.requests, Register.currentCount:
            break
        default:
            if let source = source(register) { setEntry(source, value) } else { illegalAccess() }
        }
        update()
    }

    /// The LVT entry at `register`.
    private func source(_ register: UInt32) -> Source? {
        switch register {
        case Register.timer: .timer
        case Register.performance: hasPerformanceEntry ? .performance : nil
        case Register.lint0: .lint0
        case Register.lint1: .lint1
        case Register.error: .error
        default: nil
        }
    }

    /// What an LVT entry keeps of what is written. [SDM 3A Figure 10-8]
    private func setEntry(_ source: Source, _ value: UInt32) {
        let writable: UInt32 =
            switch source {
            case .timer: 0x3_00FF
            case .performance: 0x1_07FF
            case .lint0, .lint1: 0x1_A7FF
            case .error: 0x1_00FF
            }
        var entry = value & writable
        // Nothing can be unmasked while the APIC is off by SVR. [SDM 3A 10.4.7.2]
        if !isSoftwareEnabled { entry |= Vector.mask }
        if source == .timer { return setTimerEntry(entry) }
        // A level that waits for its end stays so, as long as it is one.
        if entry & Vector.level != 0 { entry |= state.table[source.rawValue] & Vector.remoteIRR }
        state.table[source.rawValue] = entry
        if source == .lint0 || source == .lint1 { lookAtPins() }
    }

    private func setSpurious(_ value: UInt32) {
        let wasEnabled = isSoftwareEnabled
        state.spurious = value & 0x3F0 | Spurious.fixed
        if isSoftwareEnabled {
            if !wasEnabled { becameReady?() }
            return
        }
        for source in Source.allCases where source != .timer { state.table[source.rawValue] |= Vector.mask }
        setTimerEntry(state.table[Source.timer.rawValue] | Vector.mask)
    }

    /// APR, of which only lowest priority delivery among several makes use. [SDM 3A 10.6.2.4]
    private var arbitrationPriority: UInt8 {
        let requested = (state.requests.highest ?? 0) & 0xF0
        let inService = (state.inService.highest ?? 0) & 0xF0
        if state.taskPriority >> 4 >= requested >> 4, state.taskPriority >> 4 > inService >> 4 {
            return state.taskPriority
        }
        return max(state.taskPriority & 0xF0, inService, requested)
    }

    /// The P6 notes accesses of registers that are not there. [SDM 3A Figure 10-9]
    private func illegalAccess() {
        if model >= .pentiumII { fail(.illegalRegister) }
    }
}
