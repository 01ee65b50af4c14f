import Testing

@testable import PCCore

/// An IDE channel with its interrupt line and a clock of 1 MHz, driven by its ports.
final class IDEBench: InterruptInput {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    private(set) var channel: IDEController! = nil
    private(set) var irq = false
    private(set) var edges = 0
    private(set) var lines: [String] = []

    init(_ first: (any BlockDevice)? = nil, _ second: (any BlockDevice)? = nil, realTiming: Bool = false) {
        channel = IDEController(scheduler: scheduler, event: .ide0, irq: IRQLine(self, 14), realTiming: realTiming)
        channel.log = { [unowned self] in lines.append($0) }
        channel.attach(first, drive: 0)
        channel.attach(second, drive: 1)
    }

    func setLevel(_ number: Int, _ high: Bool) {
        #expect(number == 14)
        if high, !irq { edges += 1 }
        irq = high
    }

    func out(_ offset: UInt16, _ value: UInt8) { channel.writePort(offset, UInt32(value), .byte) }
    func input(_ offset: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: channel.readPort(offset, .byte)) }
    var status: UInt8 { input(7) }
    var alternate: UInt8 { input(0x16) }

    func run(microseconds: UInt64) {
        let end = scheduler.now + microseconds
        while scheduler.nextDeadline <= end {
            scheduler.now = max(scheduler.now, scheduler.nextDeadline)
            while scheduler.takeDue() != nil { channel.eventDue() }
        }
        scheduler.now = end
    }

    /// Lets time pass until BSY is low.
    func wait() {
        while alternate & 0x80 != 0, scheduler.nextDeadline != .max {
            run(microseconds: scheduler.nextDeadline - scheduler.now)
        }
    }

    /// Writes an LBA and a count and the command, and waits for BSY to go.
    func command(_ command: UInt8, lba: UInt32, count: UInt8, drive: UInt8 = 0) {
        out(6, 0xE0 | drive << 4 | UInt8(lba >> 24))
        out(2, count)
        out(3, UInt8(lba & 0xFF))
        out(4, UInt8(lba >> 8 & 0xFF))
        out(5, UInt8(lba >> 16 & 0xFF))
        out(7, command)
        wait()
    }

    func command(_ command: UInt8, cylinder: Int, head: UInt8, sector: UInt8, count: UInt8) {
        out(6, 0xA0 | head)
        out(2, count)
        out(3, sector)
        out(4, UInt8(cylinder & 0xFF))
        out(5, UInt8(cylinder >> 8))
        out(7, command)
        wait()
    }

    func command(_ command: UInt8, features: UInt8 = 0, count: UInt8 = 0) {
        out(1, features)
        out(2, count)
        out(7, command)
        wait()
    }

    func readWords(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in
            let word = channel.readPort(0, .word)
            return [UInt8(word & 0xFF), UInt8(word >> 8 & 0xFF)]
        }
    }

    func writeWords(_ bytes: [UInt8]) {
        for i in stride(from: 0, to: bytes.count, by: 2) {
            channel.writePort(0, UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8, .word)
        }
    }

    /// The registers 2 to 5: count and address.
    var registers: [UInt8] { (2...5).map { input($0) } }

    /// A disk on which each sector is full of its number.
    static func disk(_ sectors: Int, isReadOnly: Bool = false) -> MemoryDisk {
        MemoryDisk((0..<sectors).flatMap(content), isReadOnly: isReadOnly)
    }

    static func content(_ sector: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: sector * 7 + 1), count: 512)
    }
}

@Suite struct IDEControllerTests {
    @Test func withoutDrivesTheBusFloats() {
        let bench = IDEBench()
        for offset in [1, 2, 3, 4, 5, 6, 7, 0x16, 0x17] as [UInt16] {
            bench.out(offset, 0x55)
            #expect(bench.input(offset) == 0x7F)
        }
        #expect(bench.channel.readPort(0, .word) & 0xFFFF == 0xFF7F)
        bench.out(7, 0x90)
        bench.run(microseconds: 1000)
        #expect(!bench.irq)
    }

