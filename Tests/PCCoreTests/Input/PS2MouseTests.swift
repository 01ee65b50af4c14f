import Testing

@testable import PCCore

/// A mouse whose cable is read by hand, with a slot for each microsecond.
private final class Rig {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    let mouse: PS2Mouse
    var requests = 0

    init() {
        mouse = PS2Mouse(scheduler: scheduler, event: .mouse)
        mouse.sendRequested = { [unowned self] in requests += 1 }
        pass(20_000)
        _ = output
        requests = 0
    }

    func pass(_ microseconds: UInt64) {
        let end = scheduler.now + microseconds
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil { mouse.eventDue() }
        }
        scheduler.now = end
    }

    /// All that the mouse wants to send now.
    var output: [UInt8] {
        var bytes: [UInt8] = []
        while mouse.wantsToSend, bytes.count < 100, let byte = mouse.takeByte() { bytes.append(byte) }
        return bytes
    }

    /// What the mouse answers to bytes that come one by one.
    func send(_ bytes: UInt8...) -> [UInt8] {
        bytes.flatMap {
            mouse.receive($0)
            return output
        }
    }

    /// Sends what must be acknowledged, byte by byte.
    func command(_ bytes: UInt8..., line: SourceLocation = #_sourceLocation) {
        for byte in bytes {
            mouse.receive(byte)
            #expect(output == [0xFA], sourceLocation: line)
        }
    }

    func move(_ dx: Int, _ dy: Int, wheel: Int = 0) { mouse.move(dx: dx, dy: dy, wheel: wheel) }
}

@Suite struct PS2MouseTests {
    private let rig = Rig()

    // MARK: Commands

    @Test func powerOnEndsInASelfTest() {
        let scheduler = Scheduler(slotsPerSecond: 1_000_000)
        let mouse = PS2Mouse(scheduler: scheduler, event: .mouse)
        #expect(!mouse.wantsToSend)
        scheduler.now = scheduler.nextDeadline
        #expect(scheduler.takeDue() == .mouse)
        mouse.eventDue()
        #expect([mouse.takeByte(), mouse.takeByte(), mouse.takeByte()] == [0xAA, 0x00, nil])
    }

    @Test func reset() {
        rig.command(0xF3, 200, 0xE8, 3, 0xE7, 0xF0, 0xF4)
        #expect(rig.send(0xFF) == [0xFA])
        rig.pass(20_000)
        #expect(rig.output == [0xAA, 0x00])
        #expect(rig.send(0xE9) == [0xFA, 0x00, 2, 100])
    }

    /// The acknowledge of a reset waits as long as nobody takes it.
    @Test func aSlowSystemSeesTheWholeAnswer() {
        rig.mouse.receive(0xFF)
        rig.pass(1_000_000)
        #expect(rig.output == [0xFA, 0xAA, 0x00])
    }

    @Test func status() {
        #expect(rig.send(0xE9) == [0xFA, 0x00, 2, 100])
        rig.command(0xE7, 0xE8, 3, 0xF3, 40, 0xF4)
        rig.mouse.hold([.left])
        _ = rig.output
        #expect(rig.send(0xE9) == [0xFA, 0x34, 3, 40])
        rig.command(0xF0, 0xE6)
        rig.mouse.hold([.right, .middle])
        #expect(rig.send(0xE9) == [0xFA, 0x63, 3, 40])
        rig.command(0xEA, 0xF5)
        #expect(rig.send(0xE9) == [0xFA, 0x03, 3, 40])
    }

    @Test func defaults() {
        rig.command(0xF3, 20, 0xE8, 0, 0xE7, 0xF0, 0xF4, 0xF6)
        #expect(rig.send(0xE9) == [0xFA, 0x00, 2, 100])
        rig.pass(100_000)
        #expect(rig.output == [])
    }

    @Test(arguments: [10, 20, 40, 60, 80, 100, 200] as [UInt8]) func sampleRates(rate: UInt8) {
        rig.command(0xF3, rate)
        #expect(rig.send(0xE9).last == rate)
    }

    @Test func whatMakesNoSenseIsRefused() {
        #expect(rig.send(0xF3, 30) == [0xFA, 0xFE])
        // The right option may still come.
        #expect(rig.send(40) == [0xFA])
        #expect(rig.send(0xE8, 4, 5) == [0xFA, 0xFE, 0xFC])
        #expect(rig.send(0x12, 0xE0) == [0xFE, 0xFC])
        #expect(rig.send(0xE1) == [0xFE])
        #expect(rig.send(0xE9) == [0xFA, 0x00, 2, 40])
        #expect(rig.send(0xE1) == [0xFE])
    }

    @Test func aCommandEndsTheOneThatWaits() {
        #expect(rig.send(0xF3, 0xE9) == [0xFA, 0xFA, 0x00, 2, 100])
        #expect(rig.send(200) == [0xFE])
    }

