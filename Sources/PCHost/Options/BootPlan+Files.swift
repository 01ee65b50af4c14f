import Glibc

/// The files that a run writes: each for itself.
extension BootPlan {
    /// No file is written for two options, and none that the run goes out from, but for a state that is gone on from.
    func checkFiles() throws(BadInput) {
        var users: [FilePlace: String] = [:]
        for (option, path) in [("--load", load), ("--replay", replay), ("--script", script)] {
            if let place = path.flatMap({ FilePlace($0) }) { users[place] = option }
        }
        for overlay in overlays {
            let file = overlay.split(separator: "=").last.map(String.init) ?? overlay
            if let place = FilePlace(file) { users[place] = "--overlay" }
        }
        for (option, path) in outputs {
            guard let place = path.flatMap({ FilePlace($0) }), let path else { continue }
            guard let other = users.updateValue(option, forKey: place) else { continue }
            if other == "--load", option == "--save" || option == "--state" { continue }
            throw BadInput("\(option) \(path): is the file of \(other) as well; name another file")
        }
    }

    private var outputs: [(String, String?)] {
        return [
            ("--save", save), ("--state", state), ("--record", record), ("--screen", screen?.path),
            ("--trace", trace?.target.path), ("--serial", serial.path), ("--parallel", parallel.path),
            ("--debug-console", debugConsole.path),
        ]
    }
}

extension BootPlan.ScreenReport {
    /// The file that it is written to; nil: none.
    var path: String? {
        switch self {
        case .textFile(let path), .picture(let path): path
        case .text: nil
        }
    }
}

extension ByteSink.Target {
    fileprivate var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}

/// Where a file is or will be, whatever path leads there.
private enum FilePlace: Hashable {
    case file(FileIdentity)
    case name(String, in: FileIdentity)

    /// Nil where nothing can be overwritten: there is no such folder, or a device.
    init?(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { return nil }
            self = .file(FileIdentity(status))
        } else {
            let name = HostFile.name(path)
            let folder = path.contains("/") ? String(path.dropLast(name.count)) : "."
            guard let identity = FileIdentity(path: folder) else { return nil }
            self = .name(name, in: identity)
        }
    }
}
