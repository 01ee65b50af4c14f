/// The x87's control and status words, and its initial state [SDM 1 8.1].
extension Core {
    private typealias Status = FloatEnvironment.Status

    /// The status word as the guest sees it, with TOP.
    var floatStatus: UInt16 {
        s.pointee.fpu.statusWord & ~0x3800 | UInt16(truncatingIfNeeded: s.pointee.fpu.top) << 11
    }

    /// Sets the status word. ES and B follow from the exceptions and their masks, whatever the image says.
    func setFloatStatus(_ status: UInt16) {
        s.pointee.fpu.top = UInt32(status >> 11) & 7
        s.pointee.fpu.statusWord = status & ~0x3800
        noteFloatExceptions()
    }

    /// Sets the control word; an exception that it unmasks waits from then on [SDM 2A FLDCW].
    func setControlWord(_ control: UInt16) {
        s.pointee.fpu.controlWord = knownControl(control)
        noteFloatExceptions()
    }

    /// A control word as the chip keeps it: bits that are not there read as zero, bit 6 as one; bit 7 is the 8087's.
    func knownControl(_ control: UInt16) -> UInt16 { control & (floatGeneration == .i8087 ? 0x1FBF : 0x1F3F) | 0x40 }

    func storeControlWord(_ i: Instruction) throws(Fault) {
        try store(s.pointee.fpu.controlWord, try placeRM(i, UInt16.self))
    }

    /// FENI, FDISI.
    func setInterruptMask(_ isMasked: Bool) {
        let control = s.pointee.fpu.controlWord & ~Self.interruptMask
        s.pointee.fpu.controlWord = isMasked ? control | Self.interruptMask : control
        updateFloatMode()
    }

    /// FNCLEX: exceptions, SF, ES and B; conditions and TOP stay.
    func clearFloatExceptions() {
        s.pointee.fpu.statusWord &= ~(Status.exceptions | Status.stackFault | Status.errorSummary | Status.busy)
        updateFloatMode()
    }

    /// The RESET pin. From the 486 on the registers hold +0.0 then and nothing is masked [SDM 3A Table 9-1]; the older
    /// chips are as after FNINIT.
    func resetFloat() {
        let isPresent = s.pointee.fpu.isPresent
        let errorPin = s.pointee.fpu.errorPin
        s.pointee.fpu = FPUState()
        s.pointee.fpu.isPresent = isPresent
        s.pointee.fpu.errorPin = errorPin
        initializeFloat()
        if floatGeneration == .integrated {
            s.pointee.fpu.controlWord = 0x40
            loadTagWord(0x5555)
        }
        updateFloatMode()
    }

    /// FNINIT. The registers keep their contents; 8087 and 287 keep C0 to C3 [SDM 3B 22.18.2.1] and the pointers as well.
    func initializeFloat() {
        s.pointee.fpu.controlWord = floatGeneration == .i8087 ? 0x3FF : 0x37F
        s.pointee.fpu.statusWord &= floatGeneration >= .i80387 ? 0 : Status.conditions
        s.pointee.fpu.top = 0
        loadTagWord(0xFFFF)
        if floatGeneration >= .i80387 {
            s.pointee.fpu.instructionPointer = 0
            s.pointee.fpu.instructionSelector = 0
            s.pointee.fpu.dataPointer = 0
            s.pointee.fpu.dataSelector = 0
            s.pointee.fpu.opcode = 0
        }
        updateFloatMode()
    }
}