    @Test func resendRepeatsTheLastPacket() {
        #expect(rig.send(0xF2) == [0xFA, 0x00])
        #expect(rig.send(0xFE, 0xFE) == [0x00, 0x00])
        rig.command(0xF4)
        #expect(rig.send(0xFE) == [0xFA])
        rig.move(3, 0)
        #expect(rig.output == [0x08, 3, 0])
        rig.move(5, 0)
        #expect(rig.send(0xFE) == [0x08, 3, 0])
        rig.pass(20_000)
        #expect(rig.output == [0x08, 5, 0])
    }

    @Test func wrapModeEchoes() {
        rig.command(0xF4, 0xEE)
        rig.move(9, 9)
        #expect(rig.send(0x55, 0xF4, 0xE9, 0xFE) == [0x55, 0xF4, 0xE9, 0xFE])
        #expect(rig.send(0xEC) == [0xFA])
        rig.move(1, 0)
        #expect(rig.output == [0x08, 1, 0])
        rig.command(0xEE)
        #expect(rig.send(0xFF) == [0xFA])
        rig.pass(20_000)
        #expect(rig.output == [0xAA, 0x00])
        #expect(rig.send(0xF2) == [0xFA, 0x00])
    }

    @Test func remoteModeWaitsToBeAsked() {
        rig.command(0xF4, 0xF0)
        rig.move(7, -2)
        rig.pass(100_000)
        #expect(rig.output == [])
        #expect(rig.send(0xEB) == [0xFA, 0x08, 7, 2])
        #expect(rig.send(0xEB) == [0xFA, 0x08, 0, 0])
        rig.command(0xEA)
        rig.move(1, 1)
        #expect(rig.output == [0x28, 1, 0xFF])
    }

    /// Read data works without reports too, and is never scaled.
    @Test func readDataInStreamMode() {
        rig.command(0xE7)
        rig.move(4, 0)
        #expect(rig.output == [])
        #expect(rig.send(0xEB) == [0xFA, 0x08, 4, 0])
    }

    // MARK: Packets

    @Test func nothingIsReportedBeforeItIsSwitchedOn() {
        rig.move(5, 5)
        rig.mouse.hold([.left])
        rig.mouse.hold([])
        rig.pass(1_000_000)
        #expect(rig.output == [])
        #expect(rig.requests == 0)
        // Movement from before is forgotten.
        rig.command(0xF4)
        #expect(rig.scheduler.deadline(of: .mouse) == nil)
    }

    @Test func aHeldButtonIsReportedWhenReportsBegin() {
        rig.mouse.hold([.right])
        rig.mouse.receive(0xF4)
        #expect(rig.output == [0xFA, 0x0A, 0, 0])
    }

    @Test(
        arguments: [
            (1, 1, [0x28, 0x01, 0xFF]), (-1, -1, [0x18, 0xFF, 0x01]), (255, -255, [0x08, 0xFF, 0xFF]),
            (-256, 256, [0x38, 0x00, 0x00]), (0, 0, []),
        ] as [(Int, Int, [UInt8])])
    func movement(dx: Int, dy: Int, packet: [UInt8]) {
        rig.command(0xF4)
        rig.move(dx, dy)
        #expect(rig.output == packet)
    }

    @Test func buttons() {
        rig.command(0xF4)
        let steps: [(MouseButtons, UInt8)] = [
            (.left, 0x09), ([.left, .right], 0x0B), (.middle, 0x0C), ([], 0x08),
        ]
        for (held, first) in steps {
            rig.mouse.hold(held)
            rig.pass(20_000)
            #expect(rig.output == [first, 0, 0])
        }
        // The plain mouse has no more than three.
        rig.mouse.hold([.fourth, .fifth])
        rig.pass(20_000)
        #expect(rig.output == [])
    }

    /// Until the first byte goes out, a packet takes up what happens; the rest of a long way follows.
    @Test func movementAddsUpWhileNobodyListens() {
        rig.command(0xF4)
        for _ in 0..<60 { rig.move(5, -1) }
        rig.mouse.hold([.left])
        #expect(rig.mouse.takeByte() == 0x09)
        rig.move(10, 0)
        #expect([rig.mouse.takeByte(), rig.mouse.takeByte()] == [255, 60])
        #expect(!rig.mouse.wantsToSend)
        rig.pass(10_000)
        #expect(rig.output == [0x09, 55, 0])
    }

    @Test func tooMuchMovementOverflows() {
        rig.command(0xF4)
        rig.move(10_000, 0)
        #expect(rig.output == [0x48, 255, 0])
        rig.pass(10_000)
        #expect(rig.output == [0x08, 255, 0])
        rig.command(0xE6)
        rig.move(.min, .max)
        rig.pass(10_000)
        #expect(rig.output == [0xF8, 0, 0])
        rig.command(0xE6)
        rig.move(.max, .min)
        rig.move(.max, .min)
        rig.pass(10_000)
        #expect(rig.output == [0xC8, 255, 255])
    }

