/// Control registers, the machine status word and test registers [SDM 3A 2.5, SDM 2B MOV, LMSW].
extension Core {
    /// Raises `#GP(0)` outside of level 0.
    @inline(__always)
    func requirePrivilege0() throws(Fault) {
        guard s.pointee.cpl == 0 else { throw .generalProtection() }
    }

    // MARK: MOV

    func readControlRegister(_ number: Int) throws(Fault) -> UInt32 {
        try checkControlRegister(number)
        switch number {
        case 0: return s.pointee.cr0
        case 2: return s.pointee.cr2
        case 3: return s.pointee.cr3
        default: return s.pointee.cr4
        }
    }

    func writeControlRegister(_ number: Int, _ value: UInt32) throws(Fault) {
        try checkControlRegister(number)
        switch number {
        case 0: try writeCR0(value)
        case 2: s.pointee.cr2 = value
        case 3:
            // The 486 brought PCD and PWT.
            s.pointee.cr3 = value & (s.pointee.model >= .i80486 ? 0xFFFF_F018 : 0xFFFF_F000)
            flushTLB()
        default: try writeCR4(value)
        }
    }

    private func checkControlRegister(_ number: Int) throws(Fault) {
        guard s.pointee.model >= .i80386 else { throw .invalidOpcode }
        switch number {
        case 0, 2, 3: break
        case 4 where s.pointee.model >= .pentium: break
        default: throw .invalidOpcode
        }
        try requirePrivilege0()
    }

    // MARK: CR0

    private func writeCR0(_ value: UInt32) throws(Fault) {
        if value & CR0.paging != 0, value & CR0.protection == 0 { throw .generalProtection() }
        if s.pointee.model >= .i80486 {
            // Write-through off with the cache on is no setting [SDM 3A Table 11-5].
            if value & CR0.notWriteThrough != 0, value & CR0.cacheDisable == 0 { throw .generalProtection() }
            let known =
                CR0.protection | CR0.monitorCoprocessor | CR0.emulation | CR0.taskSwitched | CR0.numericError
                | CR0.writeProtect | CR0.alignmentMask | CR0.notWriteThrough | CR0.cacheDisable | CR0.paging
            setCR0(value & known | CR0.extensionType)
        } else {
            let known =
                CR0.protection | CR0.monitorCoprocessor | CR0.emulation | CR0.taskSwitched | CR0.extensionType
                | CR0.paging
            setCR0(value & known)
        }
    }

    /// Sets CR0 and works out what follows: mode, privilege, translations.
    func setCR0(_ value: UInt32) {
        let changed = s.pointee.cr0 ^ value
        s.pointee.cr0 = value
        if changed & (CR0.protection | CR0.paging | CR0.writeProtect) != 0 { flushTLB() }
        if changed & (CR0.protection | CR0.alignmentMask) != 0 {
            if value & CR0.protection == 0 { s.pointee.cpl = 0 }
            updateMode()
        }
        updateFloatMode()
        s.pointee.leaveTrace = true
    }

    /// CLTS.
    func clearTaskSwitched() throws(Fault) {
        try requirePrivilege0()
        setCR0(s.pointee.cr0 & ~CR0.taskSwitched)
    }

    /// SMSW: the 286 shows the bits that it lacks as ones.
    func storeMachineStatus() -> UInt32 {
        s.pointee.model == .i80286 ? s.pointee.cr0 | 0xFFF0 : s.pointee.cr0
    }

    /// LMSW can set PE, and not clear it.
    func loadMachineStatus(_ value: UInt16) {
        let mask = CR0.monitorCoprocessor | CR0.emulation | CR0.taskSwitched
        let protection = s.pointee.cr0 & CR0.protection
        setCR0((s.pointee.cr0 & ~mask) | (UInt32(value) & (mask | CR0.protection)) | protection)
    }

    // MARK: CR4

    private func writeCR4(_ value: UInt32) throws(Fault) {
        var known =
            CR4.virtual8086Extensions | CR4.protectedVirtualInterrupts | CR4.timeStampDisable
            | CR4.debuggingExtensions | CR4.pageSizeExtension | CR4.machineCheck
            // The Pentium has RDPMC and its bit from MMX on [SDM 2B RDPMC].
            | CR4.performanceCounter
        if s.pointee.model >= .pentiumII { known |= CR4.pageGlobal | CR4.fastSave }
        guard value & ~known == 0 else { throw .generalProtection() }
        let changed = s.pointee.cr4 ^ value
        s.pointee.cr4 = value
        if changed & (CR4.pageSizeExtension | CR4.pageGlobal) != 0 { flushTLB() }
        if changed & CR4.debuggingExtensions != 0 { updateMode() }
        s.pointee.leaveTrace = true
    }

    // MARK: Test registers

    /// MOV from TR3-TR7: the 386 has TR6 and TR7, the 486 all five, later chips none [i486 PRM 10.5].
    func readTestRegister(_ number: Int) throws(Fault) -> UInt32 {
        try checkTestRegister(number)
        return s.pointee.system.test[number - 3]
    }

    func writeTestRegister(_ number: Int, _ value: UInt32) throws(Fault) {
        try checkTestRegister(number)
        s.pointee.system.test[number - 3] = value
    }

    private func checkTestRegister(_ number: Int) throws(Fault) {
        switch s.pointee.model {
        case .i80386 where number == 6 || number == 7: break
        case .i80486 where number >= 3 && number <= 7: break
        default: throw .invalidOpcode
        }
        try requirePrivilege0()
    }
}
