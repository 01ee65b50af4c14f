/// The registers of the privileged half that nothing else needs: test registers and model-specific registers.
struct SystemRegisters: Stateful {
    /// TR3 to TR7: cache and TLB tests of the 386 and 486. They keep what is written and test nothing.
    var test = InlineArray<5, UInt32>(repeating: 0)

    // MARK: SYSENTER [SDM 2B SYSENTER]
    var sysenterCS: UInt32 = 0
    var sysenterESP: UInt32 = 0
    var sysenterEIP: UInt32 = 0

    // MARK: Storage that nothing acts upon
    /// IA32_APIC_BASE of a processor whose local APIC is switched off for good; otherwise the local APIC has it.
    var apicBase: UInt64 = 0xFEE0_0100
    /// IA32_MTRR_DEF_TYPE
    var mtrrDefault: UInt64 = 0
    /// Eight pairs of IA32_MTRR_PHYSBASE and PHYSMASK, then the eleven fixed-range MTRRs.
    var mtrr = InlineArray<27, UInt64>(repeating: 0)
    /// EBL_CR_POWERON, BBL_CR_CTL3
    var busControl: UInt64 = 0
    var cacheControl: UInt64 = 0
    /// Event selects and counters of the performance monitor: they keep what is written and count nothing.
    var eventSelect = InlineArray<2, UInt64>(repeating: 0)
    var counters = InlineArray<2, UInt64>(repeating: 0)
    /// Machine check: status and, on the Pentium, address and type.
    var machineCheck = InlineArray<2, UInt64>(repeating: 0)
    /// DEBUGCTLMSR
    var debugControl: UInt64 = 0

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        for i in test.indices { visitor.visit(&test[i]) }
        visitor.visit(&sysenterCS)
        visitor.visit(&sysenterESP)
        visitor.visit(&sysenterEIP)
        visitor.visit(&apicBase)
        visitor.visit(&mtrrDefault)
        for i in mtrr.indices { visitor.visit(&mtrr[i]) }
        visitor.visit(&busControl)
        visitor.visit(&cacheControl)
        for i in eventSelect.indices { visitor.visit(&eventSelect[i]) }
        for i in counters.indices { visitor.visit(&counters[i]) }
        for i in machineCheck.indices { visitor.visit(&machineCheck[i]) }
        visitor.visit(&debugControl)
    }
}
