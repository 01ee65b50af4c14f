// Scan codes of the 101/102-key keyboard, sets 2 and 3. Set 1 follows from set 2 by the table of `ScanCodeTranslation`.
// Tables: [PS/2 TR Keyboard (101- and 102-key): Scan codes]; the last three keys: [MS Scan Codes].

extension Key {
    /// More than the highest code of set 3.
    static let set3Limit: UInt8 = 0x90

    /// The codes of this key. In set 2, Print Screen and Pause stand for sequences that `ATKeyboard` makes.
    var codes: KeyCodes { Self.codesByKey[self] ?? KeyCodes(set2: 0, set3: 0) }

    /// The key that has `code` in set 3.
    init?(set3 code: UInt8) {
        guard code < Self.set3Limit, let key = Self.keysBySet3[Int(code)] else { return nil }
        self = key
    }

    private static let codesByKey: [Key: KeyCodes] = {
        var table: [Key: KeyCodes] = [:]
        for (key, set2, set3) in plain { table[key] = KeyCodes(set2: set2, set3: set3) }
        for (key, set2, set3) in extended { table[key] = KeyCodes(set2: set2, isExtended: true, set3: set3) }
        for (key, set2, set3) in navigation {
            table[key] = KeyCodes(set2: set2, isExtended: true, set3: set3, behaviour: .navigation)
        }
        table[.kpDivide] = KeyCodes(set2: 0x4A, isExtended: true, set3: 0x77, behaviour: .divide)
        table[.print] = KeyCodes(set2: 0x7C, isExtended: true, set3: 0x57, behaviour: .printScreen)
        table[.pause] = KeyCodes(set2: 0x77, set3: 0x62, behaviour: .pause)
        return table
    }()

    private static let keysBySet3: [Key?] = {
        var table = [Key?](repeating: nil, count: Int(set3Limit))
        for (key, codes) in codesByKey { table[Int(codes.set3)] = key }
        return table
    }()

    private static let plain: [(Key, UInt8, UInt8)] = [
        (.esc, 0x76, 0x08), (.f1, 0x05, 0x07), (.f2, 0x06, 0x0F), (.f3, 0x04, 0x17), (.f4, 0x0C, 0x1F),
        (.f5, 0x03, 0x27), (.f6, 0x0B, 0x2F), (.f7, 0x83, 0x37), (.f8, 0x0A, 0x3F), (.f9, 0x01, 0x47),
        (.f10, 0x09, 0x4F), (.f11, 0x78, 0x56), (.f12, 0x07, 0x5E), (.scrollLock, 0x7E, 0x5F),

        (.graveAccent, 0x0E, 0x0E), (.digit1, 0x16, 0x16), (.digit2, 0x1E, 0x1E), (.digit3, 0x26, 0x26),
        (.digit4, 0x25, 0x25), (.digit5, 0x2E, 0x2E), (.digit6, 0x36, 0x36), (.digit7, 0x3D, 0x3D),
        (.digit8, 0x3E, 0x3E), (.digit9, 0x46, 0x46), (.digit0, 0x45, 0x45), (.minus, 0x4E, 0x4E),
        (.equal, 0x55, 0x55), (.backspace, 0x66, 0x66),

        (.tab, 0x0D, 0x0D), (.q, 0x15, 0x15), (.w, 0x1D, 0x1D), (.e, 0x24, 0x24), (.r, 0x2D, 0x2D), (.t, 0x2C, 0x2C),
        (.y, 0x35, 0x35), (.u, 0x3C, 0x3C), (.i, 0x43, 0x43), (.o, 0x44, 0x44), (.p, 0x4D, 0x4D),
        (.bracketLeft, 0x54, 0x54), (.bracketRight, 0x5B, 0x5B), (.backslash, 0x5D, 0x5C),

        (.capsLock, 0x58, 0x14), (.a, 0x1C, 0x1C), (.s, 0x1B, 0x1B), (.d, 0x23, 0x23), (.f, 0x2B, 0x2B),
        (.g, 0x34, 0x34), (.h, 0x33, 0x33), (.j, 0x3B, 0x3B), (.k, 0x42, 0x42), (.l, 0x4B, 0x4B),
        (.semicolon, 0x4C, 0x4C), (.apostrophe, 0x52, 0x52), (.ret, 0x5A, 0x5A),

        (.shift, 0x12, 0x12), (.less, 0x61, 0x13), (.z, 0x1A, 0x1A), (.x, 0x22, 0x22), (.c, 0x21, 0x21),
        (.v, 0x2A, 0x2A), (.b, 0x32, 0x32), (.n, 0x31, 0x31), (.m, 0x3A, 0x3A), (.comma, 0x41, 0x41),
        (.dot, 0x49, 0x49), (.slash, 0x4A, 0x4A), (.shiftRight, 0x59, 0x59),
        (.ctrl, 0x14, 0x11), (.alt, 0x11, 0x19), (.spc, 0x29, 0x29),

        (.numLock, 0x77, 0x76), (.kpMultiply, 0x7C, 0x7E), (.kpSubtract, 0x7B, 0x84), (.kpAdd, 0x79, 0x7C),
        (.kp7, 0x6C, 0x6C), (.kp8, 0x75, 0x75), (.kp9, 0x7D, 0x7D), (.kp4, 0x6B, 0x6B), (.kp5, 0x73, 0x73),
        (.kp6, 0x74, 0x74), (.kp1, 0x69, 0x69), (.kp2, 0x72, 0x72), (.kp3, 0x7A, 0x7A), (.kp0, 0x70, 0x70),
        (.kpDecimal, 0x71, 0x71),
    ]

