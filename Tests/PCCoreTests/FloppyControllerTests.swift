import Testing

@testable import PCCore

/// A floppy controller with a DMA channel, an interrupt line and a clock of 1 MHz, driven by its ports.
final class FloppyBench: InterruptInput, DMAService {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    private(set) var controller: FloppyController! = nil
    /// The interrupt line, and how often it went up.
    private(set) var irq = false
    private(set) var edges = 0
    /// What DMA wrote, what it will read, and how many bytes it moves up to terminal count.
    var written: [UInt8] = []
    var source: [UInt8] = []
    var dmaCount = 0
    var dmaMasked = false
    private(set) var lines: [String] = []

    init(realTiming: Bool = false) {
        controller = FloppyController(
            scheduler: scheduler, irq: IRQLine(self, 6), dma: DMAChannel(self, 2), realTiming: realTiming)
        controller.log = { [unowned self] in lines.append($0) }
    }

    func setLevel(_ number: Int, _ high: Bool) {
        #expect(number == 6)
        if high, !irq { edges += 1 }
        irq = high
    }

    func write(channel: Int, _ source: [UInt8], from start: Int) -> DMAResult {
        #expect(channel == 2)
        guard !dmaMasked else { return DMAResult(moved: 0, terminalCount: false) }
        let count = min(dmaCount, source.count - start)
        written += source[start..<start + count]
        dmaCount -= count
        return DMAResult(moved: count, terminalCount: dmaCount == 0)
    }

    func read(channel: Int, into target: inout [UInt8], from start: Int) -> DMAResult {
        guard !dmaMasked else { return DMAResult(moved: 0, terminalCount: false) }
        let count = min(dmaCount, target.count - start)
        for i in 0..<count { target[start + i] = source.removeFirst() }
        dmaCount -= count
        return DMAResult(moved: count, terminalCount: dmaCount == 0)
    }

    func out(_ offset: UInt16, _ value: UInt8) { controller.writePort(offset, UInt32(value), .byte) }
    func input(_ offset: UInt16) -> UInt8 { UInt8(controller.readPort(offset, .byte)) }
    var status: UInt8 { input(4) }

    /// Lets guest time pass up to `time`.
    func run(until time: GuestTime) {
        while scheduler.nextDeadline <= time {
            scheduler.now = max(scheduler.now, scheduler.nextDeadline)
            while scheduler.takeDue() != nil { controller.eventDue() }
        }
        scheduler.now = max(scheduler.now, time)
    }

    func run(microseconds: UInt64) { run(until: scheduler.now + microseconds) }

    /// Sends a command; each byte needs RQM without DIO.
    func send(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        for byte in bytes {
            #expect(status & 0xC0 == 0x80, "RQM for a command byte", sourceLocation: sourceLocation)
            out(5, byte)
        }
    }

    /// Reads the result phase.
    func result() -> [UInt8] {
        var bytes: [UInt8] = []
        while status & 0xD0 == 0xD0, bytes.count < 20 { bytes.append(input(5)) }
        return bytes
    }

    /// Sends a command, waits for its interrupt and gives the result.
    func run(_ bytes: [UInt8], limit: UInt64 = 1_000_000, sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8]
    {
        send(bytes, sourceLocation: sourceLocation)
        let end = scheduler.now + limit
        while !irq, scheduler.nextDeadline <= end { run(until: scheduler.nextDeadline) }
        #expect(irq, "no interrupt came", sourceLocation: sourceLocation)
        return result()
    }

    func sense() -> [UInt8] {
        send([0x08])
        return result()
    }

    /// Seeks and gives the result of SENSE INTERRUPT STATUS.
    @discardableResult
    func seek(_ cylinder: UInt8, drive: UInt8 = 0) -> [UInt8] {
        send([0x0F, drive, cylinder])
        while !irq, scheduler.nextDeadline != .max { run(until: scheduler.nextDeadline) }
        return sense()
    }

