import Testing

@testable import PCCore

/// The AT's pair with the vectors that the BIOS gives it, driven by its ports as a guest does.
private final class Rig {
    let pair = PICPair()
    var requests = 0

    static let masterBase: UInt8 = 0x08
    static let slaveBase: UInt8 = 0x70

    init(icw1: UInt8 = 0x11, masterICW4: UInt8 = 0x01, slaveICW4: UInt8 = 0x01) {
        initialise(pair.master, icw1: icw1, base: Self.masterBase, icw3: 0x04, icw4: masterICW4)
        initialise(pair.slave, icw1: icw1, base: Self.slaveBase, icw3: 0x02, icw4: slaveICW4)
        pair.requestChanged = { [unowned self] in if $0 { requests += 1 } }
    }

    func initialise(_ chip: PIC, icw1: UInt8, base: UInt8, icw3: UInt8, icw4: UInt8) {
        write(chip, 0, icw1)
        write(chip, 1, base)
        if icw1 & 0x02 == 0 { write(chip, 1, icw3) }
        if icw1 & 0x01 != 0 { write(chip, 1, icw4) }
        write(chip, 1, 0x00)
    }

    func write(_ chip: PIC, _ offset: UInt16, _ value: UInt8) { chip.writePort(offset, UInt32(value), .byte) }
    func read(_ chip: PIC, _ offset: UInt16) -> UInt8 { UInt8(chip.readPort(offset, .byte)) }

    func requestRegister(_ chip: PIC) -> UInt8 {
        write(chip, 0, 0x0A)
        return read(chip, 0)
    }

    func inService(_ chip: PIC) -> UInt8 {
        write(chip, 0, 0x0B)
        return read(chip, 0)
    }

    func pulse(_ line: Int) {
        pair.setLevel(line, false)
        pair.setLevel(line, true)
    }
}

@Suite struct PICTests {
    private let rig = Rig()
    var pair: PICPair { rig.pair }
    var master: PIC { rig.pair.master }
    var slave: PIC { rig.pair.slave }

    @Test func requestGoesIntoServiceAndEndsWithEOI() {
        pair.setLevel(1, true)
        #expect(pair.interruptRequested)
        #expect(rig.requests == 1)
        #expect(rig.requestRegister(master) == 0x02)
        #expect(pair.acknowledge() == 0x09)
        #expect(!pair.interruptRequested)
        #expect(rig.requestRegister(master) == 0)
        #expect(rig.inService(master) == 0x02)
        // The line stays high: no edge, no second request.
        rig.write(master, 0, 0x20)
        #expect(rig.inService(master) == 0)
        #expect(!pair.interruptRequested)
        rig.pulse(1)
        #expect(pair.interruptRequested)
    }

    @Test func lowerPrioritiesWaitAndHigherOnesInterrupt() {
        pair.setLevel(3, true)
        #expect(pair.acknowledge() == 0x0B)
        pair.setLevel(4, true)
        #expect(!pair.interruptRequested)
        pair.setLevel(1, true)
        #expect(pair.interruptRequested)
        #expect(pair.acknowledge() == 0x09)
        #expect(rig.inService(master) == 0x0A)
        // A non-specific end takes the more urgent one, a specific end the one it names.
        rig.write(master, 0, 0x20)
        #expect(rig.inService(master) == 0x08)
        #expect(!pair.interruptRequested)
        rig.write(master, 0, 0x63)
        #expect(rig.inService(master) == 0)
        #expect(pair.interruptRequested)
        #expect(pair.acknowledge() == 0x0C)
    }

    @Test func maskHoldsRequestsBackAndKeepsThem() {
        rig.write(master, 1, 0x20)
        #expect(rig.read(master, 1) == 0x20)
        pair.setLevel(5, true)
        #expect(!pair.interruptRequested)
        #expect(rig.requestRegister(master) == 0x20)
        rig.write(master, 1, 0x00)
        #expect(pair.interruptRequested)
        #expect(rig.requests == 1)
    }

    @Test func slaveAsksThroughInput2() {
        pair.setLevel(12, true)
        #expect(rig.requestRegister(master) == 0x04)
        #expect(pair.acknowledge() == 0x74)
        #expect(rig.inService(master) == 0x04)
        #expect(rig.inService(slave) == 0x10)
        // A more urgent request of the slave waits for the master's end of interrupt, not for the slave's.
        pair.setLevel(8, true)
        #expect(!pair.interruptRequested)
        rig.write(master, 0, 0x20)
        #expect(pair.interruptRequested)
        #expect(pair.acknowledge() == 0x70)
    }

    @Test func linesThatAreNoneAreIgnored() {
        pair.setLevel(2, true)
        pair.setLevel(16, true)
        pair.setLevel(-1, true)
        #expect(!pair.interruptRequested)
        #expect(rig.requestRegister(master) == 0 && rig.requestRegister(slave) == 0)
    }

