/// A machine's devices without its CPU: for the device fuzzer, which does to them what a guest could do.
extension PC {
    /// A read of memory as the CPU makes it once paging is behind it: RAM, ROM, a device or nothing.
    package func readMemory(_ physical: UInt32, _ width: AccessWidth) -> UInt32 {
        let physical = physical & bus.addressMask
        // What crosses a page is an access a byte.
        guard Int(physical & 0xFFF) + width.rawValue <= PhysicalMemory.pageSize else {
            return (0..<UInt32(width.rawValue)).reduce(0) { $0 | readMemory(physical &+ $1, .byte) << ($1 * 8) }
        }
        guard memory.page(physical).host != nil else { return bus.readDevice(physical, width) & width.ones }
        return (0..<UInt32(width.rawValue)).reduce(0) {
            $0 | UInt32(memory.peek(physical &+ $1) ?? 0xFF) << ($1 * 8)
        }
    }

    package func writeMemory(_ physical: UInt32, _ value: UInt32, _ width: AccessWidth) {
        let physical = physical & bus.addressMask
        guard Int(physical & 0xFFF) + width.rawValue <= PhysicalMemory.pageSize else {
            for i in 0..<UInt32(width.rawValue) { writeMemory(physical &+ i, value >> (i * 8), .byte) }
            return
        }
        guard memory.page(physical).host != nil else {
            return bus.writeDevice(physical, value & width.ones, width)
        }
        for i in 0..<UInt32(width.rawValue) {
            memory.poke(physical &+ i, UInt8(truncatingIfNeeded: value >> (i * 8)))
        }
    }

    /// Does what happens at the end of an instruction that has reached the devices: what they asked for.
    package func endInstruction() {
        kernelLoader?.load()
        if resetRequested { resetCPU() }
    }

    /// The base address registers of the PCI bus.
    package var regions: [PCIBus.Place] { pci?.bus.places ?? [] }

    /// Tells `recorder` of every access that reaches a device from now on.
    package func record(to recorder: @escaping (RecordedAccess) -> Void) {
        bus.interpose(
            ports: { RecordedPorts(first: $0, $1, recorder) }, memory: { RecordedWindow(first: $0, $1, recorder) })
    }
}

/// One access that reached a device.
package struct RecordedAccess: Sendable {
    package var isMemory: Bool
    package var isWrite: Bool
    /// A port or a physical address.
    package var address: UInt32
    package var width: AccessWidth
    package var value: UInt32
}

/// Stands in front of a device and tells what goes by.
private final class RecordedPorts: PortDevice {
    private let first: UInt16
    private let device: any PortDevice
    private let recorder: (RecordedAccess) -> Void

    init(first: UInt16, _ device: any PortDevice, _ recorder: @escaping (RecordedAccess) -> Void) {
        self.first = first
        self.device = device
        self.recorder = recorder
    }

    private func tell(_ offset: UInt16, isWrite: Bool, _ value: UInt32, _ width: AccessWidth) {
        let port = UInt32(first &+ offset)
        recorder(RecordedAccess(isMemory: false, isWrite: isWrite, address: port, width: width, value: value))
    }

    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        let value = device.readPort(offset, width)
        tell(offset, isWrite: false, value, width)
        return value
    }

    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        tell(offset, isWrite: true, value, width)
        device.writePort(offset, value, width)
    }
}

private final class RecordedWindow: MemoryMappedDevice {
    private let first: UInt32
    private let device: any MemoryMappedDevice
    private let recorder: (RecordedAccess) -> Void

    init(first: UInt32, _ device: any MemoryMappedDevice, _ recorder: @escaping (RecordedAccess) -> Void) {
        self.first = first
        self.device = device
        self.recorder = recorder
    }

    private func tell(_ offset: UInt32, isWrite: Bool, _ value: UInt32, _ width: AccessWidth) {
        recorder(
            RecordedAccess(isMemory: true, isWrite: isWrite, address: first &+ offset, width: width, value: value))
    }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        let value = device.readMemory(offset, width)
        tell(offset, isWrite: false, value, width)
        return value
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        tell(offset, isWrite: true, value, width)
        device.writeMemory(offset, value, width)
    }
}
