import PCCore

/// Steps that reach states where random writes alone do not lead: each gives operations as a driver would do them, with
/// something wrong here and there.
struct Recipes {
    var random: Random
    let places: Traffic.Places
    let placements: [PCIPlacement]
    private(set) var operations: [DeviceOperation] = []

    init(_ random: Random, _ places: Traffic.Places, _ placements: [PCIPlacement]) {
        self.random = random
        self.places = places
        self.placements = placements
    }

    mutating func take() -> [DeviceOperation] {
        defer { operations = [] }
        return operations
    }

    // MARK: What recipes are written with

    mutating func out(_ port: UInt16, _ value: UInt8) { operations.append(.output(port: port, .byte, UInt32(value))) }
    mutating func outWord(_ port: UInt16, _ value: UInt16) {
        operations.append(.output(port: port, .word, UInt32(value)))
    }
    mutating func input(_ port: UInt16) { operations.append(.input(port: port, .byte)) }
    mutating func add(_ operation: DeviceOperation) { operations.append(operation) }
    mutating func add(_ more: [DeviceOperation]) { operations += more }

    /// Guest time, from nothing to half a second.
    mutating func wait() { operations.append(.run(random.byte(), UInt8(random.below(8)))) }

    /// `usual`, and something else once in a while.
    mutating func mostly(_ usual: UInt8) -> UInt8 { random.oneIn(20) ? random.byte() : usual }

    mutating func pick(_ choices: [UInt8]) -> UInt8 { mostly(random.pick(choices)) }

    /// A physical address: mostly in RAM, at times at its end, in a hole, or in a device.
    mutating func address() -> UInt32 {
        switch random.below(8) {
        case 0: return random.operand()
        case 1:
            let range = random.pick(places.memory)
            return range.lowerBound &+ UInt32(truncatingIfNeeded: random.next() % UInt64(range.count))
        case 2: return 0x1F_F000 + UInt32(random.below(0x2000))
        case 3: return 0x9_FF00 + UInt32(random.below(0x200))
        default: return 0x1_0000 + UInt32(random.below(0x8_0000))
        }
    }

    var width: AccessWidth {
        mutating get { random.pick([.byte, .byte, .word, .dword]) }
    }

    // MARK: All of them

    /// One recipe.
    mutating func step() {
        switch random.below(38) {
        case 0, 1: floppy()
        case 2: floppyRaw()
        case 3, 4: disk()
        case 5, 6: packet()
        case 7: diskDMA()
        case 8: configurationSpace()
        case 9: timer()
        case 10: dmaController()
        case 11: clock()
        case 12: keyboard()
        case 13: serialPort()
        case 14, 15: display()
        case 16: displayMemory()
        case 17: interrupts()
        case 18, 19: anyPort()
        case 20: anyMemory()
        case 21: world()
        case 22: pages()
        case 23, 24: program()
        case 25, 26: localInterrupts()
        case 27, 28: redirectedInterrupts()
        case 29, 30: frameBuffer()
        case 31: power()
        case 32, 33: memoryMap()
        case 34: printer()
        case 35: joystick()
        case 36: kernel()
        default: wait()
        }
    }

    /// Any port that the board has, or any at all.
    mutating func anyPort() {
        for _ in 0..<1 + random.below(6) {
            let range = random.oneIn(16) ? 0...0xFFFF : random.pick(places.ports)
            let port = range.lowerBound &+ UInt16(random.below(range.count))
            let width = width
            switch random.below(5) {
            case 0: add(.input(port: port, width))
            case 1: add(.inputs(port: port, width, count: UInt16(random.below(600))))
            case 2: add(.outputs(port: port, width, count: UInt16(random.below(600)), seed: random.byte()))
            default: add(.output(port: port, width, random.operand()))
            }
        }
    }

    mutating func anyMemory() {
        for _ in 0..<1 + random.below(4) {
            let (address, width) = (address(), width)
            switch random.below(4) {
            case 0: add(.read(address: address, width))
            case 1:
                add(
                    .sweep(
                        address: address, width, count: UInt16(random.below(400)),
                        stride: UInt16(truncatingIfNeeded: random.operand()), seed: random.byte()))
            case 2: add(.fill(address: address, (0..<random.below(64)).map { _ in random.byte() }))
            default: add(.write(address: address, width, random.operand()))
            }
        }
    }

    /// What comes from outside the machine, and what is asked of it.
    mutating func world() {
        switch random.below(7) {
        case 0:
            for _ in 0..<1 + random.below(40) { add(.key(random.byte(), isDown: random.oneIn(2))) }
        case 1:
            let numbers = (0..<3).map { _ in Int8(bitPattern: random.byte()) }
            add(.mouse(dx: numbers[0], dy: numbers[1], wheel: numbers[2], buttons: random.byte()))
        case 2, 3: add(.disk(drive: random.byte(), kind: random.byte()))
        case 4: add(.serial(port: random.byte(), (0..<random.below(256)).map { _ in random.byte() }))
        case 5: add(.state)
        default: add(random.oneIn(4) ? .reset : .picture)
        }
    }
}
