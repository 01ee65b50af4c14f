import Testing

@testable import PCCore

/// A machine with PCI, driven by its ports, with a BIOS of `code` at the reset vector's far end.
final class PCIBench {
    let pc: PC

    /// - Parameter code: what runs at F000:0000 after the reset.
    init(
        code: [UInt8] = [0xF4], cpu: CPUModel = .pentiumII, memory: Int = 2 << 20, disks: [(any BlockDevice)?] = [],
        setUp: (inout PCConfiguration) -> Void = { _ in }
    ) {
        var bios = [UInt8](repeating: 0xFF, count: 0x1_0000)
        bios.replaceSubrange(0..<code.count, with: code)
        // JMP F000:0000
        bios.replaceSubrange(0xFFF0..<0xFFF5, with: [0xEA, 0x00, 0x00, 0x00, 0xF0])
        var configuration = PCConfiguration()
        configuration.cpu = cpu
        configuration.memory = memory
        configuration.bios = bios
        configuration.vgaBIOS = [UInt8](repeating: 0xC3, count: 0x8000)
        configuration.disks = disks
        setUp(&configuration)
        pc = PC(configuration)
    }

    func out(_ port: UInt16, _ value: UInt32, _ width: AccessWidth = .byte) { pc.bus.writePort(port, value, width) }
    func input(_ port: UInt16, _ width: AccessWidth = .byte) -> UInt32 { pc.bus.readPort(port, width) }

    private func select(_ device: Int, _ function: Int, _ register: Int) {
        out(0xCF8, 0x8000_0000 | UInt32(device << 11 | function << 8 | register & 0xFC), .dword)
    }

    func read(_ device: Int, function: Int = 0, _ register: Int, _ width: AccessWidth = .dword) -> UInt32 {
        select(device, function, register)
        return input(0xCFC + UInt16(register & 3), width)
    }

    func write(
        _ device: Int, function: Int = 0, _ register: Int, _ value: UInt32, _ width: AccessWidth = .dword
    ) {
        select(device, function, register)
        out(0xCFC + UInt16(register & 3), value, width)
    }

    func peek(_ physical: UInt32) -> UInt8 { pc.bus.readByte(physical) }
    func poke(_ physical: UInt32, _ bytes: [UInt8]) {
        for (i, byte) in bytes.enumerated() { pc.bus.writeByte(physical + UInt32(i), byte) }
    }

    /// Runs until the machine halts with interrupts off.
    func run() { _ = pc.run(instructions: 1_000_000) }

    /// Lets guest time pass on a halted CPU with interrupts on.
    func pass(_ slots: UInt64) { _ = pc.run(until: pc.now + slots) }
}

/// A device with one region that remembers what was written, as the one byte that it has.
final class EchoDevice: PortDevice, MemoryMappedDevice {
    private(set) var log: [String] = []
    var value: UInt32 = 0

    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { value }
    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        log.append("port \(offset) \(width.rawValue)")
        self.value = value
    }
    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 { value &+ offset }
    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        log.append("memory \(offset) \(width.rawValue)")
        self.value = value
    }
}
