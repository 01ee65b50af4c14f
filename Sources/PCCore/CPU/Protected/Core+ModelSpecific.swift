/// RDMSR, WRMSR, SYSENTER, SYSEXIT [SDM 2B, SDM 4 2.21, 2.22].
extension Core {
    /// Numbers of the model-specific registers.
    private enum MSR {
        static let machineCheckAddress: UInt32 = 0
        static let machineCheckType: UInt32 = 1
        static let timeStamp: UInt32 = 0x10
        /// CESR, CTR0 and CTR1 of the Pentium.
        static let pentiumEventSelect: UInt32 = 0x11
        static let pentiumCounter0: UInt32 = 0x12
        static let pentiumCounter1: UInt32 = 0x13
        static let platform: UInt32 = 0x17
        static let apicBase: UInt32 = 0x1B
        static let busControl: UInt32 = 0x2A
        static let microcodeTrigger: UInt32 = 0x79
        static let microcodeSignature: UInt32 = 0x8B
        static let counter0: UInt32 = 0xC1
        static let counter1: UInt32 = 0xC2
        static let mtrrCapabilities: UInt32 = 0xFE
        static let cacheControl: UInt32 = 0x11E
        static let sysenterCS: UInt32 = 0x174
        static let sysenterESP: UInt32 = 0x175
        static let sysenterEIP: UInt32 = 0x176
        static let machineCheckCapabilities: UInt32 = 0x179
        static let machineCheckStatus: UInt32 = 0x17A
        static let eventSelect0: UInt32 = 0x186
        static let eventSelect1: UInt32 = 0x187
        static let debugControl: UInt32 = 0x1D9
        /// The last branches and interrupts, which are not recorded.
        static let lastRecords: ClosedRange<UInt32> = 0x1DB...0x1DE
        static let mtrrDefault: UInt32 = 0x2FF
    }

    func readMSR() throws(Fault) {
        try requirePrivilege0()
        let value = s.pointee.model >= .pentiumII ? modelSpecific686(ecx) : modelSpecific586(ecx)
        guard let value else { throw .generalProtection() }
        setPair(value)
    }

    func writeMSR() throws(Fault) {
        try requirePrivilege0()
        let isKnown =
            s.pointee.model >= .pentiumII ? setModelSpecific686(ecx, pair) : setModelSpecific586(ecx, pair)
        guard isKnown else { throw .generalProtection() }
    }

    private func modelSpecific586(_ number: UInt32) -> UInt64? {
        switch number {
        case MSR.machineCheckAddress: s.pointee.system.machineCheck[0]
        case MSR.machineCheckType: s.pointee.system.machineCheck[1]
        case MSR.timeStamp: timeStamp
        case MSR.pentiumEventSelect: s.pointee.system.eventSelect[0]
        case MSR.pentiumCounter0: s.pointee.system.counters[0]
        case MSR.pentiumCounter1: s.pointee.system.counters[1]
        default: nil
        }
    }

    private func setModelSpecific586(_ number: UInt32, _ value: UInt64) -> Bool {
        switch number {
        case MSR.machineCheckAddress: s.pointee.system.machineCheck[0] = value
        case MSR.machineCheckType: s.pointee.system.machineCheck[1] = value
        case MSR.timeStamp: s.pointee.tscOffset = value &- now
        case MSR.pentiumEventSelect: s.pointee.system.eventSelect[0] = value
        case MSR.pentiumCounter0: s.pointee.system.counters[0] = value & 0xFF_FFFF_FFFF
        case MSR.pentiumCounter1: s.pointee.system.counters[1] = value & 0xFF_FFFF_FFFF
        default: return false
        }
        return true
    }

    private func modelSpecific686(_ number: UInt32) -> UInt64? {
        let system = s.pointee.system
        switch number {
        case MSR.machineCheckAddress, MSR.machineCheckType, MSR.platform, MSR.microcodeSignature: return 0
        case MSR.machineCheckCapabilities: return 0
        case MSR.machineCheckStatus: return system.machineCheck[0]
        case MSR.timeStamp: return timeStamp
        case MSR.apicBase: return apicBase ?? system.apicBase
        case MSR.busControl: return system.busControl
        case MSR.cacheControl: return system.cacheControl
        case MSR.counter0: return system.counters[0]
        case MSR.counter1: return system.counters[1]
        case MSR.eventSelect0: return system.eventSelect[0]
        case MSR.eventSelect1: return system.eventSelect[1]
        // Eight variable ranges, fixed ranges, write combining.
        case MSR.mtrrCapabilities: return 0x508
        case MSR.mtrrDefault: return system.mtrrDefault
        case MSR.sysenterCS: return UInt64(system.sysenterCS)
        case MSR.sysenterESP: return UInt64(system.sysenterESP)
        case MSR.sysenterEIP: return UInt64(system.sysenterEIP)
        case MSR.debugControl: return system.debugControl
        case MSR.lastRecords: return 0
        default:
            guard let index = rangeRegister(number) else { return nil }
            return system.mtrr[index]
        }
    }

