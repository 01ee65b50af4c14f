#if Window
    import CSDL2
    import PCCore

    /// The PC's keys by SDL's scancodes: both say where a key is, not what is printed on it.
    enum KeyPositions {
        static func key(_ scancode: SDL_Scancode) -> Key? {
            keys[scancode.rawValue]
        }

        private static let keys: [UInt32: Key] = {
            var keys: [UInt32: Key] = [:]
            for (scancode, name) in names { keys[scancode.rawValue] = Key(rawValue: name) }
            for (i, letter) in "abcdefghijklmnopqrstuvwxyz".enumerated() {
                keys[SDL_SCANCODE_A.rawValue + UInt32(i)] = Key(rawValue: String(letter))
            }
            for (i, digit) in "1234567890".enumerated() {
                keys[SDL_SCANCODE_1.rawValue + UInt32(i)] = Key(rawValue: String(digit))
                keys[SDL_SCANCODE_KP_1.rawValue + UInt32(i)] = Key(rawValue: "kp_\(digit)")
            }
            for i in 0..<12 {
                keys[SDL_SCANCODE_F1.rawValue + UInt32(i)] = Key(rawValue: "f\(i + 1)")
            }
            return keys
        }()

        private static let names: [(SDL_Scancode, String)] = [
            (SDL_SCANCODE_RETURN, "ret"), (SDL_SCANCODE_ESCAPE, "esc"), (SDL_SCANCODE_BACKSPACE, "backspace"),
            (SDL_SCANCODE_TAB, "tab"), (SDL_SCANCODE_SPACE, "spc"), (SDL_SCANCODE_MINUS, "minus"),
            (SDL_SCANCODE_EQUALS, "equal"), (SDL_SCANCODE_LEFTBRACKET, "bracket_left"),
            (SDL_SCANCODE_RIGHTBRACKET, "bracket_right"), (SDL_SCANCODE_BACKSLASH, "backslash"),
            (SDL_SCANCODE_NONUSHASH, "backslash"), (SDL_SCANCODE_SEMICOLON, "semicolon"),
            (SDL_SCANCODE_APOSTROPHE, "apostrophe"), (SDL_SCANCODE_GRAVE, "grave_accent"),
            (SDL_SCANCODE_COMMA, "comma"), (SDL_SCANCODE_PERIOD, "dot"), (SDL_SCANCODE_SLASH, "slash"),
            (SDL_SCANCODE_CAPSLOCK, "caps_lock"), (SDL_SCANCODE_PRINTSCREEN, "print"),
            (SDL_SCANCODE_SCROLLLOCK, "scroll_lock"), (SDL_SCANCODE_PAUSE, "pause"),
            (SDL_SCANCODE_INSERT, "insert"), (SDL_SCANCODE_HOME, "home"), (SDL_SCANCODE_PAGEUP, "pgup"),
            (SDL_SCANCODE_DELETE, "delete"), (SDL_SCANCODE_END, "end"), (SDL_SCANCODE_PAGEDOWN, "pgdn"),
            (SDL_SCANCODE_RIGHT, "right"), (SDL_SCANCODE_LEFT, "left"), (SDL_SCANCODE_DOWN, "down"),
            (SDL_SCANCODE_UP, "up"), (SDL_SCANCODE_NUMLOCKCLEAR, "num_lock"), (SDL_SCANCODE_KP_DIVIDE, "kp_divide"),
            (SDL_SCANCODE_KP_MULTIPLY, "kp_multiply"), (SDL_SCANCODE_KP_MINUS, "kp_subtract"),
            (SDL_SCANCODE_KP_PLUS, "kp_add"), (SDL_SCANCODE_KP_ENTER, "kp_enter"),
            (SDL_SCANCODE_KP_PERIOD, "kp_decimal"), (SDL_SCANCODE_NONUSBACKSLASH, "less"),
            (SDL_SCANCODE_APPLICATION, "menu"), (SDL_SCANCODE_LCTRL, "ctrl"), (SDL_SCANCODE_LSHIFT, "shift"),
            (SDL_SCANCODE_LALT, "alt"), (SDL_SCANCODE_LGUI, "meta_l"), (SDL_SCANCODE_RCTRL, "ctrl_r"),
            (SDL_SCANCODE_RSHIFT, "shift_r"), (SDL_SCANCODE_RALT, "alt_r"), (SDL_SCANCODE_RGUI, "meta_r"),
        ]
    }
#endif
