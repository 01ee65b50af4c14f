import PCCore

/// What became of one form: a file of vectors.
public struct VectorReport: Sendable {
    /// The file's name without its extension.
    public let form: String
    public let processor: VectorFile.Processor
    public private(set) var passed = 0
    public private(set) var failed = 0
    /// Vectors that failed, as it is known that they do.
    public private(set) var known = 0
    /// The first vector that failed: its number and text in the source, and what differs.
    public private(set) var firstFailure: String?

    /// Runs every vector of `file` on `runner`, which has to be one for the file's processor.
    ///
    /// - Parameter tell: is called with each vector that fails, known or not, and what differs.
    public init(
        form: String, _ file: VectorFile, on runner: VectorRunner, tell: (Vector, String) -> Void = { _, _ in }
    ) {
        self.form = form
        processor = file.processor
        for vector in file.vectors {
            guard let difference = runner.run(vector, endsWithHalt: file.endsWithHalt) else {
                passed += 1
                continue
            }
            if KnownFailure.contains(file.processor, form, vector) {
                known += 1
                tell(vector, difference)
                continue
            }
            failed += 1
            if firstFailure == nil { firstFailure = "#\(vector.index) \(vector.name): \(difference)" }
            tell(vector, difference)
        }
    }

    /// One line for a form that fails, nil for one that passes.
    public var line: String? {
        firstFailure.map { "\(form): \(failed) of \(passed + failed + known) failed; \($0)" }
    }
}

/// Test vectors in files and folders, run in the order of their names.
public struct VectorBatch {
    /// The CPU to run on; nil is the one that each file was recorded for.
    public var model: CPUModel?
    /// Run by the hot handlers where there is one, or everything in its plain form.
    public var usesTraces = true
    public private(set) var files: [String] = []

    /// Finds the `.sst` files that `paths` name: files, and folders with all that is in them.
    public init(paths: [String]) throws(BadInput) {
        for path in paths {
            guard let found = HostFile.tree(path) else {
                guard FileIdentity(path: path) != nil else {
                    throw BadInput("\(path): is not there; name a folder with files of vectors (.sst)")
                }
                files.append(path)
                continue
            }
            let names = found.filter { $0.hasSuffix(".sst") }.sorted()
            guard !names.isEmpty else { throw BadInput("\(path): holds no file of vectors (.sst)") }
            files += names.map { "\(path)/\($0)" }
        }
    }

    /// Keeps the files whose names (without the extension) match.
    public mutating func keep(_ matches: (String) -> Bool) {
        files = files.filter { matches(Self.form($0)) }
    }

    /// Runs one file after the other and gives `each` what became of it.
    public func run(_ each: (VectorReport) -> Void) throws(BadInput) {
        var runners: [VectorFile.Processor: VectorRunner] = [:]
        for path in files {
            let file = try Self.open(path)
            let runner =
                runners[file.processor]
                ?? VectorRunner(file.processor, model: model ?? file.processor.model, usesTraces: usesTraces)
            runners[file.processor] = runner
            each(VectorReport(form: Self.form(path), file, on: runner))
        }
    }

    private static func open(_ path: String) throws(BadInput) -> VectorFile {
        do {
            return try VectorFile(contentsOf: path)
        } catch {
            throw BadInput("\(error)")
        }
    }

    private static func form(_ path: String) -> String {
        let name = HostFile.name(path)
        return name.hasSuffix(".sst") ? String(name.dropLast(4)) : name
    }
}

extension VectorFile.Processor {
    /// The CPU that the vectors are for: the newest for those of IA-32.
    public var model: CPUModel {
        switch self {
        case .i8086: .i8086
        case .i80286: .i80286
        case .ia32, .ia32Real: .pentiumII
        }
    }
}