    private func setModelSpecific686(_ number: UInt32, _ value: UInt64) -> Bool {
        let low = UInt32(truncatingIfNeeded: value)
        switch number {
        case MSR.machineCheckAddress, MSR.machineCheckType, MSR.microcodeTrigger, MSR.microcodeSignature: break
        case MSR.machineCheckStatus: s.pointee.system.machineCheck[0] = value
        // The upper half of the counter is cleared [SDM 3B 17.17.3].
        case MSR.timeStamp: s.pointee.tscOffset = UInt64(low) &- now
        case MSR.apicBase:
            // The local APIC may ask for an interrupt, or no longer.
            s.pointee.system.apicBase = (value & 0xF_FFFF_F800) | 0x100
            publishTime()
            s.pointee.bus._withUnsafeGuaranteedRef { $0.apicBase?.base = value }
            noteAttention()
        case MSR.busControl: s.pointee.system.busControl = value
        case MSR.cacheControl: s.pointee.system.cacheControl = value
        // Writes are of 32 bits, with their sign [SDM 3B 18.6.8].
        case MSR.counter0: s.pointee.system.counters[0] = counter(low)
        case MSR.counter1: s.pointee.system.counters[1] = counter(low)
        case MSR.eventSelect0: s.pointee.system.eventSelect[0] = value
        case MSR.eventSelect1: s.pointee.system.eventSelect[1] = value
        case MSR.mtrrDefault: s.pointee.system.mtrrDefault = value & 0xCFF
        case MSR.sysenterCS: s.pointee.system.sysenterCS = low
        case MSR.sysenterESP: s.pointee.system.sysenterESP = low
        case MSR.sysenterEIP: s.pointee.system.sysenterEIP = low
        case MSR.debugControl: s.pointee.system.debugControl = value & 0x7F
        case MSR.lastRecords: break
        default:
            guard let index = rangeRegister(number) else { return false }
            s.pointee.system.mtrr[index] = value
        }
        return true
    }

    /// What the local APIC holds, where there is one.
    private var apicBase: UInt64? { s.pointee.bus._withUnsafeGuaranteedRef { $0.apicBase?.base } }

    /// 40 bits, of which the low 32 are given and the others are their sign.
    private func counter(_ low: UInt32) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(bitPattern: low))) & 0xFF_FFFF_FFFF
    }

    /// The place of an MTRR: 16 variable ones, then 64K, two of 16K and eight of 4K [SDM 3A Table 11-9].
    private func rangeRegister(_ number: UInt32) -> Int? {
        switch number {
        case 0x200...0x20F: Int(number - 0x200)
        case 0x250: 16
        case 0x258, 0x259: 17 + Int(number - 0x258)
        case 0x268...0x26F: 19 + Int(number - 0x268)
        default: nil
        }
    }

    // MARK: Fast system calls

    /// SYSENTER: to level 0 with flat segments.
    func systemEnter() throws(Fault) {
        let system = s.pointee.system
        guard s.pointee.cr0 & CR0.protection != 0, system.sysenterCS & 0xFFFC != 0 else { throw .generalProtection() }
        let selector = UInt16(truncatingIfNeeded: system.sysenterCS) & 0xFFFC
        s.segment(SegmentNumber.cs).pointee = flat(selector, access: 0x9B)
        s.segment(SegmentNumber.ss).pointee = flat(selector &+ 8, access: 0x93)
        esp = system.sysenterESP
        s.pointee.eip = system.sysenterEIP
        s.pointee.cpl = 0
        setSystemFlags(s.pointee.systemFlags & ~(Flags.virtual8086 | Flags.interrupt | Flags.resume))
        updateMode()
    }

    /// SYSEXIT: to level 3, EIP from EDX and ESP from ECX.
    func systemExit() throws(Fault) {
        let base = UInt16(truncatingIfNeeded: s.pointee.system.sysenterCS) & 0xFFFC
        guard s.pointee.isProtected, base != 0, s.pointee.cpl == 0 else { throw .generalProtection() }
        s.segment(SegmentNumber.cs).pointee = flat((base &+ 16) | 3, access: 0xFB)
        s.segment(SegmentNumber.ss).pointee = flat((base &+ 24) | 3, access: 0xF3)
        esp = ecx
        s.pointee.eip = edx
        s.pointee.cpl = 3
        updateMode()
    }

    /// A segment of 4 GB, 32 bits wide.
    private func flat(_ selector: UInt16, access: UInt8) -> Segment {
        var segment = Segment(base: 0, limit: .max, selector: selector, access: access, flags: 0xC0)
        segment.updateBounds()
        return segment
    }
}
