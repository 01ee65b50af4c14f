import Foundation

/// `fuzz [--seconds N] [--seed N] [--oracles FOLDER] [--found FOLDER]`: what `make fuzz` runs.
public enum FuzzCommand {
    public static func run(_ arguments: [String]) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        var options: [String: String] = ["seconds": "60", "seed": "1", "oracles": ".build/fuzz", "found": ".build/found"]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), options[String(name.dropFirst(2))] != nil, let value = rest.popFirst() else {
                print("usage: fuzz [--seconds N] [--seed N] [--oracles FOLDER] [--found FOLDER]")
                return 2
            }
            options[String(name.dropFirst(2))] = value
        }
        guard let seconds = Double(options["seconds"]!), let seed = UInt64(options["seed"]!) else { return 2 }
        let folder = options["oracles"]!
        let oracles = [
            Oracle(name: Oracle.host, path: folder + "/host", modes: [.protected32, .protected16]),
            Oracle(name: Oracle.unicorn, path: folder + "/unicorn", modes: [.protected32, .real16]),
        ].compactMap { $0 }
        print("oracles:", oracles.map(\.name).joined(separator: ", "))
        let fuzzer = Fuzzer(oracles: oracles)
        var generator = Generator(seed: seed)
        let end = Date().addingTimeInterval(seconds)
        var seen: [String: Int] = [:]
        while Date() < end {
            let cases = (0..<100).map { _ in generator.next() }
            for (fuzzCase, found) in zip(cases, fuzzer.differences(cases)) {
                for difference in found {
                    seen[difference.signature, default: 0] += 1
                    if seen[difference.signature] == 1 {
                        print(fuzzer.finding(fuzzCase, difference).text)
                    }
                }
            }
        }
        for (signature, count) in seen.sorted(by: { $0.value > $1.value }) { print(count, signature) }
        print("cases", fuzzer.counts.cases, "own", fuzzer.counts.own, fuzzer.counts.instructions)
        return seen.isEmpty ? 0 : 1
    }
}
