/// Exceptions and hardware interrupts as the run loop delivers them: double faults, shutdown, NMI [SDM 3A ch. 6].
extension Core {
    /// How an exception combines with one that comes while it is delivered [SDM 3A Table 6-4].
    private enum Severity {
        case benign, contributory, pageFault, doubleFault
    }

    private func severity(_ vector: UInt8) -> Severity {
        switch vector {
        case Fault.Vector.divideError, Fault.Vector.invalidTSS...Fault.Vector.generalProtection: .contributory
        case Fault.Vector.pageFault: .pageFault
        case Fault.Vector.doubleFault: .doubleFault
        default: .benign
        }
    }

    /// Delivers an exception; EIP is what is to be pushed. A fault on the way is delivered in its place, becomes a
    /// double fault, or shuts the CPU down [SDM 3A 6.15, Table 6-5].
    func raise(_ fault: Fault) {
        s.pointee.halted = false
        s.pointee.leaveTrace = true
        // A fault takes the data breakpoints of its instruction back: they match again when it runs again.
        if !fault.isTrap { s.pointee.pendingDebug = 0 }
        var fault = fault
        while true {
            do {
                return try deliver(announce(fault))
            } catch let second {
                if second.vector == Fault.Vector.pageFault { s.pointee.cr2 = second.linear }
                switch (severity(fault.vector), severity(second.vector)) {
                case (.doubleFault, _):
                    s.pointee.shutdown = true
                    noteReset(.tripleFault)
                    look()
                    return
                case (.contributory, .contributory), (.pageFault, .contributory), (.pageFault, .pageFault),
                    (_, .doubleFault):
                    fault = Fault(Fault.Vector.doubleFault, code: 0)
                default:
                    fault = second
                }
            }
        }
    }

    /// Leaves in CR2, DR6 and DR7 what an exception leaves there.
    private func announce(_ fault: Fault) -> Event {
        var event = Event(vector: fault.vector)
        event.errorCode = fault.errorCode
        switch fault.vector {
        case Fault.Vector.pageFault:
            s.pointee.cr2 = fault.linear
            event.resumes = true
        case Fault.Vector.debug:
            s.pointee.dr6 |= fault.debugStatus
            // The handler may use the debug registers [SDM 3B 17.2.4].
            s.pointee.dr7 &= ~DebugControl.generalDetect
            // A breakpoint's handler sets RF itself; a trap that stops a REP string goes on with RF [SDM 3B 17.3.1.1].
            event.resumes =
                fault.isTrap
                ? stopsRepeating : fault.debugStatus & (DebugStatus.registerAccess | 0xF) == DebugStatus.registerAccess
        default:
            event.resumes = !fault.isTrap
        }
        return event
    }

    /// EIP is on a string instruction that an interrupt or trap stopped between two elements.
    var stopsRepeating: Bool { s.pointee.isRepeating && s.pointee.eip == s.pointee.instructionEIP }

    // MARK: Interrupts

    /// Delivers a hardware interrupt.
    func deliverExternal(_ vector: UInt8) {
        s.pointee.halted = false
        if stopsRepeating { forgetPrefixes() }
        do {
            if s.pointee.isProtected || s.pointee.isVirtual8086 {
                try deliver(Event(vector: vector, resumes: stopsRepeating))
            } else {
                try deliverReal(vector)
                if s.pointee.hasStops { noteInterrupt(vector) }
            }
        } catch {
            raise(error)
        }
    }

    /// Delivers an NMI; the next waits for IRET.
    func deliverNMI() {
        s.pointee.nmiPending = false
        // Up to the 186 an NMI may interrupt an NMI's handler [80286 PRM C-1, 80386 PRM 14.7].
        s.pointee.nmiBlocked = s.pointee.model >= .i80286
        s.pointee.shutdown = false
        deliverExternal(Fault.Vector.nmi)
    }

    /// INT1 (F1h): a debug trap that leaves DR6 alone and asks no gate's DPL.
    func icebp() {
        raise(.debug(0, isTrap: true))
    }
}