    @Test func scalingDoublesWhatIsFast() {
        rig.command(0xE7, 0xF4)
        for (count, scaled) in [(1, 1), (2, 1), (3, 3), (4, 6), (5, 9), (6, 12), (100, 200)] {
            rig.move(count, count)
            rig.pass(10_000)
            #expect(rig.output == [0x28, UInt8(scaled), UInt8(256 - scaled)])
        }
        rig.command(0xE6)
        rig.move(6, 0)
        rig.pass(10_000)
        #expect(rig.output == [0x08, 6, 0])
    }

    /// Commands drop the packet that has not gone out, with its movement.
    @Test func aCommandBreaksAPacketOff() {
        rig.command(0xF4)
        rig.move(1, 2)
        #expect(rig.mouse.takeByte() == 0x28)
        #expect(rig.send(0xF5) == [0xFA])
        #expect(rig.send(0xEB) == [0xFA, 0x08, 0, 0])
    }

    // MARK: Time

    @Test(arguments: [10, 40, 100, 200] as [UInt8]) func packetsComeAtTheSampleRate(rate: UInt8) {
        rig.command(0xF3, rate, 0xF4)
        var packets = 0
        for _ in 0..<1000 {
            rig.move(1, 0)
            rig.pass(1000)
            packets += rig.output.count / 3
        }
        #expect(packets == Int(rate))
    }

    @Test func theSystemIsToldWhenASampleIsDue() {
        rig.command(0xF4)
        rig.move(1, 0)
        #expect(rig.output == [0x08, 1, 0])
        let before = rig.requests
        rig.move(1, 0)
        #expect(rig.requests == before)
        #expect(rig.scheduler.deadline(of: .mouse) == rig.scheduler.now + 10_000)
        rig.pass(10_000)
        #expect(rig.requests == before + 1)
        #expect(rig.output == [0x08, 1, 0])
        #expect(rig.scheduler.deadline(of: .mouse) == nil)
    }

    // MARK: Wheel and five buttons

    @Test func theWheelIsKnockedFor() {
        rig.move(0, 0, wheel: 1)
        rig.command(0xF3, 200, 0xF3, 100)
        #expect(rig.send(0xF2) == [0xFA, 0x00])
        rig.command(0xF3, 80)
        #expect(rig.send(0xF2) == [0xFA, 0x03])
        rig.command(0xF3, 100, 0xF4)
        rig.move(1, 0, wheel: 1)
        #expect(rig.output == [0x08, 1, 0, 1])
        rig.move(0, 0, wheel: -1)
        rig.pass(10_000)
        #expect(rig.output == [0x08, 0, 0, 0xFF])
        rig.move(0, 0, wheel: 9)
        rig.pass(10_000)
        #expect(rig.output == [0x08, 0, 0, 7])
        rig.pass(10_000)
        #expect(rig.output == [0x08, 0, 0, 2])
        #expect(rig.send(0xEB) == [0xFA, 0x08, 0, 0, 0])
        // Defaults leave it on, a reset does not.
        rig.command(0xF6)
        #expect(rig.send(0xF2) == [0xFA, 0x03])
        rig.command(0xFF)
        rig.pass(20_000)
        #expect(rig.output == [0xAA, 0x00])
        #expect(rig.send(0xF2) == [0xFA, 0x00])
    }

    @Test func fiveButtons() {
        rig.command(0xF3, 200, 0xF3, 200, 0xF3, 80)
        #expect(rig.send(0xF2) == [0xFA, 0x04])
        rig.command(0xF4)
        rig.mouse.hold([.left, .fourth])
        rig.move(0, 0, wheel: -2)
        #expect(rig.output == [0x09, 0, 0, 0x1E])
        rig.mouse.hold([.fifth])
        rig.pass(20_000)
        #expect(rig.output == [0x08, 0, 0, 0x20])
    }

    @Test(arguments: [[200, 100, 60], [200, 80, 100], [100, 200, 80], [200, 100, 100, 80]] as [[UInt8]])
    func otherRatesAreNoKnock(rates: [UInt8]) {
        for rate in rates { rig.command(0xF3, rate) }
        #expect(rig.send(0xF2) == [0xFA, 0x00])
    }

    // MARK: State

    @Test func everythingThatCountsIsInTheState() {
        func bytes() -> [UInt8] {
            var writer = StateWriter()
            var state = rig.mouse.state
            writer.visit(&state)
            return writer.bytes
        }
        var seen = [bytes()]
        let steps: [() -> Void] = [
            { rig.command(0xF4) }, { rig.command(0xE7) }, { rig.command(0xE8) }, { rig.command(3) },
            { rig.command(0xF3, 40) }, { rig.command(0xF0) }, { rig.move(1, 0) }, { rig.move(0, 1) },
            { rig.mouse.hold([.left]) }, { rig.command(0xEE) }, { rig.mouse.receive(0x11) }, { _ = rig.output },
        ]
        for (number, step) in steps.enumerated() {
            step()
            let now = bytes()
            #expect(!seen.contains(now), "step \(number)")
            seen.append(now)
        }
    }
}
