import Foundation
import PCCore

/// Starts processes that run cases, and looks into what ends them: which case it was, the smallest that still does it,
/// and where.
final class DeviceDriver {
    private let program: String
    private let seed: UInt64
    private let folder: String
    private let recordingFile: String?
    private var generator: TrafficGenerator
    /// How often what was found was found, by where it was.
    private(set) var found: [String: Int] = [:]
    private(set) var cases = 0

    /// So many different findings end the run.
    private static let most = 20
    /// Seconds without a word from a process that has the host's CPU to itself or not.
    private static let patience: Int32 = 240

    init(program: String, seed: UInt64, folder: String, recordingFile: String?, _ recording: [DeviceOperation]) {
        self.program = program
        self.seed = seed
        self.folder = folder
        self.recordingFile = recordingFile
        generator = TrafficGenerator(seed: seed, recording: recording)
    }

    func run(until end: Date, say: (String) -> Void) {
        var next = 0
        while Date() < end, found.count < Self.most {
            guard let (number, ending) = work(from: next, until: end, say) else { break }
            next = number + 1
            cases = next
            examine(number, ending, say)
        }
    }

    /// How a process ended.
    private struct Ending: Equatable {
        var status: Int32
        var isSignal: Bool

        init(_ process: Process) {
            status = process.terminationStatus
            isSignal = process.terminationReason == .uncaughtSignal
        }

        var isGood: Bool { status == 0 && !isSignal }
        var isTimeout: Bool { isSignal && (status == SIGPROF || status == SIGKILL) }
    }

    private func process(_ arguments: [String], hasBacktrace: Bool = false) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["--devices"] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] =
            hasBacktrace ? "enable=yes,color=no,interactive=no,limit=24,threads=crashed,registers=none" : "enable=no"
        environment["ASAN_OPTIONS"] = "detect_leaks=0:handle_segv=0:handle_sigill=0:allocator_may_return_null=1"
        process.environment = environment
        return process
    }

    /// Lets a process work until the time is over, which gives nil, or until it ends, which gives the case.
    private func work(from first: Int, until end: Date, _ say: (String) -> Void) -> (Int, Ending)? {
        var arguments = ["--seed", "\(seed)", "--work", "\(first)"]
        if let recordingFile { arguments += ["--recording", recordingFile] }
        let process = process(arguments)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch {
            say("fuzz: \(program) cannot be started: \(error)")
            return nil
        }
        try? pipe.fileHandleForWriting.close()
        let file = pipe.fileHandleForReading.fileDescriptor
        var number = first
        var line = ""
        var lastWord = Date()
        var nextReport = Date().addingTimeInterval(60)
        while true {
            var poll = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            if Glibc.poll(&poll, 1, 1000) > 0 {
                let data = pipe.fileHandleForReading.availableData
                if data.isEmpty { break }
                lastWord = Date()
                for byte in data {
                    if byte == 10 {
                        number = Int(line) ?? number
                        line = ""
                    } else {
                        line.unicodeScalars.append(Unicode.Scalar(byte))
                    }
                }
            }
            cases = max(cases, number)
            if Date() > nextReport {
                say("seed \(seed): \(number) cases, \(found.count) findings")
                nextReport = Date().addingTimeInterval(60)
            }
            if Date() > end {
                process.terminate()
                process.waitUntilExit()
                return nil
            }
            if Date().timeIntervalSince(lastWord) > Double(Self.patience) { kill(process.processIdentifier, SIGKILL) }
        }
        process.waitUntilExit()
        return (number, Ending(process))
    }

    // MARK: Findings

    private func examine(_ number: Int, _ ending: Ending, _ say: (String) -> Void) {
        let traffic = generator.traffic(number)
        guard let again = end(of: traffic), !again.isGood else {
            // What went before had a part in it: memory that was never given back, or a fault of the machine that runs us.
            found["case \(number): \(describe(ending)), alone it passes", default: 0] += 1
            return say("seed \(seed), case \(number): \(describe(ending)), but alone it passes")
        }
        let before = signature(of: traffic, again)
        found[before, default: 0] += 1
        guard found[before] == 1 else { return }
        var small = shrink(traffic, again)
        // On the way down another fault may have taken its place.
        if signature(of: small, again) != before { small = traffic }
        let name = String(before.map { $0.isLetter || $0.isNumber ? $0 : "_" } as [Character]).prefix(80)
        let path = "\(folder)/\(name).traffic"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? Data(small.bytes).write(to: URL(filePath: path))
        say("seed \(seed), case \(number): \(before)")
        for line in small.lines { say("    " + line) }
        say("    written to \(path)")
    }

    private func describe(_ ending: Ending) -> String {
        if ending.isTimeout { return "no end" }
        return ending.isSignal ? "signal \(ending.status)" : "status \(ending.status)"
    }

    private var scratch: String { "\(folder)/.try-\(getpid()).traffic" }

    /// Runs one case in a process of its own.
    private func end(of traffic: Traffic) -> Ending? {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard (try? Data(traffic.bytes).write(to: URL(filePath: scratch))) != nil else { return nil }
        let process = process(["--case", scratch])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: scratch)
        return Ending(process)
    }

    /// The message and the first place in the machine's sources.
    private func signature(of traffic: Traffic, _ ending: Ending) -> String {
        guard !ending.isTimeout else { return "no end" }
        guard (try? Data(traffic.bytes).write(to: URL(filePath: scratch))) != nil else { return describe(ending) }
        let process = process(["--case", scratch], hasBacktrace: true)
        let pipe = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        guard (try? process.run()) != nil else { return describe(ending) }
        try? pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: scratch)
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let message = lines.first { $0.contains("Fatal error") || $0.contains("ERROR: AddressSanitizer") }
        let place = lines.first { $0.contains("PCCore/") || $0.contains("Sources/Fuzzing") }
        let source = place.flatMap { $0.split(separator: "/").last.map(String.init) } ?? ""
        return [describe(ending), message.map { String($0.prefix(90)) } ?? "", source].filter { !$0.isEmpty }
            .joined(separator: ", ")
    }

    private func shrink(_ traffic: Traffic, _ ending: Ending) -> Traffic {
        let end = Date().addingTimeInterval(ending.isTimeout ? 400 : 120)
        return traffic.shrunk { Date() < end && self.end(of: $0) == ending }
    }
}

extension Traffic {
    /// Leaves out what is not needed to fail: halves, quarters, down to single operations; and asks for no special machine.
    func shrunk(stillFails: (Traffic) -> Bool) -> Traffic {
        var best = self
        var size = max(1, operations.count / 2)
        while true {
            var start = 0
            while start < best.operations.count {
                var candidate = best
                candidate.operations.removeSubrange(start..<min(start + size, best.operations.count))
                if stillFails(candidate) { best = candidate } else { start += size }
            }
            if size == 1 { break }
            size /= 2
        }
        var plain = best
        plain.configuration = 0
        return plain != best && stillFails(plain) ? plain : best
    }

    /// For people.
    var lines: [String] {
        ["configuration \(String(configuration, radix: 16))"]
            + operations.prefix(40).map { "\($0)".replacingOccurrences(of: "PCCore.AccessWidth", with: "") }
    }
}
