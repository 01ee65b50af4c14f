import Foundation
import PCCore

/// A whole machine that traffic is done to.
///
/// Its CPU takes interrupts and, between them, sleeps or spins. RAM stands between pages that nobody may touch, so that
/// an access beside it ends the process.
final class TrafficMachine {
    /// Bits of `Traffic.configuration`.
    private enum Choice {
        static let cpu: UInt16 = 0x0007
        static let spins: UInt16 = 0x0008
        static let realTiming: UInt16 = 0x0010
        static let mouse: UInt16 = 0x0060
        static let drives: UInt16 = 0x0380
        static let isSmall: UInt16 = 0x0400
        static let rate: UInt16 = 0x1800
        static let kernel: UInt16 = 0x2000
        static let printer: UInt16 = 0x4000
    }

    /// The most that one case may cost: what is beyond is not run.
    static let budget = 600_000

    let pc: PC
    private var monitors = [Monitor(), Monitor(showsBorder: true)]
    private var spent = 0
    /// The states that `.state` has seen, folded into one number.
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Runs are cut into slices of so many slots: that must change nothing.
    private let slice: UInt64

    init(_ choice: UInt16, slice: UInt64 = .max) {
        self.slice = slice
        var configuration = PCConfiguration()
        let models: [CPUModel] = [
            .pentiumII, .pentiumII, .pentiumII, .i80486, .pentium, .i80386, .i80286, .i8086,
        ]
        configuration.cpu = models[Int(choice & Choice.cpu)]
        let isOld = configuration.cpu <= .i80186
        configuration.memory = isOld || choice & Choice.isSmall != 0 ? 640 << 10 : 2 << 20
        // Slow enough for a second of guest time to be short, and one that is not round.
        configuration.rate = [1_000_000, 1_000_000, 333_333, 400_000_000][Int((choice & Choice.rate) >> 11)]
        configuration.bios = ResidentProgram.rom(spins: choice & Choice.spins != 0)
        configuration.vgaBIOS = [UInt8](repeating: 0xCB, count: 0x8000)
        configuration.realDiskTiming = choice & Choice.realTiming != 0
        configuration.mouse = [.ps2, .ps2, .com1, .com2][Int((choice & Choice.mouse) >> 5)]
        configuration.debugExit = true
        configuration.hasPrinter = choice & Choice.printer != 0
        if choice & Choice.kernel != 0, configuration.cpu >= .i80386 {
            configuration.kernel = SyntheticKernel.image(kind: Int((choice & Choice.drives) >> 7))
            configuration.kernelROM = [UInt8](repeating: 0xCB, count: 0x800)
        }
        let drives = Int((choice & Choice.drives) >> 7)
        configuration.floppies = [SyntheticDisk.floppy(kind: 1), drives & 1 != 0 ? SyntheticDisk.floppy(kind: 2) : nil]
        configuration.disks[0] = SyntheticDisk.hardDisk(kind: drives)
        if drives & 2 != 0 { configuration.disks[1] = SyntheticDisk.hardDisk(kind: 7) }
        configuration.cdroms[2] = CDROMDrive(drives & 4 != 0 ? nil : SyntheticDisk.disc(kind: 1))
        configuration.cdroms[3] = drives & 1 != 0 ? CDROMDrive(SyntheticDisk.disc(kind: 2)) : nil
        pc = PC(configuration, allocator: .guarded)
        run(5_000)
    }

    /// What decides which devices are on the board: the CPU, and whether there is a kernel.
    static func kind(_ choice: UInt16) -> UInt16 { choice & (Choice.cpu | Choice.kernel) }

    /// Where the devices of such a machine are. BARs stand where `Recipes` puts them.
    static func places(_ choice: UInt16) -> Traffic.Places {
        let pc = TrafficMachine(choice).pc
        var places = Traffic.Places(ports: pc.bus.attachedPorts, memory: pc.bus.attachedMemory)
        for placement in PCIPlacement.all(pc.regions) {
            if placement.place.isPorts {
                let first = UInt16(truncatingIfNeeded: placement.base)
                places.ports.append(first...(first &+ UInt16(clamping: min(placement.place.size, 0x100) - 1)))
            } else {
                places.memory.append(placement.base...(placement.base + (placement.place.size - 1)))
            }
        }
        // RAM, ROM, where an APIC may be, the top.
        places.memory += [
            0...0xFFF, 0x1_0000...0x1_FFFF, 0xC_0000...0xF_FFFF, 0x10_0000...0x1F_FFFF, 0xFEC0_0000...0xFEC0_0FFF,
            0xFEE0_0000...0xFEE0_0FFF, 0xFFFF_0000...0xFFFF_FFFF,
        ]
        return places
    }

