// Intel 82371SB (PIIX3), function 1, the IDE interface: 8086:7010, device 1. Its two channels stand at their old ports with
// IRQ 14 and 15; what it adds is a bus master for each, whose sixteen ports move with BMIBA. [PIIX3 2.3, 2.4, 3.4]
//
// Kept without effect: the timings of IDETIM and SIDETIM, and with them the switches of the channels: these answer always.

/// PIIX3 function 1: the bus masters of both channels.
public final class IDEFunction: Stateful {
    public let function: PCIFunction
    let channels: [IDEBusMaster]

    init(_ channels: [IDEBusMaster]) {
        self.channels = channels
        var space = PCIConfigurationSpace(vendor: 0x8086, device: 0x7010, revision: 0, classCode: 0x01_0180)
        space.set(0x04, 0x0280_0000, .dword)
        space.allow(0x04, 0x05)
        space.allowClearing(0x07, 0x38)
        space.allow(0x0D, 0xF0)
        space.allow(0x40...0x44)
        function = PCIFunction(space, regions: [PCIRegion(.ports(Ports(channels: channels)), bar: 4, size: 16)])
        function.written = { [unowned self] in
            if $0.contains(PCIConfigurationSpace.Register.command) { allow() }
        }
    }

    private func allow() {
        for channel in channels { channel.isAllowed = function.mastersBus }
    }

    /// PCIRST#; the bus resets the function itself.
    func reset() {
        for channel in channels { channel.reset() }
    }

    public func visit<V: StateVisitor>(_ visitor: inout V) {
        for channel in channels {
            var channel = channel
            visitor.visit(&channel)
        }
        allow()
    }

    /// Eight ports for each channel. A wide access is one of its bytes after the other.
    private final class Ports: PortDevice {
        let channels: [IDEBusMaster]

        init(channels: [IDEBusMaster]) { self.channels = channels }

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
            var value: UInt32 = 0
            for i in 0..<UInt16(width.rawValue) {
                value |= UInt32(channel(offset + i).read((offset + i) & 7)) << UInt32(i * 8)
            }
            return value
        }

        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
            for i in 0..<UInt16(width.rawValue) {
                channel(offset + i).write((offset + i) & 7, UInt8(truncatingIfNeeded: value >> UInt32(i * 8)))
            }
        }

        private func channel(_ offset: UInt16) -> IDEBusMaster { channels[Int(offset >> 3) & 1] }
    }
}
