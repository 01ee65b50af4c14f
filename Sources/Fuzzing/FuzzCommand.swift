import Foundation

/// `fuzz [--robust] [--seconds N] [--seed N] [--oracles FOLDER] [--found FOLDER]`: what `make fuzz` and, with `--robust`,
/// `make fuzz-robust` run. `fuzz --devices` is `make fuzz-devices`.
public enum FuzzCommand {
    private static let usage = "usage: fuzz [--robust] [--seconds N] [--seed N] [--oracles FOLDER] [--found FOLDER]"
    private static let batch = 100
    /// So many different differences end the run: there is one cause to be found first.
    private static let most = 40

    /// The exit status: 0 nothing differs, 1 something does, 2 bad usage.
    public static func run(_ arguments: [String]) -> Int32 {
        if arguments.first == "--devices" { return DeviceFuzzCommand.run(arguments.dropFirst()) }
        signal(SIGPIPE, SIG_IGN)
        var options = ["seconds": "60", "seed": "1", "oracles": ".build/fuzz", "found": ".build/fuzz/found"]
        let isRobust = arguments.first == "--robust"
        var rest = arguments[(isRobust ? 1 : 0)...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), options[String(name.dropFirst(2))] != nil, let value = rest.popFirst() else {
                return misused()
            }
            options[String(name.dropFirst(2))] = value
        }
        guard let seconds = options["seconds"].flatMap(Double.init), let seed = options["seed"].flatMap(UInt64.init),
            let folder = options["oracles"], let found = options["found"]
        else { return misused() }
        if isRobust { return beRobust(seed: seed, until: Date().addingTimeInterval(seconds)) }
        let (oracles, missing) = Oracle.all(in: folder)
        for name in missing { say("fuzz: no oracle \(name): its program is not in \(folder) or cannot run here") }
        return fuzz(oracles, seed: seed, until: Date().addingTimeInterval(seconds), found)
    }

    /// A line at once, also where the output goes to a file.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private static func misused() -> Int32 {
        say(usage)
        return 2
    }

    private static func fuzz(_ oracles: [Oracle], seed: UInt64, until end: Date, _ folder: String) -> Int32 {
        let fuzzer = Fuzzer(oracles: oracles)
        var generator = Generator(seed: seed)
        var seen: [String: Int] = [:]
        var nextReport = Date().addingTimeInterval(60)
        while Date() < end && seen.count < most {
            let cases = (0..<batch).map { _ in generator.next() }
            for (fuzzCase, differences) in zip(cases, fuzzer.differences(cases)) {
                for difference in differences {
                    seen[difference.signature, default: 0] += 1
                    if seen[difference.signature] == 1 { tell(fuzzer.finding(fuzzCase, difference), folder) }
                }
            }
            if Date() > nextReport {
                say(fuzzer.counts.description)
                nextReport = Date().addingTimeInterval(60)
            }
        }
        for (signature, count) in seen.sorted(by: { $0.value > $1.value }) where count > 1 {
            say("\(count) times: \(signature)")
        }
        say(fuzzer.counts.description)
        say("\(seen.count) differences")
        return seen.isEmpty ? 0 : 1
    }

    /// Runs until the time is over; a trap ends the process before.
    private static func beRobust(seed: UInt64, until end: Date) -> Int32 {
        var robustness = Robustness(seed: seed)
        var longest = 0.0
        while Date() < end {
            let start = Date()
            robustness.round()
            longest = max(longest, Date().timeIntervalSince(start))
            if robustness.rounds % 1000 == 0 { say("seed \(seed), round \(robustness.rounds)") }
        }
        say("\(robustness.rounds) rounds, \(robustness.slots) instructions, longest round \(longest) s")
        return 0
    }

    private static func tell(_ finding: Finding, _ folder: String) {
        say(finding.text)
        do {
            say("  written to \(try finding.write(to: folder))")
        } catch {
            say("  not written: \(error)")
        }
    }
}

extension Fuzzer.Counts: CustomStringConvertible {
    public var description: String {
        let names = instructions.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }
        return "\(cases) cases; instructions compared: "
            + (names + ["\(own) among the forms of Swift86"]).joined(separator: ", ")
    }
}

extension Oracle {
    /// The oracles whose programs are in `folder`, and the names of those that are not or cannot run.
    public static func all(in folder: String) -> (oracles: [Oracle], missing: [String]) {
        let modes: [(String, [FuzzMode])] = [
            (host, [.protected32, .protected16]), (unicorn, [.protected32, .real16]),
        ]
        let oracles = modes.compactMap { Oracle(name: $0.0, path: "\(folder)/\($0.0)", modes: $0.1) }
        return (oracles, modes.map(\.0).filter { name in !oracles.contains { $0.name == name } })
    }
}
