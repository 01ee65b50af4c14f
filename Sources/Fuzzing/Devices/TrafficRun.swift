import Foundation
import PCCore

/// One case on a machine of its own.
public enum TrafficRun {
    /// What a case did that no case may do, as long as it has not ended the process.
    enum Fault: String, Error {
        case notRepeatable = "another result when run in slices"
        case memory = "the process takes too much memory"
    }

    /// Runs the traffic and gives a number that stands for all that the guest could read and all state at the end.
    static func hash(_ traffic: Traffic, slice: UInt64 = .max) -> UInt64 {
        let machine = TrafficMachine(traffic.configuration, slice: slice)
        for operation in traffic.operations { machine.perform(operation) }
        machine.finish()
        return machine.hash
    }

    /// Runs the traffic twice, the second time in slices: the machine's own time is all that may count.
    static func check(_ traffic: Traffic) throws(Fault) {
        guard hash(traffic) == hash(traffic, slice: 37) else { throw .notRepeatable }
    }

    /// For libFuzzer: the bytes as traffic. Fewer than make an operation are no case.
    public static func run(_ bytes: [UInt8]) {
        guard bytes.count > 3 else { return }
        _ = hash(Traffic(bytes) { Places.of($0) })
    }

    /// Places of each kind of board, found once. One thread asks.
    private enum Places {
        // SAFETY: libFuzzer calls on one thread.
        nonisolated(unsafe) private static var known: [UInt16: Traffic.Places] = [:]

        static func of(_ configuration: UInt16) -> Traffic.Places {
            let kind = TrafficMachine.kind(configuration)
            if let places = known[kind] { return places }
            let places = TrafficMachine.places(kind)
            known[kind] = places
            return places
        }
    }
}

/// What the process takes of the host's memory.
enum ResidentMemory {
    /// The most so far, in MB.
    static var peak: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }

    /// What a case may add to the peak, in MB: RAM, pictures and a state, several times over.
    static let mostForACase = 150
    /// What many cases one after the other may come to.
    static let mostInAll = 700
}
