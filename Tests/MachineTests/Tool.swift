import Foundation

/// What the tests of whole machines find around them.
enum Surroundings {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    /// The material beside the checkout; nil where there is none.
    static let shared: URL? = {
        let named = ProcessInfo.processInfo.environment["SWIFT86_SHARED"].map { URL(filePath: $0) }
        let folder = named ?? root.appending(path: "../shared").standardized
        return FileManager.default.fileExists(atPath: folder.appending(path: "guests").path) ? folder : nil
    }()

    /// An image of shared/guests, nil where it is not there.
    static func guest(_ name: String) -> URL? {
        let file = shared?.appending(path: "guests/images/\(name)")
        return file.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }

    static let hasFreeDOS = guest("freedos-1.4MB.img") != nil

    static func program(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/", "/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// The swift86 that was built with these tests.
struct Tool {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        /// The lines on standard error.
        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    /// Beside the test bundle, whatever the build folder is.
    static let url: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "swift86")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return Surroundings.root.appending(path: ".build/debug/swift86")
    }()

    /// Runs the program to its end; what it writes is small enough for files.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], through shell: String? = nil
    ) throws -> Outcome {
        let folder = try Folder()
        let process = Process()
        process.executableURL = shell == nil ? url : URL(filePath: "/bin/sh")
        process.arguments = shell.map { ["-c", $0, url.path] + arguments } ?? arguments
        process.environment = base.merging(environment) { $1 }
        let output = try folder.handle("output")
        let errors = try folder.handle("errors")
        try Data(input.utf8).write(to: folder.url.appending(path: "input"))
        process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "input"))
        process.standardOutput = output
        process.standardError = errors
        try process.launchUnblocked()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try folder.text("output"), errors: try folder.text("errors"))
    }

    /// No display: a test never opens a window on the developer's screen.
    static var base: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key != "DISPLAY" && $0.key != "WAYLAND_DISPLAY" }
    }
}

extension Process {
    /// Starts the program with no signal blocked. The threads of the test runner block nearly all of them, and a program
    /// that is started as usual inherits that.
    func launchUnblocked() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// A folder that is gone with the test.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "swift86-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    /// A copy that the guest may write to.
    func copy(_ source: URL) throws -> String {
        try file(source.lastPathComponent, Array(Data(contentsOf: source)))
    }

    func content(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

    func text(_ name: String) throws -> String { String(decoding: try content(name), as: UTF8.self) }

    func handle(_ name: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path(name), contents: nil)
        return try FileHandle(forWritingTo: url.appending(path: name))
    }
}