    @Test func requestThatWentAwayIsTheDefault7() {
        pair.setLevel(4, true)
        pair.setLevel(4, false)
        #expect(!pair.interruptRequested)
        #expect(pair.acknowledge() == 0x0F)
        #expect(rig.inService(master) == 0)
        #expect(slave.acknowledge() == 0x77)
        #expect(rig.inService(slave) == 0)
        // A real IRQ 7 is told from it by its bit in service.
        pair.setLevel(7, true)
        #expect(pair.acknowledge() == 0x0F)
        #expect(rig.inService(master) == 0x80)
    }

    /// The master has IR2 in its request register, and the slave is masked before the CPU acknowledges: with a level
    /// that the master keeps, the slave answers as for its input 7, and only the master has something in service.
    @Test func slaveWithNothingToSayGives15() {
        rig.write(slave, 1, 0xFF)
        master.setLevel(2, true)
        #expect(pair.acknowledge() == 0x77)
        #expect(rig.inService(master) == 0x04)
        #expect(rig.inService(slave) == 0)
    }

    @Test func levelTriggeredInputAsksAgain() {
        let rig = Rig(icw1: 0x19)
        rig.pair.setLevel(5, true)
        #expect(rig.pair.acknowledge() == 0x0D)
        #expect(rig.requestRegister(rig.pair.master) == 0x20)
        #expect(!rig.pair.interruptRequested)
        rig.write(rig.pair.master, 0, 0x20)
        #expect(rig.pair.interruptRequested)
        rig.pair.setLevel(5, false)
        #expect(!rig.pair.interruptRequested)
    }

    @Test func specialFullyNestedModeLetsTheSlaveInterruptItself() {
        let rig = Rig(masterICW4: 0x11)
        rig.pair.setLevel(12, true)
        #expect(rig.pair.acknowledge() == 0x74)
        rig.pair.setLevel(3, true)
        #expect(!rig.pair.interruptRequested)
        rig.pair.setLevel(15, true)
        #expect(!rig.pair.interruptRequested)
        rig.pair.setLevel(8, true)
        #expect(rig.pair.interruptRequested)
        #expect(rig.pair.acknowledge() == 0x70)
        #expect(rig.inService(rig.pair.slave) == 0x11)
    }

    @Test func specialMaskModeLetsLowerLevelsThroughAMaskedOne() {
        pair.setLevel(1, true)
        _ = pair.acknowledge()
        pair.setLevel(6, true)
        rig.write(master, 1, 0x02)
        #expect(!pair.interruptRequested)
        rig.write(master, 0, 0x68)
        #expect(pair.interruptRequested)
        #expect(pair.acknowledge() == 0x0E)
        // The masked level in service is passed over by a non-specific end.
        rig.write(master, 0, 0x20)
        #expect(rig.inService(master) == 0x02)
        rig.write(master, 0, 0x48)
        rig.write(master, 0, 0x20)
        #expect(rig.inService(master) == 0)
    }

    @Test func rotationOnEndOfInterrupt() {
        pair.setLevel(3, true)
        _ = pair.acknowledge()
        rig.write(master, 0, 0xA0)  // Now 4 is the highest and 3 the lowest.
        rig.pulse(3)
        pair.setLevel(0, true)
        pair.setLevel(7, true)
        #expect(pair.acknowledge() == 0x0F)
        rig.write(master, 0, 0x20)
        #expect(pair.acknowledge() == 0x08)
        rig.write(master, 0, 0xE0)  // Ends 0 by name: 1 is the highest.
        pair.setLevel(1, true)
        #expect(pair.acknowledge() == 0x09)
    }

    @Test(arguments: 0..<8)
    func setPriorityNamesTheLowest(lowest: Int) {
        rig.write(master, 0, 0xC0 | UInt8(lowest))
        let inputs = [0, 1, 3, 4, 5, 6, 7]
        for input in inputs { pair.setLevel(input, true) }
        var order: [Int] = []
        for _ in inputs {
            order.append(Int(pair.acknowledge() - Rig.masterBase))
            rig.write(master, 0, 0x20)
        }
        #expect(order == (1...8).map { ($0 + lowest) % 8 }.filter { $0 != 2 })
    }

    @Test func automaticEOIPulsesINTForTheNextRequest() {
        let rig = Rig(masterICW4: 0x03)
        rig.pair.setLevel(0, true)
        rig.pair.setLevel(1, true)
        #expect(rig.pair.acknowledge() == 0x08)
        #expect(rig.inService(rig.pair.master) == 0)
        #expect(rig.pair.interruptRequested)
        #expect(rig.requests == 2)
        #expect(rig.pair.acknowledge() == 0x09)
        #expect(!rig.pair.interruptRequested)
    }

    /// A slave in auto EOI mode with a second request must make a new edge at the master.
    @Test func automaticEOIOfTheSlaveLosesNothing() {
        let rig = Rig(slaveICW4: 0x03)
        rig.pair.setLevel(9, true)
        rig.pair.setLevel(10, true)
        #expect(rig.pair.acknowledge() == 0x71)
        rig.write(rig.pair.master, 0, 0x20)
        #expect(rig.pair.interruptRequested)
        #expect(rig.pair.acknowledge() == 0x72)
    }

