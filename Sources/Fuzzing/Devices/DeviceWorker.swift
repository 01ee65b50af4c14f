import Foundation
import PCCore

/// What a process of its own does: cases one after the other, each told before it runs, until somebody ends it or a
/// case does.
struct DeviceWorker {
    /// How such a process ends that found something itself.
    static let foundStatus: Int32 = 70

    /// A case may take so many seconds of the host's CPU; then SIGPROF ends the process.
    private static func limitTime(_ seconds: Int) {
        var limit = itimerval()
        limit.it_value.tv_sec = seconds
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    }

    /// Address Sanitizer takes terabytes of addresses, and time.
    private static var isSanitized: Bool { dlsym(nil, "__asan_init") != nil }

    private static func limitMemory() {
        guard !isSanitized else { return }
        var limit = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    static var secondsForACase: Int { isSanitized ? 60 : 20 }

    /// Never comes back.
    static func work(_ generator: TrafficGenerator, from first: Int) -> Never {
        limitMemory()
        var generator = generator
        var number = first
        while true {
            FileHandle.standardOutput.write(Data("\(number)\n".utf8))
            limitTime(secondsForACase)
            perform(generator.traffic(number), checksSlices: number % 8 == 0, isFirst: number == first)
            number += 1
        }
    }

    /// One case from a file, with every check; the process ends by itself where it does not pass.
    static func run(_ traffic: Traffic) {
        limitMemory()
        limitTime(secondsForACase)
        perform(traffic, checksSlices: true, isFirst: false)
        limitTime(0)
    }

    private static func perform(_ traffic: Traffic, checksSlices: Bool, isFirst: Bool) {
        let before = ResidentMemory.peak
        do throws(TrafficRun.Fault) {
            if checksSlices { try TrafficRun.check(traffic) } else { _ = TrafficRun.hash(traffic) }
            let peak = ResidentMemory.peak
            let limit = isSanitized ? 4 : 1
            let isTooMuch =
                peak > ResidentMemory.mostInAll * limit || peak - before > ResidentMemory.mostForACase * limit
            if isTooMuch, !isFirst { throw TrafficRun.Fault.memory }
        } catch {
            FileHandle.standardError.write(Data("Fatal error: \(error.rawValue)\n".utf8))
            exit(foundStatus)
        }
    }
}
