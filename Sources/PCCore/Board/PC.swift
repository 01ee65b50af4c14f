/// Why `PC.run` came back.
public enum StopReason: Equatable, Sendable {
    /// The slice is over.
    case sliceEnd
    /// HLT with interrupts off: nothing can wake the machine but a reset.
    case haltedForEver
    /// The guest switched the machine off.
    case poweredOff
    /// The guest wrote this byte to port F4h, and `debugExit` is set.
    case debugExit(UInt8)
    /// Triple fault or shutdown, or a reset that the guest asked for, with `noReboot` set.
    case shutdown
    /// One of `PC.stops` was met.
    case stopped(StopHit)
}

/// A whole machine: the board with every part on it.
///
/// A machine belongs to one thread at a time; many can live in one process.
public final class PC {
    public let configuration: PCConfiguration
    public weak var host: (any Host)?

    public let cpu: CPU
    public let bus: Bus
    let memory: PhysicalMemory
    let scheduler: Scheduler
    let pic = PICPair()
    let pit: PIT
    let dma: DMAPair
    let rtc: RTC
    let controlPortA = SystemControlPortA()
    let controlPortB: SystemControlPort
    let debugConsole = DebugConsolePort()
    let debugExit = DebugExitPort()
    let powerPort = PowerPort()
    let coprocessorPort: CoprocessorPort
    let keyboardController: KeyboardController
    let keyboard: ATKeyboard
    let mouse: PS2Mouse?
    let serialMouse: SerialMouse?
    let serial: [UART]
    let parallel: ParallelPort
    let gamePort: GamePort
    let floppy: FloppyController
    let ide: [IDEController]
    let vga: VGA
    /// Nil on a board without PCI.
    let pci: PCIChipSet?
    /// Nil without a kernel to start.
    let kernelLoader: KernelLoader?
    /// Nil where CPU or board have none.
    let apics: APICPair?

    /// Who records: is told of every input before the machine takes it.
    public var inputTaken: ((RecordedInput) -> Void)?
    /// The machine has run since the last input.
    var ranSinceInput = true
    /// Guest time that the CPU slept in HLT.
    var haltedTime: GuestTime = 0
    /// Why the machine stopped for good.
    var ending: StopReason?
    /// The guest has asked for a reset, which happens after the instruction.
    var resetRequested = false
    /// How often the guest has reset itself since this machine was made; no part of its state.
    public private(set) var guestResets: UInt64 = 0

