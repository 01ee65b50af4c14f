import Testing

@testable import PCCore

/// A local APIC alone, switched on by SVR, with what it asks of the board noted.
final class APICBench {
    let scheduler: Scheduler
    let apic: LocalAPIC
    var nonMaskable = 0
    var initialised = 0
    var ended: [UInt8] = []
    /// The vector that the 8259As give.
    var external: UInt8 = 0x08

    init(model: CPUModel = .pentiumII, slotsPerSecond: UInt64 = 400_000_000, isOn: Bool = true) {
        scheduler = Scheduler(slotsPerSecond: slotsPerSecond)
        apic = LocalAPIC(model: model, scheduler: scheduler)
        apic.nonMaskable = { [unowned self] in nonMaskable += 1 }
        apic.initialised = { [unowned self] in initialised += 1 }
        apic.ended = { [unowned self] in ended.append($0) }
        apic.acknowledgeExternal = { [unowned self] in external }
        if isOn { write(0xF0, 0x1FF) }
    }

    func read(_ register: UInt32) -> UInt32 { apic.readMemory(register, .dword) }
    func write(_ register: UInt32, _ value: UInt32) { apic.writeMemory(register, value, .dword) }

    /// A vector to itself.
    func send(_ vector: UInt32) { write(0x300, 0x4_4000 | vector) }

    /// Lets guest time pass, with the timer's events at their times.
    func pass(until end: GuestTime) {
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil { apic.eventDue() }
        }
        scheduler.now = end
    }
}

@Suite struct LocalAPICTests {
    @Test func registersAfterReset() {
        let bench = APICBench(isOn: false)
        #expect(bench.read(0x20) == 0)
        #expect(bench.read(0x30) == 0x0004_0011)
        #expect(bench.read(0x80) == 0)
        #expect(bench.read(0xA0) == 0)
        #expect(bench.read(0xD0) == 0)
        #expect(bench.read(0xE0) == 0xFFFF_FFFF)
        #expect(bench.read(0xF0) == 0xFF)
        for entry in stride(from: UInt32(0x320), through: 0x370, by: 0x10) where entry != 0x330 {
            #expect(bench.read(entry) == (entry == 0x350 ? 0x700 : 0x1_0000), "LVT \(entry)")
        }
        #expect(bench.read(0x380) == 0)
        #expect(bench.read(0x390) == 0)
        #expect(bench.read(0x3E0) == 0)
    }

    @Test func thePentiumHasNoPerformanceEntry() {
        let bench = APICBench(model: .pentium)
        #expect(bench.read(0x30) == 0x0003_0011)
        bench.write(0x340, 0x41)
        #expect(bench.read(0x340) == 0)
        bench.write(0x280, 0)
        #expect(bench.read(0x280) == 0, "and no error for a register that is not there")
    }

    @Test func narrowAndMisalignedAccessesDoNothing() {
        let bench = APICBench()
        bench.apic.writeMemory(0x80, 0x20, .byte)
        bench.apic.writeMemory(0x84, 0x20, .dword)
        #expect(bench.read(0x80) == 0)
        #expect(bench.apic.readMemory(0x30, .word) == 0)
    }

    @Test func priorities() {
        let bench = APICBench()
        bench.send(0x41)
        bench.send(0x62)
        bench.send(0x43)
        #expect(bench.read(0x220) == 0x0000_000A)
        #expect(bench.read(0x230) == 0x0000_0004)
        #expect(bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0x62)
        #expect(bench.read(0xA0) == 0x60)
        #expect(bench.read(0x130) == 0x4)
        #expect(!bench.apic.interruptRequested, "a lower class waits")
        bench.send(0x70)
        #expect(bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0x70, "a higher one nests")
        bench.write(0xB0, 0)
        #expect(bench.read(0xA0) == 0x60)
        bench.write(0xB0, 0)
        #expect(bench.apic.acknowledge() == 0x43)
        bench.send(0x44)
        #expect(!bench.apic.interruptRequested, "within a class nothing nests")
        bench.write(0xB0, 0)
        #expect(bench.apic.acknowledge() == 0x44)
    }

    @Test func theTaskPriorityHoldsBack() {
        let bench = APICBench()
        bench.write(0x80, 0x4F)
        #expect(bench.read(0xA0) == 0x4F)
        bench.send(0x4F)
        #expect(!bench.apic.interruptRequested)
        bench.send(0x50)
        #expect(bench.apic.interruptRequested)
        bench.write(0x80, 0x50)
        #expect(!bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0xFF, "what is acknowledged too late is the spurious vector")
        #expect(bench.read(0x170) == 0, "which is not in service")
        bench.write(0x80, 0x30)
        #expect(bench.apic.acknowledge() == 0x50)
    }

