/// The PCI bus of a board with an i440FX and a PIIX3, and what is soldered to it. Other functions come by `bus.attach`;
/// device 3 is the first that is free.
final class PCIChipSet: Stateful {
    let bus = PCIBus()
    let host: HostBridge
    let isa = ISABridge()
    let ide: IDEFunction
    let display: DisplayFunction
    let shadow: ShadowMemory

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
        bus.attach(host.function, device: 0)
        bus.attach(isa.function, device: 1)
        bus.attach(ide.function, device: 1, function: 1)
        bus.attach(display.function, device: 2)
    }

    /// PCIRST#
    func reset() {
        bus.reset()
        isa.reset()
        ide.reset()
    }

    func visit<V: StateVisitor>(_ visitor: inout V) {
        var (bus, isa, ide) = (bus, isa, ide)
        visitor.visit(&bus)
        visitor.visit(&isa)
        visitor.visit(&ide)
        host.mapMemory()
    }
}

extension PC {
    /// Connects the PCI bus where the board has one.
    func wirePCI() {
        guard let pci else { return }
        bus.attach(pci.bus, ports: 0xCF8...0xCF8, width: .dword)
        bus.attach(pci.bus, ports: 0xCFC...0xCFF, offset: 4, width: .dword)
        bus.attach(pci.isa, ports: 0xCF9...0xCF9, offset: 2)
        bus.attach(pci.isa, ports: 0x4D0...0x4D1)
        bus.attach(pci.shadow, memory: ShadowMemory.range)
        bus.openAddresses = pci.bus
        pci.bus.memoryChanged = { [unowned bus] in bus.addressMaskChanged?() }
        pci.bus.interruptLinesChanged = { [unowned isa = pci.isa, unowned lines = pci.bus] in
            isa.setLines(lines.interruptLines)
        }
        pci.isa.steeredChanged = { [unowned pic] in pic.setSteered($0) }
        pci.isa.levelTriggeredChanged = { [unowned pic] in pic.setLevelTriggered($0) }
        pci.isa.resetRequested = { [unowned self] in requestReset() }
    }

    func visitPCI<V: StateVisitor>(_ visitor: inout V) {
        guard var pci else { return }
        var lines = pic.boardLines
        visitor.visit(&lines)
        visitor.visit(&pci)
    }
}