    func perform(_ operation: DeviceOperation) {
        spent += operation.cost
        guard spent <= Self.budget else { return }
        defer { pc.endInstruction() }
        switch operation {
        case .output(let port, let width, let value): pc.bus.writePort(port, value, width)
        case .input(let port, let width): note(pc.bus.readPort(port, width))
        case .outputs(let port, let width, let count, let seed):
            var random = Random(seed: UInt64(seed))
            for _ in 0..<count { pc.bus.writePort(port, UInt32(truncatingIfNeeded: random.next()), width) }
        case .inputs(let port, let width, let count):
            for _ in 0..<count { note(pc.bus.readPort(port, width)) }
        case .write(let address, let width, let value): pc.writeMemory(address, value, width)
        case .read(let address, let width): note(pc.readMemory(address, width))
        case .sweep(let address, let width, let count, let stride, let seed):
            var random = Random(seed: UInt64(seed))
            for i in 0..<UInt32(count) {
                pc.writeMemory(address &+ i &* UInt32(stride), UInt32(truncatingIfNeeded: random.next()), width)
            }
        case .fill(let address, let bytes):
            for (i, byte) in bytes.enumerated() { pc.writeMemory(address &+ UInt32(i), UInt32(byte), .byte) }
        case .run(let slots, let shift): run(UInt64(slots) << UInt64(shift & DeviceOperation.mostShift))
        case .key(let number, let isDown):
            let key = Key.allCases[Int(number) % Key.allCases.count]
            if isDown { pc.press(key) } else { pc.release(key) }
        case .mouse(let dx, let dy, let wheel, let buttons):
            // A front-end may report anything.
            let scale = buttons & 0x80 != 0 ? Int.max / 128 : 1
            pc.moveMouse(dx: Int(dx) * scale, dy: Int(dy) * scale, wheel: Int(wheel) * scale)
            pc.setMouseButtons(MouseButtons(rawValue: buttons))
            // The other things in front of a machine.
            if buttons & 0x20 != 0 {
                let stick = Joystick(
                    x: Int16(dx) &* 257, y: Int16(dy) &* 257, firstButton: buttons & 1 != 0,
                    secondButton: buttons & 2 != 0)
                pc.setJoystick(wheel & 2 != 0 ? nil : stick, number: Int(wheel & 1))
            }
            if buttons & 0x40 != 0 { pc.pressPowerButton() }
        case .disk(let drive, let kind): change(drive, kind)
        case .serial(let port, let bytes): pc.receive(bytes, port: Int(port & 1))
        case .picture: takePicture()
        case .state: noteState()
        case .reset: pc.reset()
        }
    }

    private func change(_ drive: UInt8, _ kind: UInt8) {
        let drive = Int(drive % 6)
        if drive < 2 {
            pc.insert(SyntheticDisk.floppy(kind: Int(kind)), floppy: drive)
        } else {
            pc.insert(SyntheticDisk.disc(kind: Int(kind)), cdrom: drive - 2)
        }
    }

    private func run(_ slots: UInt64) {
        let end = pc.now &+ slots
        var restarts = 0
        while pc.now < end, restarts < 8 {
            switch pc.run(until: min(end, slice == .max ? end : pc.now &+ slice)) {
            case .sliceEnd, .stopped: break
            // Whatever the traffic has made of the CPU: it starts again, and the devices stay as they are.
            case .haltedForEver:
                pc.cpu.reset()
                restarts += 1
            case .poweredOff, .debugExit, .shutdown:
                pc.reset()
                restarts += 1
            }
        }
    }

    private func takePicture() {
        let (isVisible, showsBorder) = (spent & 1 == 0, spent & 2 != 0)
        let frame = pc.frame(blinkVisible: isVisible, showsBorder: showsBorder)
        precondition(frame.pixels.count == frame.width * frame.height, "a frame of another size than it says")
        // A monitor that draws only what has changed shows what one shows that was just switched on.
        let number = showsBorder ? 1 : 0
        _ = pc.update(&monitors[number], blinkVisible: isVisible)
        guard monitors[number].frame == frame else { fatalError("a monitor has missed a change") }
        note(UInt32(truncatingIfNeeded: frame.pixels.count))
        if let screen = pc.textScreen { note(UInt32(truncatingIfNeeded: screen.lines.count)) }
    }

    /// What every case ends with.
    func finish() {
        takePicture()
        noteState()
    }

    private func noteState() {
        // SAFETY: each load is of eight bytes within the buffer.
        pc.canonicalState().withUnsafeBytes { bytes in
            var folded = hash
            for at in stride(from: 0, through: bytes.count - 8, by: 8) {
                folded = (folded ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x100_0000_01B3
                folded ^= folded >> 29
            }
            for byte in bytes.suffix(bytes.count & 7) { folded = (folded ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = folded
        }
    }

    private func note(_ value: UInt32) { hash = (hash ^ UInt64(value)) &* 0x100_0000_01B3 }
}

extension MemoryAllocator {
    /// Memory between two pages that nobody may touch.
    static let guarded = MemoryAllocator(
        allocate: { count, _ in
            let page = Int(sysconf(Int32(_SC_PAGESIZE)))
            let room = (count + page - 1) / page * page
            // SAFETY: a mapping of `room` bytes and a page on either side; the pages at the ends are closed.
            guard
                let start = mmap(
                    nil, room + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                start != MAP_FAILED
            else { fatalError("no memory for the machine") }
            mprotect(start, page, PROT_NONE)
            mprotect(start + page + room, page, PROT_NONE)
            return start + page
        },
        free: { start, count in
            let page = Int(sysconf(Int32(_SC_PAGESIZE)))
            // SAFETY: what `allocate` has mapped.
            munmap(start - page, (count + page - 1) / page * page + 2 * page)
        })
}
