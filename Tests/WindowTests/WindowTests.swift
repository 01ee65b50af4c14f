#if Window
    import CSDL2
    import Glibc
    import PCCore
    import PCHost
    import Testing

    @testable import PCWindow

    @Suite struct ViewportTests {
        @Test(
            arguments: [
                ((640, 480), (1280, 960), Viewport(x: 0, y: 0, width: 1280, height: 960)),
                ((720, 400), (720, 540), Viewport(x: 0, y: 0, width: 720, height: 540)),
                ((720, 400), (1000, 600), Viewport(x: 140, y: 30, width: 720, height: 540)),
                ((720, 400), (2160, 1600), Viewport(x: 0, y: 0, width: 2160, height: 1600)),
                ((320, 200), (1600, 1200), Viewport(x: 0, y: 0, width: 1600, height: 1200)),
                ((320, 200), (720, 540), Viewport(x: 40, y: 30, width: 640, height: 480)),
                ((640, 350), (1280, 960), Viewport(x: 0, y: 0, width: 1280, height: 960)),
                ((720, 400), (400, 300), Viewport(x: 0, y: 0, width: 400, height: 300)),
            ] as [((Int, Int), (Int, Int), Viewport)])
        func places(frame: (Int, Int), window: (Int, Int), expected: Viewport) {
            #expect(Viewport.fit(frame: frame, window: window) == expected)
        }

        /// Columns have whole numbers of pixels, the shape is 4 to 3, and nothing hangs over.
        @Test func everyWindow() {
            for frame in [(720, 400), (640, 350), (640, 480), (320, 200), (360, 400), (320, 240)] {
                for width in stride(from: frame.0, through: 4000, by: 97) {
                    for height in stride(from: frame.0 * 3 / 4, through: 2400, by: 83) {
                        let place = Viewport.fit(frame: frame, window: (width, height))
                        #expect(place.x >= 0 && place.y >= 0)
                        #expect(place.width <= width && place.height <= height)
                        #expect(place.width % frame.0 == 0)
                        #expect(abs(place.width * 3 - place.height * 4) * 100 <= place.height * 12 + 400)
                    }
                }
            }
        }

        @Test func emptySizesAreHarmless() {
            #expect(Viewport.fit(frame: (0, 0), window: (10, 10)).width == 0)
            #expect(Viewport.fit(frame: (720, 400), window: (0, 0)).width == 0)
            #expect(Viewport.fit(frame: (720, 400), window: (1, 1)).width == 1)
        }

        @Test func theFirstWindowFitsTheDisplay() {
            #expect(Viewport.windowSize(frame: (720, 400), display: (1024, 768)) == (720, 540))
            #expect(Viewport.windowSize(frame: (720, 400), display: (1920, 1200)) == (1440, 1080))
            #expect(Viewport.windowSize(frame: (720, 400), display: (640, 480)) == (720, 540))
        }
    }

    @Suite struct HeldKeysTests {
        private let key = Key.a

        @Test func aRepeatIsDropped() {
            var held = HeldKeys()
            #expect(held.press(4, key) == key)
            #expect(held.press(4, key) == nil)
            #expect(held.release(4) == key)
            #expect(held.release(4) == nil)
        }

        @Test func allAreReleasedOnce() {
            var held = HeldKeys()
            _ = held.press(4, key)
            _ = held.press(5, nil)
            #expect(held.releaseAll() == [key])
            #expect(held.releaseAll() == [])
            #expect(held.release(4) == nil)
        }
    }

    @Suite struct KeyPositionsTests {
        @Test func lettersAreWhereTheyAre() {
            #expect(KeyPositions.key(SDL_SCANCODE_A) == Key(rawValue: "a"))
            #expect(KeyPositions.key(SDL_SCANCODE_UNKNOWN) == nil)
        }

        @Test
        func everyKeyOfTheKeyboardIsThere() {
            let positions: [SDL_Scancode] = [
                SDL_SCANCODE_Z, SDL_SCANCODE_0, SDL_SCANCODE_KP_0, SDL_SCANCODE_KP_9, SDL_SCANCODE_F12,
                SDL_SCANCODE_RCTRL, SDL_SCANCODE_RALT, SDL_SCANCODE_KP_ENTER, SDL_SCANCODE_PAUSE,
                SDL_SCANCODE_PRINTSCREEN, SDL_SCANCODE_NONUSBACKSLASH, SDL_SCANCODE_APPLICATION, SDL_SCANCODE_LGUI,
                SDL_SCANCODE_SCROLLLOCK, SDL_SCANCODE_NUMLOCKCLEAR, SDL_SCANCODE_GRAVE, SDL_SCANCODE_KP_PERIOD,
            ]
            for position in positions { #expect(KeyPositions.key(position) != nil, "scancode \(position.rawValue)") }
        }
    }

    @Suite struct CapturedMouseTests {
        @Test func buttonsByTheirNumbers() {
            #expect((1...5).map { CapturedMouse.button($0) } == [.left, .middle, .right, .fourth, .fifth])
            #expect(CapturedMouse.button(9) == [])
        }

        @Test func ctrlAndAltGiveItBack() {
            let (ctrl, alt) = (UInt16(KMOD_LCTRL.rawValue), UInt16(KMOD_RALT.rawValue))
            #expect(CapturedMouse.isReleaseChord(ctrl | alt))
            #expect(!CapturedMouse.isReleaseChord(ctrl))
            #expect(!CapturedMouse.isReleaseChord(alt))
        }
    }

    @Suite struct SDLTests {
        /// A machine without a window does not pay for what SDL brings along.
        @Test func theLibraryIsLoadedOnlyWhenAsked() throws {
            #expect(dlopen("libSDL2-2.0.so.0", RTLD_NOW | RTLD_NOLOAD) == nil)
            let sdl = try SDL.load()
            #expect(dlopen("libSDL2-2.0.so.0", RTLD_NOW | RTLD_NOLOAD) != nil)
            #expect(sdl.complaint.isEmpty)
        }

        @Test(
            arguments: [
                ("libSDL2-none.so.0", "libSDL2-none.so.0: cannot open shared object file"),
                ("libm.so.6", "libm.so.6 has no SDL_CloseAudioDevice"),
            ])
        func aLibraryThatIsNotThereIsNamed(library: String, reason: String) throws {
            let problem = try #require(throws: BadInput.self) { try SDL.load(library) }
            #expect(problem.message.contains(reason))
            #expect(problem.message.contains("install libsdl2-2.0-0"))
            #expect(!problem.message.contains("\n"))
        }
    }

    @Suite struct WindowTitleTests {
        @Test func saysTheSpeed() {
            let text = WindowTitle.text(
                name: "dos.img", isDead: false, host: 1_000_000_000, guest: 998_000_000, instructions: 123_456_789)
            #expect(text == "Swift86 – dos.img – 100 % (123 MIPS)")
            #expect(WindowTitle.text(name: "x", isDead: true, host: 0, guest: 0, instructions: 0).hasSuffix("halted"))
        }
    }
#endif
