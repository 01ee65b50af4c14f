import Foundation

@testable import Fuzzing

/// The oracles' programs, built for the tests; those that cannot be built or run here are missing.
enum OracleFolder {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Oracles").path

    static let path: String = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swift86-oracles-\(getpid())").path
        let make = Process()
        make.executableURL = URL(filePath: "/usr/bin/env")
        make.arguments = ["make", "-s", "-C", sources, "OUT=\(folder)"]
        make.standardOutput = FileHandle.nullDevice
        make.standardError = FileHandle.nullDevice
        try? make.run()
        make.waitUntilExit()
        return folder
    }()

    static let missing = Oracle.all(in: path).missing

    static func has(_ name: String) -> Bool { !missing.contains(name) }
}
