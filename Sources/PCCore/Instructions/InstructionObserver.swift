/// Sees every instruction of a CPU, in the order in which they are executed. It must not change anything.
///
/// One call of `willExecute` and `didExecute` is one instruction, or one stretch of a REP instruction that the end of a
/// slice or an interrupt cuts: then `isRepeating` is set in `didExecute`.
protocol InstructionObserver: AnyObject {
    /// From now on it sees the instructions.
    func didAttach(_ core: Core)
    /// The instruction at CS:EIP comes next.
    func willExecute(_ core: Core)
    /// It was decoded, has this length, and has not changed anything yet.
    func didFetch(_ core: Core, length: Int)
    /// It raised an exception, which is about to be delivered.
    func didRaise(_ fault: Fault)
    /// It is done, and counted. False: the observer wants to see no more.
    func didExecute(_ core: Core) -> Bool
    /// Between two instructions an interrupt or a debug trap was delivered.
    func didInterrupt(_ core: Core, vector: UInt8)
}

extension CPU {
    /// Sets or takes away the one that sees every instruction. While there is one, all run in their plain form, which
    /// makes no difference that a guest could see.
    func observe(by newObserver: (any InstructionObserver)?) {
        if observer == nil, newObserver != nil {
            wasPlainOnly = s.pointee.isPlainOnly
            s.pointee.isPlainOnly = true
        } else if observer != nil, newObserver == nil {
            s.pointee.isPlainOnly = wasPlainOnly
        }
        observer = newObserver
        newObserver?.didAttach(core)
    }
}

extension Core {
    /// A byte of code whose page was just fetched from, without asking a device; nil where no memory answers.
    func peekCode(_ linear: UInt32) -> UInt8? {
        let info = s.pointee.codeTLB + Int((linear >> 12) & UInt32(TLBSize.code - 1))
        guard info.pointee.tag == (linear & 0xFFFF_F000) | s.pointee.generation else { return nil }
        let physical = info.pointee.physical & 0xFFFF_F000 | (linear & 0xFFF)
        return s.pointee.memory._withUnsafeGuaranteedRef { $0.peek(physical) }
    }
}