    @Test func driveZeroAnswersForAMissingDriveOne() {
        let bench = IDEBench(IDEBench.disk(100))
        #expect(bench.status == 0x50)
        bench.out(6, 0xB0)
        bench.out(2, 0x12)
        bench.out(3, 0x34)
        #expect(bench.status == 0)
        #expect(bench.alternate == 0)
        #expect(bench.input(2) == 0x12 && bench.input(3) == 0x34)
        #expect(bench.input(6) == 0xB0)
        bench.out(7, 0xEC)
        bench.run(microseconds: 1000)
        #expect(bench.status == 0 && !bench.irq)
        bench.out(6, 0xA0)
        #expect(bench.status == 0x50)
    }

    @Test func driveOneAloneLeavesDriveZeroFloating() {
        let bench = IDEBench(nil, IDEBench.disk(100))
        #expect(bench.status == 0x7F)
        bench.out(6, 0xB0)
        #expect(bench.status == 0x50)
        bench.out(7, 0xEC)
        bench.wait()
        #expect(bench.status == 0x58)
    }

    @Test func registersShadowInBothDrives() {
        let bench = IDEBench(IDEBench.disk(100), IDEBench.disk(200))
        bench.out(2, 0x11)
        bench.out(6, 0xB0)
        #expect(bench.input(2) == 0x11)
        bench.out(3, 0x22)
        bench.out(6, 0xA0)
        #expect(bench.input(3) == 0x22)
        // Only the selected drive obeys.
        bench.out(7, 0xEC)
        bench.wait()
        #expect(bench.alternate == 0x58)
        bench.out(6, 0xB0)
        #expect(bench.alternate == 0x50)
    }

    @Test func interruptsFollowSelectionAndNIEN() {
        let bench = IDEBench(IDEBench.disk(100), IDEBench.disk(200))
        bench.command(0x10)
        #expect(bench.irq)
        bench.out(6, 0xB0)
        #expect(!bench.irq)
        bench.out(6, 0xA0)
        #expect(bench.irq)
        bench.out(0x16, 0x02)
        #expect(!bench.irq)
        bench.out(0x16, 0x00)
        #expect(bench.irq)
        #expect(bench.alternate == 0x50)
        #expect(bench.irq)
        #expect(bench.status == 0x50)
        #expect(!bench.irq)
    }