    /// - Precondition: memory is a whole number of pages that the CPU can address, and the ROM images have their sizes.
    public init(_ configuration: PCConfiguration, allocator: MemoryAllocator = .heap) {
        self.configuration = configuration
        let scheduler = Scheduler(slotsPerSecond: configuration.rate ?? configuration.cpu.nominalRate)
        self.scheduler = scheduler
        memory = PhysicalMemory(size: configuration.memory, allocator: allocator)
        memory.mapSystemROM(configuration.bios, addressLines: configuration.cpu.addressLines)
        memory.mapROM(configuration.vgaBIOS, at: MemoryMap.videoROM)
        if configuration.kernel != nil { memory.mapROM(configuration.kernelROM, at: MemoryMap.kernelROM) }
        let bus = Bus(memory: memory, addressLines: configuration.cpu.addressLines)
        self.bus = bus
        dma = DMAPair(
            readByte: { [unowned bus] in bus.readByte($0) }, writeByte: { [unowned bus] in bus.writeByte($0, $1) })
        coprocessorPort = CoprocessorPort(irq: IRQLine(pic, IRQ.coprocessor))
        let pit = PIT(scheduler: scheduler, event: .timer0, output0: IRQLine(pic, IRQ.timer))
        self.pit = pit
        controlPortB = SystemControlPort(
            scheduler: scheduler, readOutput2: { [unowned pit] in pit.output(2) },
            setGate2: { [unowned pit] in pit.setGate(2, $0) }, readTone2: { [unowned pit] in pit.counter2Millihertz })
        rtc = RTC(
            scheduler: scheduler, event: .realTimeClock, irq: IRQLine(pic, IRQ.realTimeClock),
            startTime: configuration.startTime)
        keyboard = ATKeyboard(scheduler: scheduler, event: .keyboard)
        keyboardController = KeyboardController(
            scheduler: scheduler, event: .keyboardController, keyboardIRQ: IRQLine(pic, IRQ.keyboard),
            auxiliaryIRQ: IRQLine(pic, IRQ.mouse))
        mouse = configuration.mouse == .ps2 ? PS2Mouse(scheduler: scheduler, event: .mouse) : nil
        serialMouse = configuration.mouse.port.map { _ in SerialMouse(scheduler: scheduler, event: .mouse) }
        serial = [
            UART(scheduler: scheduler, event: .serial1, irq: IRQLine(pic, IRQ.serial1)),
            UART(scheduler: scheduler, event: .serial2, irq: IRQLine(pic, IRQ.serial2)),
        ]
        parallel = ParallelPort(
            scheduler: scheduler, event: .parallel1, irq: IRQLine(pic, IRQ.parallel1),
            isBidirectional: configuration.cpu >= .i80386)
        gamePort = GamePort(scheduler: scheduler)
        floppy = FloppyController(
            scheduler: scheduler, irq: IRQLine(pic, IRQ.floppy), dma: DMAChannel(dma, 2),
            realTiming: configuration.realDiskTiming)
        ide = [
            IDEController(
                scheduler: scheduler, event: .ide0, irq: IRQLine(pic, IRQ.ide0),
                realTiming: configuration.realDiskTiming),
            IDEController(
                scheduler: scheduler, event: .ide1, irq: IRQLine(pic, IRQ.ide1),
                realTiming: configuration.realDiskTiming),
        ]
        vga = VGA(
            scheduler: scheduler, irq: IRQLine(pic, IRQ.cascade),
            memory: VideoMemory(size: configuration.displayMemory, allocator: allocator))
        cpu = CPU(
            model: configuration.cpu, bus: bus, scheduler: scheduler, coprocessor: configuration.coprocessor)
        pci =
            configuration.hasPCI
            ? PCIChipSet(
                memory: memory, cpuBus: bus, ide: ide,
                display: DisplayFunction(configuration.hasVBE ? vga : nil, rom: configuration.vgaBIOS),
                scheduler: scheduler) : nil
        kernelLoader = configuration.kernel.map {
            KernelLoader($0, bus: bus, memorySize: configuration.memory)
        }
        apics = configuration.hasAPIC ? APICPair(model: configuration.cpu, scheduler: scheduler) : nil
        wire()
        for (drive, disk) in configuration.floppies.prefix(2).enumerated() where disk != nil {
            floppy.insert(disk, drive: drive)
        }
        for (drive, disk) in configuration.disks.prefix(4).enumerated() {
            ide[drive / 2].attach(disk, drive: drive % 2)
        }
        for (place, drive) in configuration.cdroms.prefix(4).enumerated() where !ide[place / 2].hasDrive(place % 2) {
            if let drive { ide[place / 2].attachCDROM(drive.disc, drive: place % 2) }
        }
        fillCMOS()
    }

    /// Slots of guest time in a second.
    public var slotsPerSecond: UInt64 { scheduler.slotsPerSecond }
    /// Guest time.
    public var now: GuestTime { scheduler.now }
    /// Retired instructions, each REP iteration counted.
    public var instructionCount: UInt64 { scheduler.now &- haltedTime }

    // MARK: Running

    /// Runs until guest time `end`, unless the machine stops before; a halted machine sleeps up to `end`.
    public func run(until end: GuestTime) -> StopReason { run(until: end, atMost: .max) }

    /// Runs at most `count` instructions, unless the machine stops before.
    public func run(instructions count: UInt64) -> StopReason { run(until: .max, atMost: count) }

    /// Runs until guest time `end` and at most `count` instructions, whichever comes first.
    public func run(until end: GuestTime, atMost count: UInt64) -> StopReason {
        let (sum, overflow) = instructionCount.addingReportingOverflow(count)
        let limit = overflow ? .max : sum
        ranSinceInput = true
        cpu.detector.isRunning = true
        defer { cpu.detector.isRunning = false }
        var stop: StopHit?
        while true {
            if stop == nil, let ending { return ending }
            while let event = scheduler.takeDue() { handle(event) }
            if stop == nil, let ending { return ending }
            // An event may ask for it while the CPU sleeps: INIT from the I/O APIC.
            if resetRequested { resetCPU() }
            if let stop = stop ?? takeStop() { return .stopped(stop) }
            if let ending { return ending }
            guard scheduler.now < end, instructionCount < limit else { return endOfSlice() }
            let deadline = min(end, scheduler.nextDeadline)
            if sleeps {
                guard cpu.interruptsEnabled && !cpu.isShutDown else { return stopAsleep() }
                // Only input wakes it, and the caller has set no time: guest time must not come to its end.
                guard deadline != .max else { return .sliceEnd }
                haltedTime &+= deadline &- scheduler.now
                scheduler.now = deadline
                continue
            }
            let left = limit &- instructionCount
            cpu.run(until: deadline &- scheduler.now <= left ? deadline : scheduler.now &+ left)
            // What comes now, without an instruction, is met by the next run.
            stop = takeStop()
            kernelLoader?.load()
            if cpu.isShutDown { resetRequested = true }
            if resetRequested { resetCPU() }
        }
    }

