/// How x87 exceptions come about, wait, and reach the CPU [SDM 1 8.6, 8.7].
///
/// An unmasked exception sets ES. The next instruction that waits for the coprocessor raises `#MF` where CR0.NE is set;
/// otherwise FERR# is active, the board answers with IRQ 13, and the CPU stands still until an interrupt comes.
extension Core {
    private typealias Status = FloatEnvironment.Status

    /// The chip: the CPU's own from the 486 on.
    var floatGeneration: FloatEnvironment.Generation {
        switch s.pointee.model {
        case .i8086, .i80186: .i8087
        case .i80286: .i80287
        case .i80386: .i80387
        default: .integrated
        }
    }

    /// What an operation starts with.
    var floatEnvironment: FloatEnvironment {
        FloatEnvironment(control: s.pointee.fpu.controlWord, generation: floatGeneration)
    }

    /// Merges what an operation found into the status word. Of the condition bits those in `conditions` are set anew.
    func finish(_ environment: FloatEnvironment, conditions: UInt16 = FloatEnvironment.Status.c1) {
        s.pointee.fpu.statusWord =
            s.pointee.fpu.statusWord & ~conditions
            | environment.status & (conditions | Status.exceptions | Status.stackFault)
        if environment.unmasked != 0 { noteFloatExceptions() }
    }

    /// Sets or clears ES, and B with it, from exceptions and masks, and works out what follows.
    func noteFloatExceptions() {
        let fpu = s.pointee.fpu
        // Bit 7 of an 8087's control word keeps INT down, and not the bit in the status word [8087].
        let isPending = fpu.statusWord & ~fpu.controlWord & Status.exceptions != 0
        // B is the state of the chip on 8087 and 287, which is never seen busy; later it shows ES [SDM 1 8.1.3].
        let bits = floatGeneration >= .i80387 ? Status.errorSummary | Status.busy : Status.errorSummary
        s.pointee.fpu.statusWord =
            fpu.statusWord & ~(Status.errorSummary | Status.busy) | (isPending ? bits : 0)
        updateFloatMode()
    }

    /// Works out what follows from the control and status words and CR0: whether hot handlers may run, the precision,
    /// and FERR#. Whoever changes one of these by other means than the functions here calls it.
    func updateFloatMode() {
        let fpu = s.pointee.fpu
        let isPending = fpu.statusWord & Status.errorSummary != 0
        let isOff = s.pointee.model >= .i80286 && s.pointee.cr0 & (CR0.emulation | CR0.taskSwitched) != 0
        s.pointee.fpu.applyControlWord()
        if isPending || isOff || !fpu.isPresent { s.pointee.fpu.slowReasons |= FPUState.SlowReason.blocked }
        driveErrorPin(isPending)
    }

    /// FERR#, or INT of the 8087. With CR0.NE set nobody outside is told.
    private func driveErrorPin(_ isPending: Bool) {
        let isOutside: Bool =
            switch floatGeneration {
            case .i8087: s.pointee.fpu.controlWord & Self.interruptMask == 0
            case .i80287, .i80387: true
            case .integrated: s.pointee.cr0 & CR0.numericError == 0
            }
        let pin = isPending && isOutside && s.pointee.fpu.isPresent
        guard pin != s.pointee.fpu.errorPin else { return }
        s.pointee.fpu.errorPin = pin
        s.pointee.bus._withUnsafeGuaranteedRef { $0.floatErrorChanged?(pin) }
        noteAttention()
    }

    /// IEM of the 8087's control word.
    static var interruptMask: UInt16 { 0x80 }

    // MARK: Before an instruction

    /// Raises `#NM`. False where there is no coprocessor: the instruction does nothing, and FNSTSW and FNSTCW leave
    /// their target as it was.
    func findCoprocessor(_ i: Instruction) throws(Fault) -> Bool {
        if s.pointee.model >= .i80286, s.pointee.cr0 & (CR0.emulation | CR0.taskSwitched) != 0 {
            throw .deviceNotAvailable
        }
        if s.pointee.fpu.isPresent { return true }
        // The 286 sees to the first word of the operand itself, whoever takes it (verified: vectors 80286 D8).
        if s.pointee.model == .i80286, !i.isRegisterForm { _ = try linearForRead(Int(i.segment), offset(i), size: 2) }
        return false
    }

    /// Waits for what an instruction before has left pending. Raises `#MF` where CR0.NE is set. False where the CPU
    /// stands still before the instruction until an interrupt comes [SDM 1 8.7.2].
    func floatIsReady() throws(Fault) -> Bool {
        guard s.pointee.fpu.statusWord & Status.errorSummary != 0 else { return true }
        if floatGeneration == .integrated, s.pointee.cr0 & CR0.numericError != 0 {
            throw Fault(Fault.Vector.floatingPoint)
        }
        if s.pointee.bus._withUnsafeGuaranteedRef({ $0.ignoresFloatErrors }) { return true }
        s.pointee.eip = s.pointee.instructionEIP
        s.pointee.halted = true
        look()
        return false
    }

    /// FWAIT: `#NM` needs MP as well as TS [SDM 2B WAIT].
    func wait() throws(Fault) {
        let both = CR0.monitorCoprocessor | CR0.taskSwitched
        if s.pointee.model >= .i80286, s.pointee.cr0 & both == both { throw .deviceNotAvailable }
        if s.pointee.fpu.isPresent { _ = try floatIsReady() }
    }
}
