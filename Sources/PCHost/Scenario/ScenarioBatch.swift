import Glibc
import Synchronization

/// Scenarios in files and folders, run side by side on the host's cores.
public struct ScenarioBatch: Sendable {
    public let scenarios: [Scenario]

    /// Reads the scenarios that `paths` name: files, and folders with the files `*.scn` in them.
    public init(paths: [String]) throws(BadInput) {
        var scenarios: [Scenario] = []
        for path in paths {
            guard let found = HostFile.tree(path) else {
                scenarios.append(try Scenario(path: path))
                continue
            }
            let files = found.filter { $0.hasSuffix(".scn") && !$0.contains("/") }.sorted()
            guard !files.isEmpty else { throw BadInput("\(path): holds no scenario (.scn)") }
            for file in files {
                scenarios.append(try Scenario(path: path.hasSuffix("/") ? path + file : "\(path)/\(file)"))
            }
        }
        self.scenarios = scenarios
    }

    /// Runs them, at most `jobs` at a time, and tells `each` what became of them in the order of their names.
    ///
    /// - Parameter each: is called by one thread at a time.
    /// - Returns: the outcomes in the same order.
    @discardableResult public func run(
        _ settings: ScenarioSettings = ScenarioSettings(), jobs: Int = Self.cores,
        each: @escaping @Sendable (ScenarioOutcome) -> Void = { _ in }
    ) -> [ScenarioOutcome] {
        let progress = Progress(count: scenarios.count, each)
        HostThreads.run(count: max(1, min(jobs, scenarios.count))) {
            while let index = progress.take() {
                progress.finish(index, ScenarioRun.outcome(of: scenarios[index], settings))
            }
        }
        return progress.outcomes
    }

    /// How many cores the host has.
    public static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Which scenarios are taken and which are done.
    private final class Progress: Sendable {
        private struct State {
            var next = 0
            var told = 0
            var outcomes: [ScenarioOutcome?]
        }

        private let state: Mutex<State>
        private let each: @Sendable (ScenarioOutcome) -> Void

        init(count: Int, _ each: @escaping @Sendable (ScenarioOutcome) -> Void) {
            state = Mutex(State(outcomes: [ScenarioOutcome?](repeating: nil, count: count)))
            self.each = each
        }

        /// The next scenario that nobody has taken.
        func take() -> Int? {
            state.withLock {
                guard $0.next < $0.outcomes.count else { return nil }
                $0.next += 1
                return $0.next - 1
            }
        }

        /// Notes an outcome and tells all that are done up to the first that is not.
        func finish(_ index: Int, _ outcome: ScenarioOutcome) {
            state.withLock {
                $0.outcomes[index] = outcome
                while $0.told < $0.outcomes.count, let done = $0.outcomes[$0.told] {
                    each(done)
                    $0.told += 1
                }
            }
        }

        var outcomes: [ScenarioOutcome] { state.withLock { $0.outcomes.compactMap(\.self) } }
    }
}