    /// One whole instruction.
    public func step() -> StopReason {
        if sleeps { return run(until: scheduler.nextDeadline) }
        var reason = run(instructions: 1)
        while cpu.isRepeating, reason == .sliceEnd { reason = run(instructions: 1) }
        return reason
    }

    /// Whether HLT holds the CPU and nothing is there to wake it.
    private var sleeps: Bool {
        cpu.isHalted && !cpu.hasNMI && !(cpu.interruptsEnabled && bus.interruptRequested && !cpu.isShutDown)
    }

    /// HLT holds the CPU, and no interrupt is there to wake it.
    public var isAsleep: Bool { sleeps }
    /// Guest time of the next event on the board, `.max` where none is pending.
    public var nextEvent: GuestTime { scheduler.nextDeadline }
    /// A REP instruction stopped between two elements, with EIP on itself.
    public var isMidRepeat: Bool { cpu.isRepeating }

    /// The CPU sleeps and nothing is pending: only input from outside can wake it.
    public var waitsForInputOnly: Bool { sleeps && scheduler.nextDeadline == .max }

    private func stopAsleep() -> StopReason { cpu.isShutDown ? .shutdown : .haltedForEver }

    private func handle(_ event: EventKind) {
        switch event {
        case .timer0: pit.eventDue()
        case .realTimeClock: rtc.eventDue()
        case .keyboardController: keyboardController.eventDue()
        case .keyboard: keyboard.eventDue()
        case .mouse: mouseEventDue()
        case .serial1: serial[0].eventDue()
        case .serial2: serial[1].eventDue()
        case .parallel1: parallel.eventDue()
        case .floppy: floppy.eventDue()
        case .ide0: ide[0].eventDue()
        case .ide1: ide[1].eventDue()
        case .verticalRetrace: vga.eventDue()
        case .busMaster0: pci?.ide.channels[0].eventDue()
        case .busMaster1: pci?.ide.channels[1].eventDue()
        case .localAPIC: apics?.local.eventDue()
        case .powerManagement: pci?.power.eventDue()
        case .timer1, .timer2, .sliceEnd: break
        }
    }

    // MARK: Reset

    /// What the reset button does.
    func resetAll() {
        ending = nil
        pic.reset()
        pit.reset()
        dma.reset()
        rtc.reset()
        controlPortA.reset()
        controlPortB.reset()
        coprocessorPort.reset()
        powerPort.reset()
        keyboardController.reset()
        keyboard.reset()
        mouse?.reset()
        for uart in serial { uart.reset() }
        parallel.reset()
        floppy.reset()
        for channel in ide { channel.reset() }
        vga.reset()
        kernelLoader?.reset()
        pci?.reset()
        apics?.reset()
        bus.a20 = true
        cpu.reset()
    }

    /// What the keyboard controller's reset line, port 92h and a shutdown do: the CPU starts again, chips stay.
    func resetCPU() {
        resetRequested = false
        guard !configuration.noReboot else {
            ending = .shutdown
            return
        }
        guestResets &+= 1
        if pci?.isa.asksHardReset == true {
            resetAll()
        } else {
            bus.a20 = true
            cpu.reset()
            apics?.local.initialise()
        }
    }

    // MARK: Output

    /// What is in drive `drive` (0 or 1) now.
    public func disk(floppy drive: Int) -> (any BlockDevice)? { drive == 0 || drive == 1 ? floppy.disks[drive] : nil }

    /// Whether there is a CD-ROM drive at `place` (0 to 3).
    public func hasCDROM(_ place: Int) -> Bool { (0..<4).contains(place) && ide[place / 2].cdrom(place % 2) != nil }

    /// The disc in the CD-ROM drive at `place` (0 to 3), nil without one.
    public func disc(cdrom place: Int) -> (any BlockDevice)? {
        (0..<4).contains(place) ? ide[place / 2].cdrom(place % 2)?.disc : nil
    }

    /// The POST code that the BIOS wrote last.
    public var postCode: UInt8 { dma.pages.postCode }

    /// The text screen, nil in a graphics mode.
    public var textScreen: TextScreen? { vga.textScreen }

    /// The picture as a monitor shows it. With `blinkVisible` false cursor and blinking characters are dark. Around the
    /// displayed part is the border, where it is asked for.
    public func frame(blinkVisible: Bool = true, showsBorder: Bool = false) -> FrameBuffer {
        var frame = FrameBuffer()
        vga.render(into: &frame, blinkVisible: blinkVisible, showsBorder: showsBorder)
        return frame
    }

    /// A number that changes whenever the picture may have changed.
    public var frameGeneration: UInt64 { vga.pictureGeneration }
}
