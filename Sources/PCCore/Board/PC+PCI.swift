/// The PCI bus of a board with an i440FX and a PIIX3, and what is soldered to it. Other functions come by `bus.attach`;
/// device 3 is the first that is free.
final class PCIChipSet: Stateful {
    let bus = PCIBus()
    let host: HostBridge
    let isa = ISABridge()
    let ide: IDEFunction
    let power: PowerManagement
    let display: DisplayFunction
    let shadow: ShadowMemory
    /// The 8259As' inputs that the ISA bridge steers interrupts to.
    fileprivate var steered: UInt16 = 0

    init(
        memory: PhysicalMemory, cpuBus: Bus, ide channels: [IDEController], display: DisplayFunction,
        scheduler: Scheduler
    ) {
        shadow = ShadowMemory(memory)
        host = HostBridge(shadow: shadow, memoryChanged: { [unowned cpuBus] in cpuBus.addressMaskChanged?() })
        let masters = zip(channels, [EventKind.busMaster0, .busMaster1]).map {
            IDEBusMaster($0, bus: cpuBus, scheduler: scheduler, event: $1)
        }
        ide = IDEFunction(masters)
        self.display = display
        power = PowerManagement(scheduler: scheduler, event: .powerManagement)
        bus.attach(host.function, device: 0)
        bus.attach(isa.function, device: 1)
        bus.attach(ide.function, device: 1, function: 1)
        bus.attach(power.function, device: 1, function: 3)
        bus.attach(display.function, device: 2)
    }

    /// PCIRST#
    func reset() {
        bus.reset()
        isa.reset()
        ide.reset()
        power.reset()
    }

    func visit<V: StateVisitor>(_ visitor: inout V) {
        var (bus, isa, ide, power) = (bus, isa, ide, power)
        visitor.visit(&bus)
        visitor.visit(&isa)
        visitor.visit(&ide)
        visitor.visit(&power)
        host.mapMemory()
    }
}

extension PC {
    /// Connects the PCI bus where the board has one.
    func wirePCI() {
        guard let pci else { return }
        if configuration.kernel != nil {
            pci.bus.attach(KernelFunction(rom: configuration.kernelROM).function, device: 30)
        }
        bus.attach(pci.bus, ports: 0xCF8...0xCF8, width: .dword)
        bus.attach(pci.bus, ports: 0xCFC...0xCFF, offset: 4, width: .dword)
        bus.attach(pci.isa, ports: 0xCF9...0xCF9, offset: 2)
        bus.attach(pci.isa, ports: 0x4D0...0x4D1)
        bus.attach(pci.power.advancedPort, ports: 0xB2...0xB3)
        bus.attach(pci.shadow, memory: ShadowMemory.range)
        bus.openAddresses = pci.bus
        pci.bus.memoryChanged = { [unowned bus] in bus.addressMaskChanged?() }
        pci.bus.interruptLinesChanged = { [unowned self, unowned isa = pci.isa, unowned lines = pci.bus] in
            isa.setLines(lines.interruptLines)
            setPCIInputs(lines.interruptLines)
        }
        pci.isa.steeredChanged = { [unowned self, unowned pci] in
            pci.steered = $0
            steerInterrupts()
        }
        pci.power.interruptChanged = { [unowned self] in steerInterrupts() }
        pci.power.poweredOff = { [unowned self] in stop(.poweredOff) }
        pci.isa.levelTriggeredChanged = { [unowned pic] in pic.setLevelTriggered($0) }
        pci.isa.resetRequested = { [unowned self] in requestReset() }
    }

    /// The system control interrupt has an input of its own, and shares it.
    private func steerInterrupts() {
        guard let pci else { return }
        pic.setSteered(pci.steered | (pci.power.interrupt ? 1 << UInt16(IRQ.systemControl) : 0))
    }

    /// Shows what only a board with PCI has. Gives the levels of the ISA bus's interrupt lines.
    func visitPCI<V: StateVisitor>(_ visitor: inout V) -> UInt16? {
        guard var pci else { return nil }
        var lines = pic.boardLines
        visitor.visit(&lines)
        visitor.visit(&pci)
        return lines
    }
}
