import PCCore

/// Takes down what a boot does to the devices, as operations.
final class TrafficRecorder {
    private(set) var operations: [DeviceOperation] = []
    private var last: UInt64 = 0
    private let pc: PC
    /// Enough for every part of POST; what a boot repeats thousands of times is in it as one operation.
    private static let most = 60_000

    private init(_ pc: PC) { self.pc = pc }

    /// Boots a machine from a floppy for so many seconds of guest time.
    static func boot(bios: [UInt8], vgaBIOS: [UInt8], floppy: [UInt8], disk: [UInt8], seconds: UInt64)
        -> [DeviceOperation]
    {
        var configuration = PCConfiguration()
        configuration.bios = bios
        configuration.vgaBIOS = vgaBIOS
        configuration.rate = 4_000_000
        configuration.memory = 2 << 20
        configuration.floppies[0] = MemoryDisk(floppy)
        configuration.disks[0] = MemoryDisk(disk)
        configuration.cdroms[2] = CDROMDrive(SyntheticDisk.disc(kind: 1))
        let pc = PC(configuration)
        let recorder = TrafficRecorder(pc)
        pc.record { recorder.note($0) }
        for second in 0..<seconds {
            _ = pc.run(until: pc.now + pc.slotsPerSecond)
            let key = Key.allCases[Int(second) * 7 % Key.allCases.count]
            pc.press(key)
            pc.release(key)
            guard recorder.operations.count < most else { break }
        }
        return Array(recorder.operations.prefix(most))
    }

    private func note(_ access: RecordedAccess) {
        let port = UInt16(truncatingIfNeeded: access.address)
        let passed = pc.now &- last
        last = pc.now
        switch operations.last {
        // What is read again and again, and blocks of data.
        case .inputs(port, access.width, let count)
        where !access.isMemory && !access.isWrite && passed < 2000:
            operations[operations.count - 1] = .inputs(port: port, access.width, count: min(count &+ 1, 5000))
            return
        case .input(port, access.width) where !access.isMemory && !access.isWrite && passed < 2000:
            operations[operations.count - 1] = .inputs(port: port, access.width, count: 2)
            return
        case .outputs(port, access.width, let count, let seed)
        where !access.isMemory && access.isWrite && port & 0xF == 0:
            operations[operations.count - 1] = .outputs(
                port: port, access.width, count: min(count &+ 1, 5000), seed: seed)
            return
        case .sweep(let address, access.width, let count, let stride, let seed)
        where access.isMemory && access.isWrite && address &+ UInt32(count) &* UInt32(stride) == access.address:
            operations[operations.count - 1] = .sweep(
                address: address, access.width, count: min(count &+ 1, 5000), stride: stride, seed: seed)
            return
        case .write(let address, access.width, _)
        where access.isMemory && access.isWrite && (1...4).contains(access.address &- address):
            let stride = UInt16(truncatingIfNeeded: access.address &- address)
            operations[operations.count - 1] = .sweep(
                address: address, access.width, count: 2, stride: stride, seed: UInt8(truncatingIfNeeded: access.value))
            return
        default: break
        }
        if passed > 40 { operations.append(time(passed)) }
        switch (access.isMemory, access.isWrite) {
        case (false, false): operations.append(.input(port: port, access.width))
        case (false, true): operations.append(.output(port: port, access.width, access.value))
        case (true, false): operations.append(.read(address: access.address, access.width))
        case (true, true): operations.append(.write(address: access.address, access.width, access.value))
        }
    }

    private func time(_ slots: UInt64) -> DeviceOperation {
        var (slots, shift) = (slots / 4, 0 as UInt8)
        while slots > 255 {
            slots >>= 1
            shift += 1
        }
        return .run(UInt8(slots), min(shift, DeviceOperation.mostShift))
    }
}