    @Test func automaticEOIRotates() {
        let rig = Rig(masterICW4: 0x03)
        rig.write(rig.pair.master, 0, 0x80)
        rig.pair.setLevel(0, true)
        _ = rig.pair.acknowledge()
        rig.pulse(0)
        rig.pair.setLevel(6, true)
        #expect(rig.pair.acknowledge() == 0x0E)
        rig.write(rig.pair.master, 0, 0x00)
        _ = rig.pair.acknowledge()  // 0, without rotation: 7 stays the highest.
        rig.pulse(0)
        rig.pair.setLevel(7, true)
        #expect(rig.pair.acknowledge() == 0x0F)
    }

    @Test func pollAcknowledgesByARead() {
        pair.setLevel(3, true)
        pair.setLevel(12, true)
        rig.write(master, 0, 0x0C)
        #expect(rig.read(master, 0) == 0x82)
        #expect(rig.inService(master) == 0x04)
        rig.write(slave, 0, 0x0C)
        #expect(rig.read(slave, 1) == 0x84)  // Either port will do.
        #expect(rig.read(slave, 1) == 0x00)  // Only the first read is the poll.
        rig.write(master, 0, 0x0C)
        #expect(rig.read(master, 0) & 0x80 == 0)
    }

    @Test func initialisationForgetsEdgesAndMask() {
        rig.write(master, 1, 0xAA)
        pair.setLevel(6, true)
        rig.write(master, 0, 0x11)
        #expect(!pair.interruptRequested)
        for word in [0x40, 0x04, 0x01] as [UInt8] { rig.write(master, 1, word) }
        #expect(rig.read(master, 1) == 0)
        #expect(rig.requestRegister(master) == 0)
        #expect(!pair.interruptRequested)
        rig.pulse(6)
        #expect(pair.acknowledge() == 0x46)
    }

    @Test func nothingIsRequestedBeforeTheLastInitialisationWord() {
        rig.write(master, 0, 0x11)
        rig.write(master, 1, 0x08)
        pair.setLevel(1, true)
        rig.write(master, 1, 0x04)
        #expect(!pair.interruptRequested)
        rig.write(master, 1, 0x01)
        #expect(pair.interruptRequested)
        let fresh = PICPair()
        fresh.setLevel(0, true)
        #expect(!fresh.interruptRequested)
    }

    @Test func singleChipHasNoSlave() {
        rig.initialise(master, icw1: 0x13, base: 0x20, icw3: 0, icw4: 0x01)
        pair.setLevel(9, true)
        #expect(pair.acknowledge() == 0x22)
        #expect(rig.inService(slave) == 0)
    }

    /// Without ICW4 the chip is in MCS-80 mode; the second INTA cycle reads the low byte of a CALL's address.
    @Test(arguments: [(0xF4 as UInt8, 0xEC as UInt8), (0xF0, 0xD8)])
    func mcs80ModeGivesTheLowByteOfTheCall(icw1: UInt8, vector: UInt8) {
        rig.initialise(master, icw1: icw1 | 0x02, base: 0x12, icw3: 0, icw4: 0)
        pair.setLevel(3, true)
        #expect(pair.acknowledge() == vector)
    }

    @Test func slaveOfAnotherNumberDoesNotAnswer() {
        rig.initialise(slave, icw1: 0x11, base: 0x70, icw3: 0x05, icw4: 0x01)
        pair.setLevel(8, true)
        #expect(pair.acknowledge() == 0xFF)
    }

    @Test func stateIsTheWholeFuture() {
        pair.setLevel(12, true)
        _ = pair.acknowledge()
        pair.setLevel(1, true)
        let copy = PICPair()
        copy.restore(pair.state)
        #expect(copy.interruptRequested)
        #expect(copy.acknowledge() == pair.acknowledge())
        var (a, b) = (StateWriter(), StateWriter())
        var (left, right) = (copy.state, pair.state)
        left.visit(&a)
        right.visit(&b)
        #expect(a.bytes == b.bytes && a.bytes.count == 28)
        pair.reset()
        #expect(!pair.interruptRequested)
    }

    /// Whatever is written, the chips answer, and INTR is what the registers say.
    @Test func randomAccessesNeverTrap() {
        var random = Lehmer(state: 86)
        for _ in 0..<20_000 {
            let chip = Bool.random(using: &random) ? master : slave
            switch UInt8.random(in: 0..<8, using: &random) {
            case 0...2: rig.write(chip, .random(in: 0...1, using: &random), .random(in: 0...255, using: &random))
            case 3: _ = rig.read(chip, .random(in: 0...1, using: &random))
            case 4 where pair.interruptRequested: _ = pair.acknowledge()
            default: pair.setLevel(.random(in: 0..<16, using: &random), .random(using: &random))
            }
            #expect(pair.interruptRequested == master.interrupt)
        }
    }
}
