/// CPUID, RDTSC, RDPMC [SDM 2A CPUID].
extension Core {
    /// Feature bits of EDX in leaf 1.
    private enum Feature {
        static let coprocessor: UInt32 = 1 << 0
        static let virtual8086Extensions: UInt32 = 1 << 1
        static let debuggingExtensions: UInt32 = 1 << 2
        static let pageSizeExtension: UInt32 = 1 << 3
        static let timeStampCounter: UInt32 = 1 << 4
        static let modelSpecificRegisters: UInt32 = 1 << 5
        static let machineCheckException: UInt32 = 1 << 7
        static let compareExchange8: UInt32 = 1 << 8
        /// As long as the local APIC is not off by IA32_APIC_BASE.
        static let apic: UInt32 = 1 << 9
        static let systemEnter: UInt32 = 1 << 11
        static let memoryTypeRanges: UInt32 = 1 << 12
        static let pageGlobal: UInt32 = 1 << 13
        static let conditionalMove: UInt32 = 1 << 15
        static let multimedia: UInt32 = 1 << 23
        static let fastSave: UInt32 = 1 << 24
    }

    /// CPUID.
    func identify() {
        let highest: UInt32 = s.pointee.model >= .pentiumII ? 2 : 1
        // A leaf that is not there gives the last one that is.
        switch min(eax, highest) {
        case 0:
            eax = highest
            // "GenuineIntel" in EBX, EDX, ECX
            (ebx, edx, ecx) = (0x756E_6547, 0x4965_6E69, 0x6C65_746E)
        case 1:
            (eax, edx) = signature
            (ebx, ecx) = (0, 0)
        default:
            // Pentium II: instruction and data TLBs, 16 KB instruction, 16 KB data and 512 KB second-level cache.
            (eax, ebx, ecx, edx) = (0x0302_0101, 0, 0, 0x0C04_0843)
        }
    }

    /// Family, model and stepping, and the features.
    private var signature: (UInt32, UInt32) {
        let pentium =
            Feature.virtual8086Extensions | Feature.debuggingExtensions | Feature.pageSizeExtension
            | Feature.timeStampCounter | Feature.modelSpecificRegisters | Feature.machineCheckException
            | Feature.compareExchange8
        let pentiumII =
            pentium | Feature.systemEnter | Feature.memoryTypeRanges | Feature.pageGlobal | Feature.conditionalMove
        // Without its x87 a chip has no registers for MMX and FXSAVE either.
        let coprocessor = s.pointee.fpu.isPresent ? Feature.coprocessor : 0
        let multimedia = s.pointee.fpu.isPresent ? coprocessor | Feature.multimedia : 0
        let fastSave = s.pointee.fpu.isPresent ? multimedia | Feature.fastSave : 0
        let hasAPIC = s.pointee.bus._withUnsafeGuaranteedRef { $0.apicBase?.isEnabled ?? false }
        let apic = hasAPIC ? Feature.apic : 0
        return switch s.pointee.model {
        // A 486DX2 with CPUID; the DX4 would have VME and CR4.
        case ..<CPUModel.pentium: (0x435, coprocessor)
        case .pentium: (0x543, pentium | multimedia | apic)
        default: (0x652, pentiumII | fastSave | apic)
        }
    }

    /// RDTSC: guest time, moved by what WRMSR wrote.
    func readTimeStamp() throws(Fault) {
        if s.pointee.cr4 & CR4.timeStampDisable != 0 { try requirePrivilege0() }
        setPair(timeStamp)
    }

    var timeStamp: UInt64 { now &+ s.pointee.tscOffset }

    /// RDPMC.
    func readPerformanceCounter() throws(Fault) {
        if s.pointee.cr4 & CR4.performanceCounter == 0 { try requirePrivilege0() }
        guard ecx < 2 else { throw .generalProtection() }
        setPair(s.pointee.system.counters[Int(ecx & 1)])
    }

    /// EDX:EAX.
    func setPair(_ value: UInt64) {
        eax = UInt32(truncatingIfNeeded: value)
        edx = UInt32(truncatingIfNeeded: value >> 32)
    }

    var pair: UInt64 { UInt64(edx) << 32 | UInt64(eax) }
}