    @Test func virtualWire() {
        let bench = APICBench(isOn: false)
        bench.apic.setPin(0, true)
        #expect(bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0x08, "open after reset")
        bench.write(0x350, 0x700)
        #expect(bench.read(0x350) == 0x1_0700, "masked while SVR has the APIC off")
        bench.write(0xF0, 0x1FF)
        bench.write(0x350, 0x700)
        #expect(bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0x08)
        #expect(bench.read(0x100) == 0, "not in service here")
        bench.apic.setPin(0, false)
        #expect(!bench.apic.interruptRequested)
        bench.apic.setPin(1, true)
        #expect(bench.nonMaskable == 0)
        bench.apic.setPin(1, false)
        bench.write(0x360, 0x400)
        bench.apic.setPin(1, true)
        #expect(bench.nonMaskable == 1)
        bench.write(0xF0, 0xFF)
        #expect(bench.read(0x350) == 0x1_0700)
        #expect(bench.read(0x360) == 0x1_0400)
    }

    @Test func offByItsBaseItIsNotThere() {
        let bench = APICBench()
        var place: UInt32? = 0
        bench.apic.moved = { place = $0 }
        bench.send(0x41)
        bench.apic.base = 0xFEE0_0100
        #expect(place == nil)
        #expect(!bench.apic.interruptRequested)
        #expect(!bench.apic.isEnabled)
        bench.apic.setPin(0, true)
        #expect(bench.apic.interruptRequested)
        #expect(bench.apic.acknowledge() == 0x08)
        bench.apic.setPin(1, true)
        #expect(bench.nonMaskable == 1)
        bench.apic.setPin(0, false)
        bench.apic.base = 0xFED0_0800
        #expect(place == 0xFED0_0000)
        #expect(bench.apic.base == 0xFED0_0900)
        #expect(bench.read(0xF0) == 0xFF)
        #expect(!bench.apic.interruptRequested)
    }

    @Test func aLevelAtLINT1EndsWithItsEOI() {
        let bench = APICBench()
        bench.write(0x360, 0x8055)
        bench.apic.setPin(1, true)
        #expect(bench.read(0x360) == 0xC055)
        #expect(bench.apic.acknowledge() == 0x55)
        #expect(bench.read(0x1A0) == 0x20_0000)
        bench.write(0xB0, 0)
        #expect(bench.ended == [0x55])
        #expect(bench.apic.interruptRequested, "the pin is still high")
        _ = bench.apic.acknowledge()
        bench.apic.setPin(1, false)
        bench.write(0xB0, 0)
        #expect(!bench.apic.interruptRequested)
        #expect(bench.read(0x360) == 0x8055)
    }

    @Test func messagesBetweenProcessors() {
        let bench = APICBench()
        bench.write(0x300, 0x8_4051)  // all
        #expect(bench.apic.acknowledge() == 0x51)
        bench.write(0xB0, 0)
        bench.write(0x300, 0xC_4052)  // all others
        #expect(!bench.apic.interruptRequested)
        bench.write(0x310, 0)
        bench.write(0x300, 0x4053)  // number 0
        #expect(bench.apic.acknowledge() == 0x53)
        bench.write(0xB0, 0)
        bench.write(0x300, 0x4400)  // NMI
        #expect(bench.nonMaskable == 1)
        bench.write(0x300, 0x8500)  // INIT, level off
        #expect(bench.initialised == 0)
        bench.write(0x300, 0x4600)  // start-up
        bench.write(0x300, 0xC500)
        #expect(bench.initialised == 1)
        bench.write(0xD0, 0x0200_0000)
        bench.write(0x310, 0x0300_0000)
        bench.write(0x300, 0x4854)  // logical, flat
        #expect(bench.apic.acknowledge() == 0x54)
        bench.write(0xB0, 0)
        bench.write(0xE0, 0)
        bench.write(0xD0, 0x1200_0000)
        bench.write(0x310, 0x2200_0000)
        bench.write(0x300, 0x4855)
        #expect(!bench.apic.interruptRequested, "another cluster")
        bench.write(0x310, 0x1300_0000)
        bench.write(0x300, 0x4855)
        #expect(bench.apic.acknowledge() == 0x55)
    }

    @Test func errors() {
        let bench = APICBench()
        bench.write(0x370, 0xE1)
        bench.send(0x0F)
        #expect(bench.apic.acknowledge() == 0xE1)
        #expect(bench.read(0x280) == 0, "a write latches")
        bench.write(0x280, 0)
        #expect(bench.read(0x280) == 0x20)
        bench.write(0x280, 0)
        #expect(bench.read(0x280) == 0)
        bench.write(0xB0, 0)
        _ = bench.read(0x40)
        bench.write(0x310, 0x0500_0000)
        bench.write(0x300, 0x4041)
        bench.write(0x280, 0)
        #expect(bench.read(0x280) == 0x84, "no such register, no such processor")
        #expect(bench.apic.acknowledge() == 0xE1)
        bench.write(0x370, 0x0F)
        bench.send(0x0E)
        bench.write(0x280, 0)
        #expect(bench.read(0x280) == 0x20, "an error vector that is one does not repeat for ever")
    }

    @Test func initLeavesTheNumberAlone() {
        let bench = APICBench()
        bench.write(0x20, 0x0500_0000)
        bench.write(0x80, 0x33)
        bench.apic.initialise()
        #expect(bench.read(0x20) == 0x0500_0000)
        #expect(bench.read(0x80) == 0)
        #expect(bench.read(0xF0) == 0xFF)
        bench.apic.reset()
        #expect(bench.read(0x20) == 0)
    }
}
