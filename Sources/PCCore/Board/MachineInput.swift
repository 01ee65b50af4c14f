/// Something that reaches a machine from outside while it runs. A machine that gets the same inputs at the same guest times
/// does the same again.
public enum MachineInput {
    case press(Key)
    case release(Key)
    case moveMouse(dx: Int, dy: Int, wheel: Int)
    case holdMouseButtons(MouseButtons)
    case joystick(Joystick?, number: Int)
    /// Bytes for COM(`port` + 1).
    case serial([UInt8], port: Int)
    case insertFloppy((any BlockDevice)?, drive: Int)
    case insertDisc((any BlockDevice)?, place: Int)
    case reset
    case powerButton
    // MARK: What a debugger does
    /// Bytes for RAM.
    case poke(physical: UInt32, [UInt8])
    case set(Register, UInt32)
}

/// An input and when it came.
public struct RecordedInput {
    /// Guest time.
    public var time: GuestTime
    /// The machine did not run since the input before: events that were due at this time had to wait for both.
    public var isTogether: Bool
    public var input: MachineInput

    public init(time: GuestTime, isTogether: Bool, input: MachineInput) {
        self.time = time
        self.isTogether = isTogether
        self.input = input
    }
}

extension PC {
    /// Gives the machine `input`, and tells whoever records.
    ///
    /// - Returns: false where there is nothing that takes it: no such drive, port or RAM.
    @discardableResult
    public func take(_ input: MachineInput) -> Bool {
        inputTaken?(RecordedInput(time: now, isTogether: !ranSinceInput, input: input))
        ranSinceInput = false
        switch input {
        case .press(let key): keyboard.press(key)
        case .release(let key): keyboard.release(key)
        case .moveMouse(let dx, let dy, let wheel): pointer?.move(dx: dx, dy: dy, wheel: wheel)
        case .holdMouseButtons(let buttons): pointer?.hold(buttons)
        case .joystick(let joystick, let number): return plug(joystick, number)
        case .serial(let bytes, let port):
            guard serial.indices.contains(port) else { return false }
            serial[port].receive(bytes)
        case .insertFloppy(let disk, let drive):
            guard drive == 0 || drive == 1 else { return false }
            floppy.insert(disk, drive: drive)
        case .insertDisc(let disc, let place):
            guard (0..<4).contains(place) else { return false }
            return ide[place / 2].insert(disc, drive: place % 2)
        case .reset: resetAll()
        case .powerButton: pci?.power.pressButton()
        case .poke(let physical, let bytes): return poke(bytes, at: physical)
        case .set(let register, let value): cpu[register] = value
        }
        return true
    }

    private func poke(_ bytes: [UInt8], at physical: UInt32) -> Bool {
        let places = bytes.indices.map { physical &+ UInt32(truncatingIfNeeded: $0) }
        guard places.allSatisfy({ memory.page($0).host != nil && memory.page($0).writable }) else { return false }
        for (place, byte) in zip(places, bytes) { memory.poke(place, byte) }
        return true
    }

    // MARK: By name

    public func press(_ key: Key) { take(.press(key)) }
    public func release(_ key: Key) { take(.release(key)) }

    /// Bytes that arrive at COM(`port` + 1) one after the other at the line's speed.
    public func receive(_ bytes: [UInt8], port: Int) { take(.serial(bytes, port: port)) }

    /// Puts another disk into drive `drive` (0 or 1), or takes it out. The guest sees the disk-change line.
    public func insert(_ disk: (any BlockDevice)?, floppy drive: Int) { take(.insertFloppy(disk, drive: drive)) }

    /// Puts another disc into the CD-ROM drive at `place` (0 to 3), or takes it out, whether the guest has locked the
    /// drive or not; false where there is no such drive. The guest sees it by a unit attention and a media event.
    @discardableResult
    public func insert(_ disc: (any BlockDevice)?, cdrom place: Int) -> Bool { take(.insertDisc(disc, place: place)) }

    /// The reset button.
    public func reset() { take(.reset) }

    /// The power button of the case, which asks a system with ACPI to end.
    public func pressPowerButton() { take(.powerButton) }
}
