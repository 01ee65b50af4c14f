#if Window
    import CSDL2
    import Glibc
    import PCHost

    /// SDL's functions. `CSDL2` has its declarations; the library itself is loaded when a window is asked for.
    typealias SDL = SDLFunctions

    extension SDL {
        /// Loads the library, which stays loaded.
        static func load(_ library: String = "libSDL2-2.0.so.0") throws(BadInput) -> SDL {
            guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
                let reason = dlerror().map { String(cString: $0) } ?? library
                throw missing(reason)
            }
            var table = SDL()
            if let name = sdl_fill(&table, handle) {
                dlclose(handle)
                throw missing("\(library) has no \(String(cString: name))")
            }
            return table
        }

        /// What SDL says about its last failure.
        var complaint: String { GetError().map { String(cString: $0) } ?? "" }

        private static func missing(_ reason: String) -> BadInput {
            BadInput(
                "--display window: needs SDL2, which does not load (\(reason)); install libsdl2-2.0-0, or use "
                    + "--display terminal or --headless")
        }
    }
#endif
