// PCI bus 0 behind a host bridge, with configuration mechanism 1: the address at port CF8h, a dword only, and the data at
// CFCh-CFFh in any width. [PCI 3.2.2.3.2, 6]
//
// Not modelled: bridges to other buses, special cycles, parity. Where two regions overlap, the function with the lower
// number answers. RAM, ROM and the chips of the board come before every region, but a linear frame buffer, while it is
// memory as RAM is, before the chips.

/// The bus: finds functions by their numbers, and regions by their addresses.
public final class PCIBus: PortDevice, OpenAddressDecoder, Stateful {
    /// A region where it now answers.
    private struct Decoded {
        let first: UInt32
        let last: UInt32
        let region: PCIRegion
    }

    /// CONFADD: bit 31 enables, then bus, device, function and register.
    private var address: UInt32 = 0
    /// By device and function number.
    private var functions = [PCIFunction?](repeating: nil, count: 256)
    private var ports: [Decoded] = []
    private var memory: [Decoded] = []
    /// The lines PIRQA-PIRQD, a bit each, set where a function pulls them.
    private(set) var interruptLines: UInt8 = 0
    /// Is called when these change.
    var interruptLinesChanged: (() -> Void)?
    /// Is called when another memory region answers somewhere, so that the CPU forgets its translations.
    var memoryChanged: (() -> Void)?

    public init() {}

    /// Puts a function onto the bus, once, when the board is built.
    public func attach(_ function: PCIFunction, device: Int, function number: Int = 0) {
        let index = (device & 31) << 3 | number & 7
        functions[index] = function
        function.addressesChanged = { [unowned self] in decode() }
        function.interruptChanged = { [unowned self] in updateInterrupts() }
        decode()
    }

    /// RST#
    public func reset() {
        address = 0
        for case let function? in functions { function.reset() }
    }

    // MARK: Configuration

    /// Offset 0 is CONFADD, 4 to 7 are CONFDATA.
    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        guard offset >= 4 else { return offset == 0 && width == .dword ? address : width.ones }
        guard let place = place(offset, width), let function = functions[place.function] else { return width.ones }
        return function.space.get(place.register, width)
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        guard offset >= 4 else {
            if offset == 0, width == .dword { address = value & 0x80FF_FFFC }
            return
        }
        guard let place = place(offset, width) else { return }
        functions[place.function]?.write(place.register, value, width)
    }

    /// The function and register that an access of CONFDATA means; nil where it reaches beyond the port, or nothing is
    /// selected on bus 0.
    private func place(_ offset: UInt16, _ width: AccessWidth) -> (function: Int, register: Int)? {
        let byte = Int(offset & 3)
        guard byte + width.rawValue <= 4, address >> 31 != 0, address & 0x00FF_0000 == 0 else { return nil }
        return (Int(address >> 8 & 0xFF), Int(address & 0xFC) + byte)
    }

    // MARK: Addresses

    /// Finds where every region answers now.
    private func decode() {
        var moved = false
        ports.removeAll(keepingCapacity: true)
        memory.removeAll(keepingCapacity: true)
        for case let function? in functions {
            moved = function.locateRegions() || moved
            for (region, base) in zip(function.regions, function.bases) {
                guard let base else { continue }
                let decoded = Decoded(first: base, last: base &+ (region.size &- 1), region: region)
                if case .ports = region.target { ports.append(decoded) } else { memory.append(decoded) }
            }
        }
        if moved { memoryChanged?() }
    }

    public func readOpenPort(_ port: UInt16, _ width: AccessWidth) -> UInt32? {
        guard let (device, offset) = portTarget(port, width) else { return nil }
        return device.readPort(offset, width) & width.ones
    }

    public func writeOpenPort(_ port: UInt16, _ value: UInt32, _ width: AccessWidth) -> Bool {
        guard let (device, offset) = portTarget(port, width) else { return false }
        device.writePort(offset, value & width.ones, width)
        return true
    }

    public func readOpenMemory(_ physical: UInt32, _ width: AccessWidth) -> UInt32? {
        guard let (device, offset) = memoryTarget(physical) else { return nil }
        return device.readMemory(offset, width) & width.ones
    }

    public func writeOpenMemory(_ physical: UInt32, _ value: UInt32, _ width: AccessWidth) -> Bool {
        guard let (device, offset) = memoryTarget(physical) else { return false }
        device.writeMemory(offset, value & width.ones, width)
        return true
    }

    public func hasOpenMemory(_ physical: UInt32) -> Bool { memoryTarget(physical) != nil }

    private func portTarget(_ port: UInt16, _ width: AccessWidth) -> (any PortDevice, UInt16)? {
        let first = UInt32(port)
        for decoded in ports where first >= decoded.first && first + UInt32(width.rawValue) - 1 <= decoded.last {
            guard case .ports(let device) = decoded.region.target else { continue }
            return (device, UInt16(truncatingIfNeeded: first - decoded.first))
        }
        return nil
    }

    private func memoryTarget(_ physical: UInt32) -> (any MemoryMappedDevice, UInt32)? {
        for decoded in memory where physical >= decoded.first && physical <= decoded.last {
            switch decoded.region.target {
            case .memory(let device, _), .rom(let device): return (device, physical &- decoded.first)
            case .ports: continue
            }
        }
        return nil
    }

    // MARK: Interrupts

    /// INTA-INTD of a device go to PIRQA-PIRQD, turned by one line from device to device, as on Intel's boards.
    private func updateInterrupts() {
        var lines: UInt8 = 0
        for (index, function) in functions.enumerated() {
            guard let function, function.interrupt else { continue }
            let pin = Int(function.space[PCIConfigurationSpace.Register.interruptPin])
            if (1...4).contains(pin) { lines |= 1 << UInt8(((index >> 3) + pin + 2) & 3) }
        }
        guard lines != interruptLines else { return }
        interruptLines = lines
        interruptLinesChanged?()
    }

    // MARK: What is attached

    /// One base address register of one function, for who walks the bus without knowing what is on it.
    package struct Place: Sendable {
        /// Device and function number, and the register.
        package let function: UInt8
        package let register: UInt8
        package let size: UInt32
        package let isPorts: Bool
        /// Bits of a register of its own that switch it on.
        package let enable: (register: UInt8, mask: UInt8)?
    }

    package var places: [Place] {
        functions.enumerated().flatMap { number, function in
            (function?.regions ?? []).map {
                var isPorts = false
                if case .ports = $0.target { isPorts = true }
                return Place(
                    function: UInt8(truncatingIfNeeded: number), register: UInt8(truncatingIfNeeded: $0.register),
                    size: $0.size, isPorts: isPorts,
                    enable: $0.enable.map { (UInt8(truncatingIfNeeded: $0.register), $0.mask) })
            }
        }
    }

    // MARK: State

    public func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&address)
        for function in functions {
            guard var function else { continue }
            visitor.visit(&function)
        }
        decode()
        updateInterrupts()
    }
}
