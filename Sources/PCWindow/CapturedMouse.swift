#if Window
    import CSDL2
    import PCCore

    /// The host's mouse while the guest has it: by a click, until Ctrl and Alt are down together.
    struct CapturedMouse {
        /// The guest has the mouse.
        private(set) var isOn = false
        private var buttons: MouseButtons = []

        /// The mouse is the guest's from now on; the pointer hides, and only movements count.
        mutating func capture(_ sdl: SDL) {
            isOn = true
            _ = sdl.SetRelativeMouseMode(SDL_TRUE)
        }

        /// The mouse is the host's again, and no button is down for the guest.
        mutating func release(_ pc: PC, _ sdl: SDL) {
            guard isOn else { return }
            isOn = false
            _ = sdl.SetRelativeMouseMode(SDL_FALSE)
            buttons = []
            pc.setMouseButtons(buttons)
        }

        func move(_ event: SDL_MouseMotionEvent, _ pc: PC) {
            guard isOn else { return }
            pc.moveMouse(dx: Int(event.xrel), dy: Int(event.yrel))
        }

        /// The host counts notches away from the user.
        func turnWheel(_ event: SDL_MouseWheelEvent, _ pc: PC) {
            guard isOn else { return }
            let isFlipped = event.direction == SDL_MOUSEWHEEL_FLIPPED.rawValue
            pc.moveMouse(dx: 0, dy: 0, wheel: isFlipped ? Int(event.y) : -Int(event.y))
        }

        mutating func press(_ button: UInt8, _ pc: PC) {
            guard isOn else { return }
            buttons.formUnion(Self.button(button))
            pc.setMouseButtons(buttons)
        }

        mutating func release(_ button: UInt8, _ pc: PC) {
            guard isOn else { return }
            buttons.subtract(Self.button(button))
            pc.setMouseButtons(buttons)
        }

        /// Whether the modifiers of a key event are those that give the mouse back.
        static func isReleaseChord(_ modifiers: UInt16) -> Bool {
            let modifiers = UInt32(modifiers)
            return modifiers & KMOD_CTRL.rawValue != 0 && modifiers & KMOD_ALT.rawValue != 0
        }

        /// SDL numbers buttons from the left, then those at the side.
        static func button(_ number: UInt8) -> MouseButtons {
            switch number {
            case 1: .left
            case 2: .middle
            case 3: .right
            case 4: .fourth
            case 5: .fifth
            default: []
            }
        }
    }
#endif