    /// Out of reset with motors A and B on, drive A selected, DMA mode, the rate of 1.44 MB.
    func start(rate: UInt8 = 0, nonDMA: Bool = false) {
        out(2, 0x3C)
        run(microseconds: 1000)
        for _ in 0..<4 { _ = sense() }
        out(7, rate)
        send([0x03, 0xDF, nonDMA ? 0x03 : 0x02])
    }

    /// A disk on which each sector is full of its number.
    static func disk(_ size: Int, isReadOnly: Bool = false) -> MemoryDisk {
        MemoryDisk((0..<size).map { UInt8(truncatingIfNeeded: $0 / 512 + $0 / 131072) }, isReadOnly: isReadOnly)
    }

    /// The content that `disk` gives to a sector.
    static func content(_ sector: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: sector + sector / 256), count: 512)
    }
}

@Suite struct FloppyControllerTests {
    @Test func resetInterruptsOnceAndIsSensedForFourDrives() {
        let bench = FloppyBench()
        #expect(bench.status == 0)
        bench.out(2, 0x0C)
        #expect(bench.status == 0x80)
        #expect(!bench.irq)
        bench.run(microseconds: 1000)
        #expect(bench.irq && bench.edges == 1)
        for drive in 0..<4 as Range<UInt8> {
            #expect(bench.sense() == [0xC0 | drive, 0])
            #expect(!bench.irq)
        }
        #expect(bench.sense() == [0x80])
    }

