/// One function of a PCI device: its configuration space, its regions and its interrupt pin. A chip owns its functions and
/// says what their registers mean; the bus finds them and decodes their addresses.
public final class PCIFunction: Stateful {
    /// The registers as they stand.
    public private(set) var space: PCIConfigurationSpace
    /// The registers after RST#.
    private let initial: PCIConfigurationSpace
    let regions: [PCIRegion]
    /// Where each region answers; follows from the registers.
    private(set) var bases: [UInt32?]
    /// Whether the function pulls its interrupt pin.
    public private(set) var interrupt = false
    /// Is called after the guest wrote one of the registers in the range.
    public var written: ((Range<Int>) -> Void)?
    /// The bus: addresses or the interrupt pin may have changed.
    var addressesChanged: (() -> Void)?
    var interruptChanged: (() -> Void)?

    /// - Parameter space: as it is after RST#, without the base addresses, which the regions declare.
    public init(_ space: PCIConfigurationSpace, regions: [PCIRegion] = []) {
        var space = space
        for region in regions { region.declare(in: &space) }
        self.space = space
        initial = space
        self.regions = regions
        bases = regions.map { _ in nil }
    }

    /// RST#
    public func reset() {
        space = initial
        interrupt = false
        addressesChanged?()
        interruptChanged?()
        written?(0..<PCIConfigurationSpace.size)
    }

    /// A configuration write of the guest.
    func write(_ register: Int, _ value: UInt32, _ width: AccessWidth) {
        space.write(register, value, width)
        // The command register, the base addresses, the expansion ROM, and what a chip has of its own.
        let written = register..<register + width.rawValue
        if register < 0x34 || regions.contains(where: { $0.follows(written) }) { addressesChanged?() }
        self.written?(written)
    }

    /// Works out where the regions answer. True where one of memory has moved.
    func locateRegions() -> Bool {
        var moved = false
        for (number, region) in regions.enumerated() {
            let base = region.base(in: space)
            guard base != bases[number] else { continue }
            bases[number] = base
            region.moved?(base)
            if case .ports = region.target { continue }
            moved = true
        }
        return moved
    }

    /// Sets one register that the function itself changes, such as a status.
    public func set(_ register: Int, _ value: UInt8) { space[register] = value }

    /// Pulls the interrupt pin, or lets it go. [PCI 2.2.6]
    public func setInterrupt(_ asserted: Bool) {
        guard asserted != interrupt else { return }
        interrupt = asserted
        interruptChanged?()
    }

    /// Whether the function may master the bus.
    var mastersBus: Bool {
        space[PCIConfigurationSpace.Register.command] & PCIConfigurationSpace.Command.busMaster != 0
    }

    public func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&space)
        visitor.visit(&interrupt)
    }
}
