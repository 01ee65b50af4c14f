/// The interrupt controllers of a multiprocessor board, with the one processor that it has here.
final class APICPair: Stateful {
    let local: LocalAPIC
    let io = IOAPIC()

    init(model: CPUModel, scheduler: Scheduler) {
        local = LocalAPIC(model: model, scheduler: scheduler)
    }

    func reset() {
        io.reset()
        local.reset()
    }

    func visit<V: StateVisitor>(_ visitor: inout V) {
        var (local, io) = (local, io)
        visitor.visit(&local)
        visitor.visit(&io)
    }
}

extension PC {
    /// Where the timer's interrupt is on the I/O APIC; input 0 is the 8259As' on other boards. [MP 3.6.2.2]
    private static let timerInput = 2
    /// PIRQA-PIRQD
    private static let firstPCIInput = 16
    private static let ioAPICRange: ClosedRange<UInt32> = 0xFEC0_0000...0xFEC0_0FFF

    /// Connects the CPU's INTR: to the 8259As, or to the local APIC and that to them.
    func wireInterrupts() {
        let requestChanged: (Bool) -> Void = { [unowned bus] high in
            bus.interruptRequested = high
            if high { bus.attention = true }
        }
        guard let apics else {
            bus.interruptController = pic
            pic.requestChanged = requestChanged
            return
        }
        let (local, io) = (apics.local, apics.io)
        bus.interruptController = local
        bus.apicBase = local
        local.requestChanged = requestChanged
        local.acknowledgeExternal = { [unowned pic] in pic.acknowledge() }
        local.nonMaskable = { [unowned self] in cpu.raiseNMI() }
        local.initialised = { [unowned self] in requestReset() }
        local.ended = { [unowned io] in io.endInterrupt($0) }
        local.becameReady = { [unowned io] in io.retry() }
        local.moved = { [unowned bus, unowned local] in bus.move(local, toPage: $0) }
        io.send = { [unowned local] in local.accept($0) }
        bus.attach(io, memory: Self.ioAPICRange)
        pic.requestChanged = { [unowned local] in local.setPin(0, $0) }
        pic.lineChanged = { [unowned io] number, high in
            io.setInput(number == IRQ.timer ? Self.timerInput : number, high)
        }
        local.reset()
    }

    /// The PCI bus's own inputs of the I/O APIC, beside those that the ISA bridge steers the lines to.
    func setPCIInputs(_ lines: UInt8) {
        guard let io = apics?.io else { return }
        for line in 0..<4 { io.setInput(Self.firstPCIInput + line, lines >> UInt8(line) & 1 != 0) }
    }
}
