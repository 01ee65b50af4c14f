#if Window
    import CSDL2

    /// Chooses how a window is drawn in.
    enum Drawing {
        /// A renderer of the graphics card; where OpenGL is only emulated on the CPU, SDL's own software renderer, which
        /// takes a third of the time for a picture that is merely enlarged.
        static func renderer(for window: OpaquePointer, _ sdl: SDL) -> OpaquePointer? {
            // The software renderer is not to go through OpenGL either.
            _ = sdl.SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0")
            if let renderer = sdl.CreateRenderer(window, -1, SDL_RENDERER_ACCELERATED.rawValue) {
                guard isOpenGLEmulated(sdl) else { return renderer }
                sdl.DestroyRenderer(renderer)
            }
            return sdl.CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE.rawValue)
        }

        /// Whether the current OpenGL context is one of Mesa's that draw on the CPU.
        private static func isOpenGLEmulated(_ sdl: SDL) -> Bool {
            // SAFETY: glGetString has this signature wherever OpenGL is; 1F01h is GL_RENDERER.
            typealias GetString = @convention(c) (UInt32) -> UnsafePointer<CChar>?
            guard sdl.GL_GetCurrentContext() != nil, let function = sdl.GL_GetProcAddress("glGetString") else {
                return false
            }
            guard let text = unsafeBitCast(function, to: GetString.self)(0x1F01) else { return false }
            let name = String(cString: text)
            return ["llvmpipe", "softpipe", "swrast", "Software Rasterizer"].contains { name.contains($0) }
        }
    }
#endif