    @Test func aNewCommandTakesTheInterruptBack() {
        let bench = IDEBench(IDEBench.disk(100))
        bench.command(0x10)
        #expect(bench.irq)
        bench.out(7, 0x10)
        #expect(!bench.irq)
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.irq)
    }

    @Test func aBusyDriveSeesNothingAndShowsItsStatus() {
        let bench = IDEBench(IDEBench.disk(100))
        bench.out(2, 5)
        bench.out(7, 0xEC)
        #expect(bench.alternate == 0x80)
        #expect(bench.input(2) == 0x80)
        bench.out(2, 9)
        bench.out(7, 0x00)
        bench.wait()
        #expect(bench.status == 0x58)
        #expect(bench.input(2) == 5)
    }

    @Test func softwareResetShowsTheSignature() {
        let bench = IDEBench(IDEBench.disk(100), IDEBench.disk(200))
        bench.command(0x20, lba: 5, count: 2, drive: 1)
        bench.out(0x16, 0x04)
        #expect(bench.alternate == 0x80)
        #expect(!bench.irq)
        bench.run(microseconds: 100_000)
        #expect(bench.alternate == 0x80)
        bench.out(0x16, 0x00)
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.status == 0x50)
        #expect(!bench.irq)
        #expect(bench.input(1) == 1)
        #expect(bench.registers == [1, 1, 0, 0])
        #expect(bench.input(6) == 0xA0)
        #expect(bench.channel.readPort(0, .word) & 0xFFFF == 0)
        bench.out(6, 0xB0)
        #expect(bench.status == 0x50)
        #expect(bench.registers == [1, 1, 0, 0])
    }

    @Test func diagnosisRunsInBothDrivesAndDriveZeroAnswers() {
        let bench = IDEBench(IDEBench.disk(100), IDEBench.disk(200))
        bench.out(6, 0xB0)
        bench.out(2, 9)
        bench.out(7, 0x90)
        #expect(bench.alternate == 0x80)
        bench.wait()
        #expect(bench.irq && bench.edges == 1)
        #expect(bench.status == 0x50)
        #expect(!bench.irq)
        #expect(bench.input(1) == 1)
        #expect(bench.registers == [1, 1, 0, 0])
        bench.out(6, 0xB0)
        #expect(!bench.irq)
        #expect(bench.registers == [1, 1, 0, 0])
    }

    @Test func hardwareResetBringsEverythingBack() {
        let bench = IDEBench(IDEBench.disk(5000))
        bench.command(0xC6, count: 8)
        bench.command(0xEF, features: 0x66)
        bench.out(0x16, 0x02)
        bench.channel.reset()
        bench.wait()
        #expect(bench.status == 0x50)
        bench.command(0xC4, lba: 0, count: 1)
        #expect(bench.irq)
        #expect(bench.status == 0x51)
        #expect(bench.input(1) == 4)
    }

    @Test func driveAddressShowsHeadAndDriveLowActive() {
        let bench = IDEBench(IDEBench.disk(100), IDEBench.disk(100))
        bench.out(6, 0xA5)
        #expect(bench.input(0x17) & 0x7F == 0x40 | 0x28 | 0x02)
        bench.out(6, 0xB0)
        #expect(bench.input(0x17) & 0x7F == 0x40 | 0x3C | 0x01)
    }

    @Test func stateIsWalkedWithItsPositionsGuarded() {
        var state = IDEDrive.State()
        state.buffer = [1]
        state.position = 100_001
        state.readEnd = -7
        state.writeEnd = 3
        var writer = StateWriter()
        writer.visit(&state)
        #expect(state.buffer.count == IDEDrive.State.bufferRoom)
        #expect(state.position == IDEDrive.State.bufferRoom && state.readEnd == 0 && state.writeEnd == 2)

        let bench = IDEBench(IDEBench.disk(100))
        func bytes() -> [UInt8] {
            var writer = StateWriter()
            bench.channel.visit(&writer)
            return writer.bytes
        }
        let before = bytes()
        bench.command(0x20, lba: 5, count: 1)
        #expect(bytes() != before)
        #expect(bytes().count == before.count)
    }

    /// Whatever a guest writes: nothing traps, and a reset always helps.
    @Test func anyStreamOfAccessesIsSurvived() {
        let bench = IDEBench(IDEBench.disk(3000), FailingDisk(IDEBench.disk(3000), from: 2000))
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next() -> UInt8 {
            seed ^= seed << 13
            seed ^= seed >> 7
            seed ^= seed << 17
            return UInt8(truncatingIfNeeded: seed >> 24)
        }
        let commands: [UInt8] = [
            0x20, 0x30, 0x40, 0xC4, 0xC5, 0xC6, 0xEC, 0xEF, 0x91, 0xE4, 0xE8, 0x90, 0xE5, 0x10, 0x70, 0xE7,
        ]
        for _ in 0..<100_000 {
            switch next() {
            case ..<60: bench.out(UInt16(next() % 6) + 1, next() & next())
            case ..<80: bench.out(7, commands[Int(next() % 16)])
            case ..<90: bench.out(7, next())
            case ..<92: bench.out(0x16, next())
            case ..<140: bench.channel.writePort(0, 0xDEAD_BEEF, next() & 1 == 0 ? .word : .dword)
            case ..<180: _ = bench.channel.readPort(0, next() & 1 == 0 ? .word : .dword)
            case ..<200: _ = bench.readWords(256)
            case ..<220: bench.writeWords([UInt8](repeating: next(), count: 512))
            case ..<230: _ = bench.input(UInt16(next() % 24))
            default: bench.run(microseconds: UInt64(next()) / 4)
            }
        }
        bench.out(0x16, 4)
        bench.out(0x16, 0)
        bench.wait()
        bench.command(0x20, lba: 2999, count: 1)
        #expect(bench.status == 0x58)
    }
}
