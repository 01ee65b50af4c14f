/// Answers the CPU's interrupt acknowledge cycle: the pair of 8259As, or the local APIC before them.
public protocol InterruptController: AnyObject {
    /// The vector of the request that is now in service.
    func acknowledge() -> UInt8
}

/// Routes I/O ports, memory-mapped devices and interrupt acknowledge. What nobody answers reads as all ones.
public final class Bus {
    /// A range of ports and who answers there. Nothing in it ever changes: an access counts no references.
    private final class PortRange {
        let device: any PortDevice
        /// What to add to a port to get the device's offset.
        let bias: UInt16
        let width: AccessWidth

        init(_ device: any PortDevice, bias: UInt16, width: AccessWidth) {
            self.device = device
            self.bias = bias
            self.width = width
        }
    }

    /// Where no device of the board is.
    private final class OpenPorts: PortDevice {
        var decoder: (any OpenAddressDecoder)?

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
            decoder?.readOpenPort(offset, width) ?? width.ones
        }
        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
            _ = decoder?.writeOpenPort(offset, value, width)
        }
    }

    /// A range of memory and who answers there. Nothing in it ever changes either.
    private final class Window {
        let first: UInt32
        let last: UInt32
        let device: any MemoryMappedDevice

        init(_ device: any MemoryMappedDevice, _ range: ClosedRange<UInt32>) {
            (first, last) = (range.lowerBound, range.upperBound)
            self.device = device
        }
    }

    public let memory: PhysicalMemory
    public var interruptController: (any InterruptController)?
    /// The local APIC, where the CPU has one.
    public weak var apicBase: (any APICBaseRegister)?
    /// The INTR pin, as the interrupt controller drives it.
    public var interruptRequested = false
    /// Is told when FERR# changes (ERROR# of a 287 or 387, INT of an 8087): an x87 exception waits.
    public var floatErrorChanged: ((Bool) -> Void)?
    /// IGNNE#: what waits for the coprocessor goes on in spite of its error.
    public var ignoresFloatErrors = false
    /// Set by whoever asserts INTR, NMI or reset while an instruction runs: the CPU ends its slice after it.
    public var attention = false
    /// Physical addresses are masked by this: the CPU's address lines, and A20 as its gate stands.
    public private(set) var addressMask: UInt32
    /// Is called when `addressMask` changes, so that the CPU forgets its translations.
    var addressMaskChanged: (() -> Void)?

    let addressLines: UInt32
    private var rangeCount = 1
    // SAFETY: `init` makes them, and `deinit` releases what they hold.
    private let ranges: UnsafeMutablePointer<Unmanaged<PortRange>>
    /// For each port the number of its range; 0 is where no device is.
    private let ports: UnsafeMutablePointer<UInt8>
    /// Kept retained until the end, like the ranges of ports.
    private var windows: [Unmanaged<Window>] = []
    private let openPorts = OpenPorts()
    /// Who answers where nothing of the board does.
    var openAddresses: (any OpenAddressDecoder)? {
        get { openPorts.decoder }
        set { openPorts.decoder = newValue }
    }

    /// - Parameter addressLines: the mask of the CPU's address lines, such as FFFFFh for the 8086.
    public init(memory: PhysicalMemory, addressLines: UInt32) {
        self.memory = memory
        self.addressLines = addressLines
        addressMask = addressLines
        // SAFETY: one byte for each port there can be, and a range for each value that a byte can have; the first
        // `rangeCount` ranges are retained until the end.
        ports = .allocate(capacity: 0x1_0000)
        ports.initialize(repeating: 0, count: 0x1_0000)
        ranges = .allocate(capacity: 0x100)
        ranges.initialize(to: .passRetained(PortRange(openPorts, bias: 0, width: .byte)))
    }

    deinit {
        for number in 0..<rangeCount { ranges[number].release() }
        for window in windows { window.release() }
        ranges.deallocate()
        ports.deallocate()
    }

    /// Whether the gate lets address line 20 through.
    public var a20: Bool {
        get { addressMask == addressLines }
        set {
            let mask = newValue ? addressLines : addressLines & ~0x10_0000
            guard mask != addressMask else { return }
            addressMask = mask
            addressMaskChanged?()
        }
    }

    // MARK: Ports

    /// Lets `device` answer at `range`, whose first port is the device's `offset`. Overlap is a programmer error.
    public func attach(
        _ device: any PortDevice, ports range: ClosedRange<UInt16>, offset: UInt16 = 0, width: AccessWidth = .byte
    ) {
        precondition(rangeCount < 0x100, "too many port ranges")
        let new = PortRange(device, bias: offset &- range.lowerBound, width: width)
        (ranges + rangeCount).initialize(to: .passRetained(new))
        for port in range {
            precondition(ports[Int(port)] == 0, "two devices at one port")
            ports[Int(port)] = UInt8(rangeCount)
        }
        rangeCount += 1
    }

    /// What the CPU reads by IN.
    @inline(__always)
    public func readPort(_ port: UInt16, _ width: AccessWidth) -> UInt32 {
        // SAFETY: `ports` holds numbers of ranges that are there.
        ranges[Int(ports[Int(port)])]._withUnsafeGuaranteedRef {
            guard width == .byte || width.rawValue <= $0.width.rawValue else { return splitRead(port, width) }
            return $0.device.readPort(port &+ $0.bias, width) & width.ones
        }
    }

    /// What the CPU writes by OUT.
    @inline(__always)
    public func writePort(_ port: UInt16, _ value: UInt32, _ width: AccessWidth) {
        // SAFETY: as above.
        ranges[Int(ports[Int(port)])]._withUnsafeGuaranteedRef {
            guard width == .byte || width.rawValue <= $0.width.rawValue else { return splitWrite(port, value, width) }
            $0.device.writePort(port &+ $0.bias, value & width.ones, width)
        }
    }

    /// A wide access to a narrow device is one access a byte (or a word), lowest port first, as on the ISA bus.
    private func splitRead(_ port: UInt16, _ width: AccessWidth) -> UInt32 {
        if ports[Int(port)] == 0, let value = openAddresses?.readOpenPort(port, width) { return value }
        let half: AccessWidth = width == .dword ? .word : .byte
        let low = readPort(port, half)
        let high = readPort(port &+ UInt16(half.rawValue), half)
        return low | high << UInt32(half.rawValue * 8)
    }

    private func splitWrite(_ port: UInt16, _ value: UInt32, _ width: AccessWidth) {
        if ports[Int(port)] == 0, openAddresses?.writeOpenPort(port, value, width) ?? false { return }
        let half: AccessWidth = width == .dword ? .word : .byte
        writePort(port, value & half.ones, half)
        writePort(port &+ UInt16(half.rawValue), value >> UInt32(half.rawValue * 8), half)
    }

    // MARK: Memory-mapped devices

    /// Lets `device` answer at the physical addresses `range`, whole pages without RAM or ROM.
    public func attach(_ device: any MemoryMappedDevice, memory range: ClosedRange<UInt32>) {
        precondition(range.lowerBound & 0xFFF == 0 && range.upperBound & 0xFFF == 0xFFF, "whole pages only")
        precondition(window(at: range.lowerBound) == nil, "two devices at one address")
        precondition(
            !windows.contains { range.contains($0._withUnsafeGuaranteedRef { $0.first }) }, "two devices at one address"
        )
        windows.append(.passRetained(Window(device, range)))
    }

    // SAFETY: all of them are retained until the end.
    @inline(__always)
    private func window(at physical: UInt32) -> Unmanaged<Window>? {
        for window in windows
        where window._withUnsafeGuaranteedRef({ physical >= $0.first && physical <= $0.last }) {
            return window
        }
        return nil
    }

    /// Lets `device` answer at the page at `base` and nowhere else; nil takes it away. Who stands there already stays.
    func move(_ device: any MemoryMappedDevice, toPage base: UInt32?) {
        // Between two accesses only: nobody is in a window that is released here.
        let all = windows
        windows = all.filter { $0._withUnsafeGuaranteedRef { $0.device !== device } }
        for window in all where window._withUnsafeGuaranteedRef({ $0.device === device }) { window.release() }
        guard let base else { return }
        windows.append(.passRetained(Window(device, base & 0xFFFF_F000...base | 0xFFF)))
    }

    /// Reads outside of RAM and ROM; the access does not cross a page.
    func readDevice(_ physical: UInt32, _ width: AccessWidth) -> UInt32 {
        guard let window = window(at: physical) else {
            return openAddresses?.readOpenMemory(physical, width) ?? width.ones
        }
        // SAFETY: as above.
        return window._withUnsafeGuaranteedRef { $0.device.readMemory(physical &- $0.first, width) & width.ones }
    }

    func writeDevice(_ physical: UInt32, _ value: UInt32, _ width: AccessWidth) {
        guard let window = window(at: physical) else {
            _ = openAddresses?.writeOpenMemory(physical, value, width)
            return
        }
        // SAFETY: as above.
        window._withUnsafeGuaranteedRef { $0.device.writeMemory(physical &- $0.first, value & width.ones, width) }
    }

    /// Whether anybody answers at `physical`: without, a bus master's access ends in a master abort.
    func answers(_ physical: UInt32) -> Bool {
        memory.page(physical).host != nil || window(at: physical) != nil
            || openAddresses?.hasOpenMemory(physical) ?? false
    }

    // MARK: What is attached

    /// The port ranges of the board's devices, in the order in which they were attached.
    package var attachedPorts: [ClosedRange<UInt16>] {
        var found: [ClosedRange<UInt16>] = []
        for number in 1..<max(1, rangeCount) {
            let answering = (0...UInt16.max).filter { ports[Int($0)] == UInt8(number) }
            if let first = answering.first, let last = answering.last { found.append(first...last) }
        }
        return found
    }

    /// Where the board's memory-mapped devices answer.
    package var attachedMemory: [ClosedRange<UInt32>] {
        windows.map { $0._withUnsafeGuaranteedRef { $0.first...$0.last } }
    }

    /// Puts something in front of every device, by the first port or address where it answers: for recording. Between
    /// two instructions only.
    func interpose(
        ports wrapPorts: (_ first: UInt16, any PortDevice) -> any PortDevice,
        memory wrapMemory: (_ first: UInt32, any MemoryMappedDevice) -> any MemoryMappedDevice
    ) {
        for (number, range) in zip(1..., attachedPorts) {
            let old = ranges[number].takeRetainedValue()
            // Offset 0 of what stands in front is the range's first port.
            let behind = Shifted(old.device, by: old.bias &+ range.lowerBound)
            let new = PortRange(wrapPorts(range.lowerBound, behind), bias: 0 &- range.lowerBound, width: old.width)
            ranges[number] = .passRetained(new)
        }
        windows = windows.map { window in
            let old = window.takeRetainedValue()
            return .passRetained(Window(wrapMemory(old.first, old.device), old.first...old.last))
        }
    }

    /// A device whose offsets begin elsewhere.
    private final class Shifted: PortDevice {
        private let device: any PortDevice
        private let shift: UInt16

        init(_ device: any PortDevice, by shift: UInt16) {
            self.device = device
            self.shift = shift
        }

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { device.readPort(offset &+ shift, width) }
        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
            device.writePort(offset &+ shift, value, width)
        }
    }

    // MARK: Physical accesses of bus masters

    /// One byte as a bus master (DMA, the debugger) reads it: RAM, ROM or a device.
    public func readByte(_ physical: UInt32) -> UInt8 {
        memory.peek(physical) ?? UInt8(truncatingIfNeeded: readDevice(physical, .byte))
    }

    /// One byte as a bus master writes it.
    public func writeByte(_ physical: UInt32, _ value: UInt8) {
        if memory.page(physical).host != nil {
            memory.poke(physical, value)
        } else {
            writeDevice(physical, UInt32(value), .byte)
        }
    }
}
