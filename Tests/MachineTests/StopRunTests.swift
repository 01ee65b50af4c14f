import Foundation
import PCHost
import Testing

@testable import PCCore

/// Whole guests under a debugger's stops: nothing that the guest or the machine hash could see may differ.
@Suite struct StopRunTests {
    private static let roms = TestROM.all.filter {
        [
            "smc", "paging", "paging-tlb", "tasks", "v86", "vme", "exceptions", "fpu-exceptions", "pm-gates", "mmx",
            "debug", "debug-data", "single-step", "cross-page", "far-transfers", "io-bitmap", "wrap16", "shutdown",
        ].contains($0.name)
    }

    private static func machine(_ rom: TestROM) throws -> PC {
        var configuration = PCConfiguration()
        configuration.cpu = .pentiumII
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies = [MemoryDisk(Array(try Data(contentsOf: rom.image))), nil]
        configuration.debugExit = true
        configuration.noReboot = rom.name != "shutdown"
        return PC(configuration, allocator: .mapped)
    }

    private static var stops: StopSet {
        var stops = StopSet()
        stops.breakpoints = [0x7C00, 0x7C3E, 0x8010, 0x8123, 0x1_0000, 0xF_E987]
        stops.memory = [
            MemoryWatch(first: 0x46C, count: 4, kinds: .write), MemoryWatch(first: 0x7C00, count: 2, isPhysical: true),
            MemoryWatch(first: 0x8000, count: 0x40, kinds: [.read, .write]),
            MemoryWatch(first: 0x7BF0, count: 8, isPhysical: true, kinds: [.read, .write]),
        ]
        stops.ports = [PortWatch(ports: 0xE9...0xE9), PortWatch(ports: 0x43...0x43, kinds: .write)]
        stops.interrupts = [0, 1, 6, 8, 13, 14, 0x13]
        return stops
    }

    private struct Outcome: Equatable {
        var hits: [StopHit] = []
        var reason = StopReason.sliceEnd
        var count: UInt64 = 0
        var state: [UInt8] = []
    }

    private static func run(_ pc: PC, slice: () -> UInt64 = { .max }) -> Outcome {
        var outcome = Outcome()
        let end = 60 * pc.slotsPerSecond
        while outcome.reason == .sliceEnd, pc.now < end, outcome.hits.count < 5_000_000 {
            let reason = pc.run(until: end, atMost: slice())
            if case .stopped(let hit) = reason { outcome.hits.append(hit) } else { outcome.reason = reason }
        }
        (outcome.count, outcome.state) = (pc.instructionCount, pc.canonicalState())
        return outcome
    }

    @Test(arguments: roms) func stopsChangeNothing(_ rom: TestROM) throws {
        let free = Self.run(try Self.machine(rom))
        let pc = try Self.machine(rom)
        pc.stops = Self.stops
        let stopped = Self.run(pc)
        #expect(stopped.count == free.count && stopped.reason == free.reason && stopped.state == free.state)
        #expect(stopped.hits.count > 10)
        let plain = try Self.machine(rom)
        plain.cpu.s.pointee.isPlainOnly = true
        plain.stops = Self.stops
        #expect(Self.run(plain) == stopped)
        let pieces = try Self.machine(rom)
        pieces.stops = Self.stops
        var random: UInt64 = 1
        let cut = Self.run(pieces) {
            random = random &* 6_364_136_223_846_793_005 &+ 1
            return 1 + random >> 50
        }
        #expect(cut == stopped)
        let last = try Self.machine(rom)
        last.stops = Self.stops
        last.keepsRunningAtStops = true
        let kept = Self.run(last)
        #expect(kept.hits.isEmpty && kept.state == free.state && last.lastHit == stopped.hits.last)
    }

    /// The boot sector comes by DMA.
    @Test func floppiesWriteByDMA() throws {
        let pc = try Self.machine(try #require(TestROM.all.first))
        pc.stops.memory = [MemoryWatch(first: 0x7C10, count: 1)]
        var causes: [StopHit.Cause] = []
        while pc.now < 10 * pc.slotsPerSecond, case .stopped(let hit) = pc.run(until: 10 * pc.slotsPerSecond) {
            causes.append(hit.cause)
            if case .dma = hit.cause { break }
        }
        #expect(causes.last == .dma(physical: 0x7C10, watch: 0))
    }
}
