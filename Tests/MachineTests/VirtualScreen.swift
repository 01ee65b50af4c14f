import Foundation

/// An X server without a screen, whose picture is a file. Nil where Xvfb is not installed.
final class VirtualScreen {
    static let isAvailable = Surroundings.program("Xvfb") != nil && Surroundings.program("xdotool") != nil

    let display: String
    private let server = Process()
    private let folder: Folder

    init() throws {
        folder = try Folder()
        server.executableURL = URL(filePath: Surroundings.program("Xvfb") ?? "/usr/bin/Xvfb")
        // The server picks a free number and writes it down.
        let pipe = Pipe()
        server.arguments = [
            "-displayfd", "1", "-screen", "0", "1024x768x24", "-fbdir", folder.url.path, "-nolisten", "tcp", "-noreset",
        ]
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = pipe
        server.standardError = FileHandle.nullDevice
        try server.launchUnblocked()
        let number = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        if server.isRunning {
            server.terminate()
            server.waitUntilExit()
        }
    }

    /// What a program needs to find the screen. Drawing is by the CPU, sound goes nowhere.
    var environment: [String: String] {
        ["DISPLAY": display, "SDL_VIDEODRIVER": "x11", "SDL_RENDER_DRIVER": "software", "SDL_AUDIODRIVER": "dummy"]
    }

    /// Runs xdotool and returns what it printed.
    @discardableResult func xdotool(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: Surroundings.program("xdotool") ?? "/usr/bin/xdotool")
        process.arguments = arguments
        process.environment = Tool.base.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.launchUnblocked()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Asks the program to close its window, as a window manager does when the user clicks on the cross: by a client
    /// message WM_PROTOCOLS that carries WM_DELETE_WINDOW. Debian 12's xdotool can only destroy windows.
    func requestClose(of window: String) throws {
        typealias Open = @convention(c) (UnsafePointer<CChar>?) -> OpaquePointer?
        typealias Intern = @convention(c) (OpaquePointer, UnsafePointer<CChar>, Int32) -> UInt
        typealias Send = @convention(c) (OpaquePointer, UInt, Int32, Int, UnsafeMutableRawPointer) -> Int32
        typealias Finish = @convention(c) (OpaquePointer, Int32) -> Int32
        struct Missing: Error {}
        guard let library = dlopen("libX11.so.6", RTLD_NOW), let open = dlsym(library, "XOpenDisplay"),
            let intern = dlsym(library, "XInternAtom"), let send = dlsym(library, "XSendEvent"),
            let sync = dlsym(library, "XSync"), let close = dlsym(library, "XCloseDisplay"),
            let connection = unsafeBitCast(open, to: Open.self)(display), let target = UInt(window)
        else { throw Missing() }
        let atom = unsafeBitCast(intern, to: Intern.self)
        // SAFETY: an XEvent has 192 bytes; the fields are those of XClientMessageEvent on a 64-bit host.
        let event = UnsafeMutableRawPointer.allocate(byteCount: 192, alignment: 8)
        defer { event.deallocate() }
        event.initializeMemory(as: UInt8.self, repeating: 0, count: 192)
        event.storeBytes(of: 33, as: Int32.self)
        event.storeBytes(of: target, toByteOffset: 32, as: UInt.self)
        event.storeBytes(of: atom(connection, "WM_PROTOCOLS", 0), toByteOffset: 40, as: UInt.self)
        event.storeBytes(of: 32, toByteOffset: 48, as: Int32.self)
        event.storeBytes(of: atom(connection, "WM_DELETE_WINDOW", 0), toByteOffset: 56, as: UInt.self)
        _ = unsafeBitCast(send, to: Send.self)(connection, target, 0, 0, event)
        _ = unsafeBitCast(sync, to: Finish.self)(connection, 0)
        _ = unsafeBitCast(close, to: (@convention(c) (OpaquePointer) -> Int32).self)(connection)
    }

    /// The picture now: rows of 00RRGGBBh.
    func picture() throws -> (width: Int, height: Int, pixels: [UInt32]) {
        let file = try folder.content("Xvfb_screen0")
        // An XWD file: a header of big-endian words, a colour map of 12 bytes an entry, the rows.
        let word = { (index: Int) in (0..<4).reduce(0) { $0 << 8 | Int(file[index * 4 + $1]) } }
        let (width, height, rowSize, start) = (word(4), word(5), word(12), word(0) + word(19) * 12)
        var pixels: [UInt32] = []
        pixels.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width {
                let place = start + y * rowSize + x * 4
                pixels.append(UInt32(file[place]) | UInt32(file[place + 1]) << 8 | UInt32(file[place + 2]) << 16)
            }
        }
        return (width, height, pixels)
    }

    /// Pixels that are lit.
    func litPixels() throws -> Int {
        try picture().pixels.count { $0 & 0xFFFFFF != 0 }
    }
}