    private static let extended: [(Key, UInt8, UInt8)] = [
        (.altRight, 0x11, 0x39), (.ctrlRight, 0x14, 0x58), (.kpEnter, 0x5A, 0x79),
        (.metaLeft, 0x1F, 0x8B), (.metaRight, 0x27, 0x8C), (.menu, 0x2F, 0x8D),
    ]

    private static let navigation: [(Key, UInt8, UInt8)] = [
        (.insert, 0x70, 0x67), (.delete, 0x71, 0x64), (.home, 0x6C, 0x6E), (.end, 0x69, 0x65), (.pgup, 0x7D, 0x6F),
        (.pgdn, 0x7A, 0x6D), (.up, 0x75, 0x63), (.left, 0x6B, 0x61), (.down, 0x72, 0x60), (.right, 0x74, 0x6A),
    ]
}

/// What a key sends in scan code set 3, by its type.
struct KeyType: OptionSet {
    let rawValue: UInt8

    /// The make code is repeated while the key is held.
    static let typematic = KeyType(rawValue: 1)
    /// The key sends a break code.
    static let breaks = KeyType(rawValue: 2)
    static let makeOnly: KeyType = []

    /// The types at power-on, indexed by the code of set 3. [PS/2 TR Keyboard: Scan code set 3]
    static let defaults: [UInt8] = {
        var types = [UInt8](repeating: KeyType.typematic.rawValue, count: Int(Key.set3Limit))
        let makeBreak: [Key] = [.shift, .shiftRight, .ctrl, .alt, .capsLock]
        let functionKeys: [Key] = [
            .esc, .f1, .f2, .f3, .f4, .f5, .f6, .f7, .f8, .f9, .f10, .f11, .f12, .print, .scrollLock, .pause,
        ]
        let pad: [Key] = [
            .numLock, .kpDivide, .kpMultiply, .kpSubtract, .kpEnter, .kpDecimal, .kp0, .kp1, .kp2, .kp3,
            .kp4,
            .kp5, .kp6, .kp7, .kp8, .kp9,
        ]
        // unverified: the types of the three keys that came with the 104-key keyboard.
        let others: [Key] = [.altRight, .ctrlRight, .insert, .home, .end, .pgup, .pgdn, .metaLeft, .metaRight, .menu]
        for key in makeBreak { types[Int(key.codes.set3)] = KeyType.breaks.rawValue }
        for key in functionKeys + pad + others { types[Int(key.codes.set3)] = KeyType.makeOnly.rawValue }
        return types
    }()
}
