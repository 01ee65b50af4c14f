import Foundation
import PCCore
import PCHost
import Testing

/// What is booted where machines are compared.
enum Guest: String, CaseIterable, CustomTestStringConvertible {
    case demoDisk = "the demo disk"
    case freeDOS = "FreeDOS"

    /// Those whose images are there; without ../shared only the demo disk is.
    static let present = allCases.filter { guest in
        switch guest {
        case .demoDisk: true
        case .freeDOS: Surroundings.hasFreeDOS
        }
    }

    private static let freeDOSBytes = Surroundings.guest("freedos-1.4MB.img").flatMap { try? Data(contentsOf: $0) }

    var disk: MemoryDisk {
        switch self {
        case .demoDisk: Firmware.demoDisk
        case .freeDOS: MemoryDisk([UInt8](Self.freeDOSBytes ?? Data()))
        }
    }

    var testDescription: String { rawValue }
}

/// A machine that boots a guest while keys are pressed at fixed guest times.
final class BootRun {
    let pc: PC
    /// The keys to come: when, and whether they go down.
    var keys: [Stroke]
    private let end: GuestTime

    struct Stroke: Equatable {
        let time: GuestTime
        let key: Key
        let isDown: Bool
    }

    /// - Parameter length: guest seconds; a 486 at 30 MIPS unless another is asked for.
    init(_ guest: Guest, cpu: CPUModel = .i80486, length: Double = 1) {
        var configuration = PCConfiguration()
        configuration.cpu = cpu
        configuration.memory = 4 << 20
        configuration.rate = 30_000_000
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies = [ChangeTrackingDisk(guest.disk, discardsWrites: true), nil]
        pc = PC(configuration)
        let end = GuestTime(length * 30_000_000)
        self.end = end
        let typed: [Key] = [.down, .ret, .v, .e, .r, .ret, .shift, .a]
        keys = typed.enumerated().flatMap { number, key in
            let time = end / 3 + GuestTime(number) * (end / 16) + 12_347
            return [
                Stroke(time: time, key: key, isDown: true), Stroke(time: time + 700_001, key: key, isDown: false),
            ]
        }.sorted { $0.time < $1.time }
    }

    var hash: String { MachineHash.hex(pc, disks: pc.configuration.floppies) }
    var isFinished: Bool { pc.now >= end || stopped }
    private(set) var stopped = false

    /// Runs to the end in as few pieces as the keys allow.
    func finish() { finish(at: end) }

    func finish(at end: GuestTime) {
        while pc.now < end, !stopped {
            pressDue()
            note(pc.run(until: min(end, keys.first?.time ?? end)))
        }
    }

    /// Runs to the end by `run`, which runs up to a guest time.
    func finish(by run: (GuestTime) -> StopReason) {
        while !isFinished {
            pressDue()
            note(run(min(end, keys.first?.time ?? end)))
        }
    }

    /// One slice of at most `count` instructions.
    func turn(atMost count: UInt64) {
        pressDue()
        note(pc.run(until: min(end, keys.first?.time ?? end), atMost: count))
    }

    /// Runs to the end in random slices: by instructions, by guest time, and in stretches of single steps.
    func finishInSlices(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        while !isFinished {
            pressDue()
            let limit = min(end, keys.first?.time ?? end)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: note(pc.run(until: min(limit, pc.now + .random(in: 1...100_000, using: &random))))
            case 1: note(pc.run(until: limit, atMost: .random(in: 1...10, using: &random)))
            case 2:
                // A step out of HLT lasts up to the next event, a timer tick away at most.
                for _ in 0..<Int.random(in: 1...2000, using: &random) where pc.now + 3_000_000 < limit {
                    note(pc.step())
                }
            default: note(pc.run(until: limit, atMost: .random(in: 1...100_000, using: &random)))
            }
        }
    }

    private func pressDue() {
        while let stroke = keys.first, stroke.time <= pc.now {
            if stroke.isDown { pc.press(stroke.key) } else { pc.release(stroke.key) }
            keys.removeFirst()
        }
    }

    private func note(_ reason: StopReason) {
        if reason != .sliceEnd { stopped = true }
    }
}

/// The same numbers at every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
