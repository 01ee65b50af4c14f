/// A key by its place on the PC's 101/102-key keyboard (with the three keys that the 104-key one added), named as
/// QEMU's `sendkey` names it. The names are those of a US keyboard.
public enum Key: String, CaseIterable, Sendable {
    case esc, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12
    case print
    case scrollLock = "scroll_lock"
    case pause

    case graveAccent = "grave_accent"
    case digit1 = "1"
    case digit2 = "2"
    case digit3 = "3"
    case digit4 = "4"
    case digit5 = "5"
    case digit6 = "6"
    case digit7 = "7"
    case digit8 = "8"
    case digit9 = "9"
    case digit0 = "0"
    case minus, equal, backspace

    case tab, q, w, e, r, t, y, u, i, o, p
    case bracketLeft = "bracket_left"
    case bracketRight = "bracket_right"
    case backslash
    case capsLock = "caps_lock"
    case a, s, d, f, g, h, j, k, l, semicolon, apostrophe, ret
    case shift, z, x, c, v, b, n, m, comma, dot, slash
    case shiftRight = "shift_r"
    /// The key between the left shift key and Z, which the 102-key keyboard has.
    case less
    case ctrl, alt, spc
    case altRight = "alt_r"
    case ctrlRight = "ctrl_r"
    case metaLeft = "meta_l"
    case metaRight = "meta_r"
    case menu

    case insert, home, pgup, delete, end, pgdn
    case up, left, down, right

    case numLock = "num_lock"
    case kpDivide = "kp_divide"
    case kpMultiply = "kp_multiply"
    case kpSubtract = "kp_subtract"
    case kp7 = "kp_7"
    case kp8 = "kp_8"
    case kp9 = "kp_9"
    case kpAdd = "kp_add"
    case kp4 = "kp_4"
    case kp5 = "kp_5"
    case kp6 = "kp_6"
    case kp1 = "kp_1"
    case kp2 = "kp_2"
    case kp3 = "kp_3"
    case kpEnter = "kp_enter"
    case kp0 = "kp_0"
    case kpDecimal = "kp_decimal"

    /// The key that `sysrq` names: with Alt held, Print Screen is System Request.
    public static let sysrq = Key.print
    /// The key that `asterisk` names.
    public static let asterisk = Key.kpMultiply

    /// The key of a name, other names that `sendkey` knows included.
    public init?(named name: String) {
        switch name {
        case "sysrq": self = .sysrq
        case "asterisk": self = .asterisk
        default: self.init(rawValue: name)
        }
    }
}

/// Which keys change their codes with the state of the shift keys and num lock.
enum KeyBehaviour: Equatable {
    case plain
    /// Insert, Home and the like, which the 84-key keyboard had on the number pad only.
    case navigation
    case divide
    case printScreen
    case pause
}

/// The codes that the keyboard sends for one key.
struct KeyCodes: Equatable {
    /// Of scan code set 2.
    var set2: UInt8
    /// E0h goes before `set2`.
    var isExtended = false
    /// Of scan code set 3; it is also the key's number in the keyboard's own tables.
    var set3: UInt8
    var behaviour = KeyBehaviour.plain
}
