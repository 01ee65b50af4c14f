#if Window
    import CSDL2
    import PCCore
    import PCHost

    /// The machine in an SDL window: picture, keys, speaker.
    ///
    /// A click gives the guest the mouse, Ctrl-Alt gives it back. Alt-Enter switches to full screen and back; Ctrl-Shift-V
    /// pastes text as keys, and so does the middle mouse button while the guest has no mouse. Ctrl-F4 puts the next of several
    /// images into its drive, and a file that is dropped on the window goes into the drive of its kind. Ctrl-F7 saves the
    /// machine's state, Ctrl-F8 loads it.
    public final class WindowDisplay: FrontEnd {
        private let sdl: SDL
        private let window: OpaquePointer
        private let renderer: OpaquePointer
        private let name: String
        private let clock: HostClock
        private let messages: Messages
        private var texture: OpaquePointer?
        private var textureSize = (width: 0, height: 0)
        private var shown: (generation: UInt64, blink: Bool)?
        private var monitor: Monitor
        private var held = HeldKeys()
        private var mouse = CapturedMouse()
        private var speaker: SpeakerOutput?
        private var title: WindowTitle
        private var nextTurn: UInt64 = 0
        private var isOpen = true

        /// Host time between two looks at the window, in nanoseconds.
        private static let period: UInt64 = 16_000_000
        /// Guest time between two changes of what blinks: 16 pictures of 60 Hz, in nanoseconds.
        private static let blinkPeriod: UInt64 = 266_666_667

        /// Opens the window. `name` stands in its title.
        public init(
            name: String, showsBorder: Bool = false, clock: HostClock = .system, messages: Messages = Messages()
        ) throws(BadInput) {
            sdl = try SDL.load()
            // Signals are the caller's business, and the guest's keys are no text.
            _ = sdl.SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1")
            _ = sdl.SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1")
            guard sdl.Init(SDL_INIT_VIDEO) == 0 else { throw Self.failure(sdl, "cannot be opened") }
            var bounds = SDL_Rect(x: 0, y: 0, w: 1024, h: 768)
            _ = sdl.GetDisplayUsableBounds(0, &bounds)
            let size = Viewport.windowSize(frame: (720, 400), display: (Int(bounds.w), Int(bounds.h)))
            let flags = SDL_WINDOW_RESIZABLE.rawValue | SDL_WINDOW_ALLOW_HIGHDPI.rawValue
            let centred = Int32(bitPattern: SDL_WINDOWPOS_CENTERED_MASK)
            title = WindowTitle(name: name)
            guard
                let window = sdl.CreateWindow(
                    title.text, centred, centred, Int32(size.width), Int32(size.height), flags)
            else { throw Self.failure(sdl, "cannot be opened") }
            guard let renderer = Drawing.renderer(for: window, sdl) else {
                throw Self.failure(sdl, "cannot be drawn in")
            }
            self.window = window
            self.renderer = renderer
            self.name = name
            monitor = Monitor(showsBorder: showsBorder)
            self.clock = clock
            self.messages = messages
            sdl.StopTextInput()
        }

        deinit {
            close()
        }

        public func close() {
            guard isOpen else { return }
            isOpen = false
            speaker?.close()
            if let texture { sdl.DestroyTexture(texture) }
            texture = nil
            sdl.DestroyRenderer(renderer)
            sdl.DestroyWindow(window)
            sdl.Quit()
        }

        public func turn(_ session: MachineSession) -> Bool {
            let now = clock.now()
            guard now >= nextTurn else { return true }
            nextTurn = now &+ Self.period
            let goesOn = takeEvents(session)
            play(session)
            show(session)
            if title.update(session, hasMouse: mouse.isOn, at: now) { sdl.SetWindowTitle(window, title.text) }
            return goesOn
        }

        // MARK: Input

        /// Handles what the user did. False: the window is to be closed.
        private func takeEvents(_ session: MachineSession) -> Bool {
            var event = SDL_Event()
            while sdl.PollEvent(&event) != 0 {
                switch SDL_EventType(rawValue: event.type) {
                case SDL_QUIT: return false
                case SDL_KEYDOWN: keyDown(event.key, session)
                case SDL_KEYUP:
                    if let key = held.release(event.key.keysym.scancode.rawValue) { session.pc.release(key) }
                case SDL_MOUSEMOTION: mouse.move(event.motion, session.pc)
                case SDL_MOUSEWHEEL: mouse.turnWheel(event.wheel, session.pc)
                case SDL_MOUSEBUTTONDOWN:
                    buttonDown(event.button.button, session)
                    // The guest must have time to see a button down before it is up again.
                    return true
                case SDL_MOUSEBUTTONUP:
                    mouse.release(event.button.button, session.pc)
                    return true
                case SDL_WINDOWEVENT:
                    if event.window.event == SDL_WINDOWEVENT_FOCUS_LOST.rawValue {
                        releaseKeys(session)
                        mouse.release(session.pc, sdl)
                    }
                    // Uncovered, resized or moved to another display: draw again.
                    shown = nil
                case SDL_RENDER_TARGETS_RESET, SDL_RENDER_DEVICE_RESET:
                    dropTexture()
                    shown = nil
                case SDL_DROPFILE:
                    if let path = event.drop.file {
                        session.media.drop(String(cString: path))
                        sdl.free(path)
                    }
                default: break
                }
            }
            return true
        }

        private func buttonDown(_ button: UInt8, _ session: MachineSession) {
            if mouse.isOn {
                mouse.press(button, session.pc)
            } else if button == 2 {
                paste(session)
            } else {
                mouse.capture(sdl)
            }
        }

        private func keyDown(_ event: SDL_KeyboardEvent, _ session: MachineSession) {
            // The guest's keyboard makes repeats of its own.
            guard event.repeat == 0 else { return }
            if CapturedMouse.isReleaseChord(event.keysym.mod) { mouse.release(session.pc, sdl) }
            let modifiers = UInt32(event.keysym.mod)
            let isAlt = modifiers & KMOD_ALT.rawValue != 0
            let isControl = modifiers & KMOD_CTRL.rawValue != 0
            let isControlShift = isControl && modifiers & KMOD_SHIFT.rawValue != 0
            switch event.keysym.scancode {
            case SDL_SCANCODE_RETURN where isAlt: toggleFullScreen()
            case SDL_SCANCODE_V where isControlShift: paste(session)
            case SDL_SCANCODE_F4 where isControl && !isAlt && session.media.hasTurns: session.media.next()
            case SDL_SCANCODE_F7 where isControl && !isAlt: keepState(session, loads: false)
            case SDL_SCANCODE_F8 where isControl && !isAlt: keepState(session, loads: true)
            default:
                let scancode = event.keysym.scancode
                if let key = held.press(scancode.rawValue, KeyPositions.key(scancode)) { session.pc.press(key) }
            }
        }

        /// Saves the machine's state, or goes back to it. The title says how that went, and messages why not.
        private func keepState(_ session: MachineSession, loads: Bool) {
            let path = session.plan.statePath
            do throws(BadInput) {
                // Nothing is held after a load but what the user holds from then on.
                releaseKeys(session)
                if loads { try session.load(from: path) } else { try session.save(to: path) }
                shown = nil
                title.tell(loads ? "loaded \(path)" : "saved \(path)", at: clock.now())
            } catch {
                title.tell(loads ? "not loaded" : "not saved", at: clock.now())
                messages.warning(error.message)
            }
            sdl.SetWindowTitle(window, title.text)
        }

        private func toggleFullScreen() {
            let isFull = isFullScreen
            _ = sdl.SetWindowFullscreen(window, isFull ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue)
            _ = sdl.ShowCursor(isFull ? SDL_ENABLE : SDL_DISABLE)
            shown = nil
        }

        private func releaseKeys(_ session: MachineSession) {
            for key in held.releaseAll() { session.pc.release(key) }
        }

        /// Types what the clipboard holds. Modifiers that are held would turn it into something else.
        private func paste(_ session: MachineSession) {
            releaseKeys(session)
            guard let text = sdl.GetClipboardText() else { return }
            session.typist.paste(String(cString: text))
            sdl.free(text)
        }

        // MARK: Output

        private func play(_ session: MachineSession) {
            let speaker = self.speaker ?? SpeakerOutput(sdl, seconds: session.seconds)
            self.speaker = speaker
            if let problem = speaker.play(session.link.takeTones(), until: session.pc.now) {
                messages.warning(problem)
            }
        }

        /// Draws the picture if it changed since it was drawn last.
        private func show(_ session: MachineSession) {
            let pc = session.pc
            let blink = session.seconds.nanoseconds(slots: pc.now) / Self.blinkPeriod % 2 == 0
            let generation = pc.frameGeneration
            if let shown, shown.generation == generation, shown.blink == blink { return }
            // What was written may be what stood there already, and often nothing blinks.
            let changed = pc.update(&monitor, blinkVisible: blink)
            let frame = (width: monitor.frame.width, height: monitor.frame.height)
            guard frame.width > 0, frame.height > 0 else { return clear() }
            let isFirst = shown == nil
            shown = (generation, blink)
            guard isFirst || !changed.isEmpty else { return }
            if frame != textureSize { makeRoom(for: frame) }
            upload(changed)
            var width: Int32 = 0
            var height: Int32 = 0
            _ = sdl.GetRendererOutputSize(renderer, &width, &height)
            let place = Viewport.fit(frame: (frame.width, frame.height), window: (Int(width), Int(height)))
            var target = SDL_Rect(
                x: Int32(place.x), y: Int32(place.y), w: Int32(place.width), h: Int32(place.height))
            clear(presents: false)
            _ = sdl.RenderCopy(renderer, texture, nil, &target)
            sdl.RenderPresent(renderer)
        }

        /// Lets the window grow where a new picture is larger than it; the user may make it smaller again.
        private func makeRoom(for frame: (width: Int, height: Int)) {
            var (width, height): (Int32, Int32) = (0, 0)
            _ = sdl.GetRendererOutputSize(renderer, &width, &height)
            guard Int(width) < frame.width || Int(height) < frame.width * 3 / 4, !isFullScreen else { return }
            var bounds = SDL_Rect(x: 0, y: 0, w: 1024, h: 768)
            _ = sdl.GetDisplayUsableBounds(0, &bounds)
            let size = Viewport.windowSize(frame: frame, display: (Int(bounds.w), Int(bounds.h)))
            sdl.SetWindowSize(window, min(Int32(size.width), bounds.w), min(Int32(size.height), bounds.h))
        }

        private var isFullScreen: Bool {
            sdl.GetWindowFlags(window) & SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue
                == SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue
        }

        private func clear(presents: Bool = true) {
            _ = sdl.SetRenderDrawColor(renderer, 0, 0, 0, 255)
            _ = sdl.RenderClear(renderer)
            if presents { sdl.RenderPresent(renderer) }
        }

        /// Brings `lines` of the picture into the texture, or all of it into a new one.
        private func upload(_ lines: Range<Int>) {
            let frame = monitor.frame
            var lines = lines
            if texture == nil || textureSize != (frame.width, frame.height) {
                dropTexture()
                texture = sdl.CreateTexture(
                    renderer, SDL_PIXELFORMAT_RGB888.rawValue, Int32(SDL_TEXTUREACCESS_STREAMING.rawValue),
                    Int32(frame.width), Int32(frame.height))
                textureSize = (frame.width, frame.height)
                lines = 0..<frame.height
            }
            lines = lines.clamped(to: 0..<frame.height)
            guard let texture, !lines.isEmpty, frame.pixels.count >= frame.width * frame.height else { return }
            var place = SDL_Rect(
                x: 0, y: Int32(lines.lowerBound), w: Int32(frame.width), h: Int32(lines.count))
            // SAFETY: the lines are in the picture, as was just checked.
            frame.pixels.withUnsafeBufferPointer {
                let first = $0.baseAddress.map { $0 + lines.lowerBound * frame.width }
                _ = sdl.UpdateTexture(texture, &place, first, Int32(frame.width * 4))
            }
        }

        private func dropTexture() {
            if let texture { sdl.DestroyTexture(texture) }
            texture = nil
        }

        private static func failure(_ sdl: SDL, _ what: String) -> BadInput {
            BadInput("--display window: a window \(what): \(sdl.complaint)")
        }
    }
#endif
