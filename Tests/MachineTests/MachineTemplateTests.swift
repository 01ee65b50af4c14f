import Glibc
import PCCore
import Synchronization
import Testing

@testable import PCHost

/// Many machines from one state in one process.
@Suite struct MachineTemplateTests {
    private static let length: UInt64 = 10_000_000

    /// A machine in mapped memory that has booted for a while.
    private static func booted(_ guest: Guest) -> PC {
        var configuration = PCConfiguration()
        configuration.cpu = .pentiumII
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies = [ChangeTrackingDisk(guest.disk, discardsWrites: true), nil]
        let pc = PC(configuration, allocator: .mapped)
        _ = pc.run(instructions: 40_000_000)
        return pc
    }

    /// The hash of a machine after it has run on.
    private static func hash(afterRunning pc: PC) -> String {
        _ = pc.run(until: .max, atMost: length)
        return MachineHash.hex(pc, disks: pc.disks)
    }

    @Test(arguments: Guest.present) func eachGivesTheHashOfOneAlone(_ guest: Guest) throws {
        let pc = Self.booted(guest)
        let template = try MachineTemplate(pc)
        let clones = try (0..<10).map { _ in try template.machine() }
        #expect(clones.allSatisfy { $0.canonicalState() == pc.canonicalState() })
        let alone = Self.hash(afterRunning: pc)
        // One of them runs before the others: they must not see it.
        #expect(Set(clones.map { Self.hash(afterRunning: $0) }) == [alone])
        #expect(try Self.hash(afterRunning: template.machine()) == alone)
    }

    /// Ten at once: under Thread Sanitizer (make test-threads) nothing may be shared that is written.
    @Test func tenRunAtOnce() throws {
        let template = try MachineTemplate(Self.booted(.demoDisk))
        let alone = try Self.hash(afterRunning: template.machine())
        let hashes = Mutex<[String]>([])
        HostThreads.run(count: 10) {
            guard let pc = try? template.machine() else { return }
            let hash = Self.hash(afterRunning: pc)
            hashes.withLock { $0.append(hash) }
        }
        #expect(hashes.withLock { $0 } == Array(repeating: alone, count: 10))
    }

    /// Pages that nobody writes are there once.
    @Test func theyShareWhatTheyDoNotWrite() throws {
        let template = try MachineTemplate(Self.booted(.demoDisk))
        let before = Self.privateBytes()
        let clones = try (0..<20).map { _ in try template.machine() }
        for pc in clones { _ = pc.run(until: .max, atMost: 1_000_000) }
        let each = (Self.privateBytes() - before) / clones.count
        #expect(each < 4 << 20, "each has \(each >> 10) KB of its own")
        #expect(clones.allSatisfy { $0.now > 0 })
    }

    /// A hundred of them with their figures: `SWIFT86_MEASURE=1 swift test -c release --filter aHundred`.
    @Test(.enabled(if: getenv("SWIFT86_MEASURE") != nil, "only to measure"), arguments: Guest.present)
    func aHundred(_ guest: Guest) throws {
        let pc = Self.booted(guest)
        let template = try MachineTemplate(pc)
        _ = try template.machine()
        let before = Self.privateBytes()
        let clock = ContinuousClock()
        var clones: [PC] = []
        let making = try clock.measure { for _ in 0..<100 { clones.append(try template.machine()) } }
        let made = Self.privateBytes() - before
        var hashes: Set<String> = []
        let running = clock.measure { for pc in clones { hashes.insert(Self.hash(afterRunning: pc)) } }
        let each = (Self.privateBytes() - before) / 100
        print(
            "\(guest.rawValue): made in \(making), \(made / 102_400) KB each; run in \(running), \(each >> 10) KB each")
        #expect(hashes == [Self.hash(afterRunning: pc)])
        #expect(each < 4 << 20)
    }

    /// What a clone writes to a disk is its own.
    @Test func disksAreApart() throws {
        let pc = Self.booted(.demoDisk)
        let disk = try #require(pc.disks[0] as? ChangeTrackingDisk)
        let old = try disk.read(sector: 7)
        try disk.write(sector: 8, Array(repeating: 8, count: 512))
        let template = try MachineTemplate(pc)
        let (one, two) = (try template.machine(), try template.machine())
        let first = try #require(one.disks[0])
        let second = try #require(two.disks[0])
        #expect(try second.read(sector: 8) == Array(repeating: 8, count: 512))
        try first.write(sector: 7, Array(repeating: 1, count: 512))
        #expect(try second.read(sector: 7) == old)
        #expect(try disk.read(sector: 7) == old)
    }

    /// Memory of this process that it shares with nobody, and with no file.
    private static func privateBytes() -> Int {
        guard let file = fopen("/proc/self/smaps_rollup", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(separator: " ")
            if words.first == "Private_Dirty:", words.count > 1 { return (Int(words[1]) ?? 0) << 10 }
        }
        return 0
    }
}
