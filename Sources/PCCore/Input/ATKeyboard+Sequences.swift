// What the keys send. In sets 1 and 2 the keys that the 84-key keyboard had on its number pad alone go with fake shift
// codes, so that a program made for that keyboard sees them as the number pad with the right state of shift: with num
// lock on, E0 12 stands before Insert and E0 F0 12 behind its release; with num lock off and a shift key held, that
// key seems to go up first and down again at the end. [PS/2 TR Keyboard: Scan code set 2]

extension ATKeyboard {
    /// What the system was made to believe by fake shift codes.
    private enum Fake {
        static let none: UInt8 = 0
        /// The left shift key seems to be down.
        static let added: UInt8 = 1
        /// The left or right shift key seems to be up.
        static let leftLifted: UInt8 = 2
        static let rightLifted: UInt8 = 4
    }

    private enum Light {
        static let numLock: UInt8 = 2
    }

    private static let extended: UInt8 = 0xE0
    private static let breaks = ScanCodeTranslation.breakPrefix
    private static let leftShift: UInt8 = 0x12
    private static let rightShift: UInt8 = 0x59
    private static let sysRq: UInt8 = 0x84

    // MARK: Keys

    func keyDown(_ codes: KeyCodes) {
        if state.scanSet == 3 {
            enqueue([codes.set3])
            return
        }
        if codes.behaviour == .pause {
            if enqueue(inSet(change(to: Fake.none) + pauseSequence)) { state.fake = Fake.none }
            return
        }
        if codes.behaviour == .printScreen { state.printIsSysRq = isDown(.alt) || isDown(.altRight) }
        let fake = fakeWanted(codes)
        guard enqueue(inSet(change(to: fake) + make(codes))) else { return }
        state.fake = fake
        state.fakeOwner = fake == Fake.none ? 0 : codes.set3
    }

    func keyUp(_ codes: KeyCodes) {
        if state.scanSet == 3 {
            if type(codes).contains(.breaks) { enqueue([Self.breaks, codes.set3]) }
            return
        }
        // Pause sent its release when it went down.
        guard codes.behaviour != .pause else { return }
        var sequence = release(codes)
        if state.fake != Fake.none {
            if codes.set3 == state.fakeOwner {
                sequence += change(to: Fake.none)
            } else if codes == Key.shift.codes || codes == Key.shiftRight.codes {
                // The system must know the key to be down before it goes up.
                sequence = change(to: Fake.none) + sequence
            } else {
                enqueue(inSet(sequence))
                return
            }
        }
        if enqueue(inSet(sequence)) {
            state.fake = Fake.none
            state.fakeOwner = 0
        }
    }

    /// The code that a held key repeats; fake shifts are not.
    func repeatSequence(_ codes: KeyCodes) -> [UInt8] {
        state.scanSet == 3 ? [codes.set3] : inSet(make(codes))
    }

    // MARK: Sequences of set 2

    private func inSet(_ sequence: [UInt8]) -> [UInt8] {
        state.scanSet == 1 ? ScanCodeTranslation.set1(sequence) : sequence
    }

    private func isDown(_ key: Key) -> Bool { state.known.contains(key.codes.set3) }

    private func make(_ codes: KeyCodes) -> [UInt8] {
        if codes.behaviour == .printScreen, state.printIsSysRq { return [Self.sysRq] }
        return codes.isExtended ? [Self.extended, codes.set2] : [codes.set2]
    }

    private func release(_ codes: KeyCodes) -> [UInt8] {
        if codes.behaviour == .printScreen, state.printIsSysRq { return [Self.breaks, Self.sysRq] }
        return codes.isExtended ? [Self.extended, Self.breaks, codes.set2] : [Self.breaks, codes.set2]
    }

    /// With Ctrl held, Pause is Break: what Ctrl and scroll lock were on the 84-key keyboard.
    private var pauseSequence: [UInt8] {
        isDown(.ctrl) || isDown(.ctrlRight)
            ? [0xE0, 0x7E, 0xE0, 0xF0, 0x7E]
            : [0xE1, 0x14, 0x77, 0xE1, 0xF0, 0x14, 0xF0, 0x77]
    }

    private func fakeWanted(_ codes: KeyCodes) -> UInt8 {
        let lifted = (isDown(.shift) ? Fake.leftLifted : 0) | (isDown(.shiftRight) ? Fake.rightLifted : 0)
        switch codes.behaviour {
        case .plain, .pause: return Fake.none
        case .navigation:
            guard state.leds & Light.numLock != 0 else { return lifted }
            return lifted == 0 ? Fake.added : Fake.none
        case .divide: return lifted
        case .printScreen:
            let isPlain = lifted == 0 && !isDown(.ctrl) && !isDown(.ctrlRight) && !state.printIsSysRq
            return isPlain ? Fake.added : Fake.none
        }
    }

    /// The fake shift codes that lead from what the system believes to `fake`.
    private func change(to fake: UInt8) -> [UInt8] {
        guard fake != state.fake else { return [] }
        return undo(state.fake) + set(fake)
    }

    private func set(_ fake: UInt8) -> [UInt8] {
        (fake & Fake.added != 0 ? [Self.extended, Self.leftShift] : [])
            + (fake & Fake.leftLifted != 0 ? [Self.extended, Self.breaks, Self.leftShift] : [])
            + (fake & Fake.rightLifted != 0 ? [Self.extended, Self.breaks, Self.rightShift] : [])
    }

    private func undo(_ fake: UInt8) -> [UInt8] {
        (fake & Fake.added != 0 ? [Self.extended, Self.breaks, Self.leftShift] : [])
            + (fake & Fake.leftLifted != 0 ? [Self.extended, Self.leftShift] : [])
            + (fake & Fake.rightLifted != 0 ? [Self.extended, Self.rightShift] : [])
    }
}