    @Test func resetThroughDSRInterruptsToo() {
        let bench = FloppyBench()
        bench.start()
        bench.out(4, 0x80)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.sense() == [0xC0, 0])
    }

    @Test func interruptsStayInsideWithoutTheGate() {
        let bench = FloppyBench()
        bench.out(2, 0x04)
        bench.run(microseconds: 1000)
        #expect(!bench.irq)
        bench.out(2, 0x0C)
        #expect(bench.irq)
    }

    /// Linux switches polling off, resets and waits for the interrupt.
    @Test func resetInterruptsWithPollingSwitchedOff() {
        let bench = FloppyBench()
        bench.start()
        bench.send([0x13, 0, 0x57, 0x05])
        bench.send([0x94])
        _ = bench.result()
        bench.out(2, 0x38)
        #expect(bench.status == 0)
        bench.out(2, 0x3C)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
    }

    @Test func invalidCommandsGiveOneByteAndNoInterrupt() {
        let bench = FloppyBench()
        bench.start()
        for command in [0x00, 0x01, 0x0B, 0x11, 0x18, 0x19, 0x1F, 0x25, 0xFF, 0x88] as [UInt8] {
            bench.send([command])
            #expect(bench.status == 0xD0)
            #expect(bench.result() == [0x80])
            #expect(!bench.irq)
            #expect(bench.status == 0x80)
        }
    }

    @Test func versionLockAndDump() {
        let bench = FloppyBench()
        bench.start()
        bench.send([0x10])
        #expect(bench.result() == [0x90])
        bench.send([0x13, 0, 0x57, 0x23])
        bench.send([0x12, 0x86 | 0x04])
        bench.send([0x94])
        #expect(bench.result() == [0x10])
        bench.seek(7)
        bench.send([0x0E])
        #expect(bench.result() == [7, 0, 0, 0, 0xDF, 0x02, 0, 0x86, 0x57, 0x23])

        // A reset keeps what LOCK guards and what PERPENDICULAR MODE and SPECIFY set for the drives.
        bench.out(2, 0x38)
        bench.out(2, 0x3C)
        bench.run(microseconds: 1000)
        bench.send([0x0E])
        #expect(bench.result() == [0, 0, 0, 0, 0xDF, 0x02, 0, 0x84, 0x07, 0x23])
        bench.send([0x14])
        #expect(bench.result() == [0])
        bench.out(4, 0x80)
        bench.send([0x0E])
        #expect(bench.result() == [0, 0, 0, 0, 0xDF, 0x02, 0, 0x04, 0x20, 0])
    }

    @Test func seekMovesTheHeadAndIsSensed() {
        let bench = FloppyBench()
        bench.start()
        bench.send([0x0F, 0x04, 39])
        #expect(bench.status == 0x81)
        bench.run(microseconds: 1000)
        #expect(bench.irq)
        #expect(bench.status == 0x81)
        #expect(bench.sense() == [0x24, 39])
        #expect(bench.status == 0x80)
        #expect(bench.sense() == [0x80])
    }

    @Test func seeksOfTwoDrivesOverlap() {
        let bench = FloppyBench()
        bench.insertB()
        bench.start()
        bench.send([0x0F, 0, 10])
        bench.send([0x0F, 1, 20])
        #expect(bench.status == 0x83)
        bench.run(microseconds: 1000)
        let edges = bench.edges
        #expect(bench.sense() == [0x20, 10])
        #expect(bench.irq && bench.edges == edges + 1)
        #expect(bench.sense() == [0x21, 20])
        #expect(!bench.irq)
    }

    @Test func recalibrateFindsTrackZeroWithin79Steps() {
        let bench = FloppyBench()
        bench.start()
        bench.seek(200)
        bench.send([0x04, 0])
        #expect(bench.result() == [0x28])
        // The head stands at the stop, track 82: too far for one RECALIBRATE.
        #expect(bench.run([0x07, 0]) == [])
        #expect(bench.sense() == [0x70, 0])
        _ = bench.run([0x07, 0])
        #expect(bench.sense() == [0x20, 0])
        bench.send([0x04, 0x04])
        #expect(bench.result() == [0x3C])
    }

    @Test func recalibrateOfNoDriveChecksEquipment() {
        let bench = FloppyBench()
        bench.start()
        _ = bench.run([0x07, 3])
        #expect(bench.sense() == [0x73, 0])
        bench.send([0x04, 3])
        #expect(bench.result() == [0x2B])
    }

    @Test func relativeSeekGoesBothWays() {
        let bench = FloppyBench()
        bench.start()
        bench.seek(10)
        _ = bench.run([0xCF, 0, 5])
        #expect(bench.sense() == [0x20, 15])
        _ = bench.run([0x8F, 0, 12])
        #expect(bench.sense() == [0x20, 3])
    }

    @Test func diskChangeLineClearsByAStepWithADiskIn() {
        let bench = FloppyBench()
        bench.start()
        #expect(bench.input(7) == 0x80)
        bench.seek(1)
        #expect(bench.input(7) == 0x80)
        bench.controller.insert(FloppyBench.disk(1_474_560), drive: 0)
        #expect(bench.input(7) == 0x80)
        // No step, no change.
        bench.seek(1)
        #expect(bench.input(7) == 0x80)
        bench.seek(0)
        #expect(bench.input(7) == 0)
        bench.controller.insert(nil, drive: 0)
        #expect(bench.input(7) == 0x80)
        // The line is the selected drive's, and drive B is not there.
        bench.out(2, 0x3D)
        #expect(bench.input(7) == 0)
    }

    @Test func writeProtectionShowsInST3() {
        let bench = FloppyBench()
        bench.controller.insert(FloppyBench.disk(1_474_560, isReadOnly: true), drive: 0)
        bench.start()
        bench.send([0x04, 0])
        #expect(bench.result() == [0x78])
        #expect(bench.input(0) & 0x02 == 0)
    }

    @Test func driveTypesFollowTheFirstDisk() {
        let types: [(Int, FloppyDriveType)] = [
            (163_840, .kilobytes360), (368_640, .kilobytes360), (655_360, .kilobytes720), (737_280, .kilobytes720),
            (1_228_800, .megabytes12), (1_474_560, .megabytes144), (2_949_120, .megabytes288),
        ]
        for (size, type) in types {
            let bench = FloppyBench()
            #expect(bench.controller.cmosDriveTypes == 0x40)
            #expect(bench.controller.insert(MemoryDisk(sectorCount: size / 512), drive: 0))
            #expect(bench.controller.driveType(0) == type)
        }
        let bench = FloppyBench()
        bench.insertB()
        #expect(bench.controller.cmosDriveTypes == 0x44)
        bench.scheduler.now = 10
        // The type stays: the drive reads a smaller disk, and cannot read a bigger one.
        #expect(bench.controller.insert(MemoryDisk(sectorCount: 720), drive: 1))
        #expect(!bench.controller.insert(MemoryDisk(sectorCount: 5760), drive: 1))
        #expect(!bench.controller.insert(MemoryDisk(sectorCount: 1000), drive: 1))
        #expect(bench.controller.cmosDriveTypes == 0x44)
        #expect(bench.controller.driveType(9) == .none)
    }

    @Test func hardwareResetKeepsDisksAndHeads() {
        let bench = FloppyBench()
        bench.controller.insert(FloppyBench.disk(1_474_560), drive: 0)
        bench.start()
        bench.seek(5)
        bench.controller.reset()
        #expect(bench.status == 0)
        #expect(!bench.irq)
        bench.start()
        // The controller believes in track 0 and the head is at 5: the sector is not there, its cylinder is wrong.
        bench.dmaCount = 512
        #expect(bench.run([0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]) == [0x40, 4, 0x10, 0, 0, 1, 2])
    }

    @Test func stateIsWalkedWithItsBuffersGuarded() {
        var state = FloppyController.State()
        var writer = StateWriter()
        writer.visit(&state)
        let length = writer.bytes.count
        state.buffer = []
        state.command = [1, 2]
        writer = StateWriter()
        writer.visit(&state)
        #expect(state.buffer.count == FloppyController.State.bufferRoom)
        #expect(state.command == [1, 2] + [UInt8](repeating: 0, count: 14))
        writer = StateWriter()
        writer.visit(&state)
        #expect(writer.bytes.count == length)
    }

    /// Whatever a guest sends in whatever phase: nothing traps, and a reset always helps.
    @Test func anyStreamOfBytesIsSurvived() {
        let bench = FloppyBench()
        bench.controller.insert(FloppyBench.disk(737_280), drive: 0)
        bench.controller.insert(FloppyBench.disk(1_474_560), drive: 1)
        var seed: UInt64 = 0x2545_F491_4F6C_DD1D
        func next() -> UInt8 {
            seed ^= seed << 13
            seed ^= seed >> 7
            seed ^= seed << 17
            return UInt8(truncatingIfNeeded: seed >> 24)
        }
        for _ in 0..<200_000 {
            bench.dmaCount = Int(next()) * 3
            bench.source = [UInt8](repeating: next(), count: 1024)
            bench.written = []
            switch next() {
            case ..<180: bench.out(5, next())
            case ..<225: _ = bench.input(5)
            case ..<230: bench.out(2, next() | 0x04)
            case ..<231: bench.out(2, next())
            case ..<235: bench.out(next() & 1 == 0 ? 7 : 4, next())
            default: bench.run(microseconds: UInt64(next()) * 4)
            }
        }
        bench.out(2, 0)
        bench.start(rate: 2)
        _ = bench.run([0x07, 0])
        _ = bench.sense()
        _ = bench.run([0x07, 0])
        #expect(bench.sense() == [0x20, 0])
        bench.dmaCount = 512
        #expect(bench.run([0x46, 0, 0, 0, 1, 2, 9, 0x1B, 0xFF]).first == 0)
    }
}

extension FloppyBench {
    /// A 1.44 MB disk in drive B.
    func insertB() { controller.insert(FloppyBench.disk(1_474_560), drive: 1) }
}
