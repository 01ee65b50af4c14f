import PCCore
import PCHost
import Testing

/// One machine, one history: however the run is cut into slices.
@Suite(.enabled(if: Surroundings.hasMachine, "the CPU is not in the tree yet")) struct DeterminismTests {
    @Test func slicesDoNotMatter() {
        let rom = TinyBIOS(TinyBIOS.work)
        let whole = rom.machine()
        #expect(whole.run(instructions: 500_000) == .sliceEnd)
        #expect(whole.instructionCount == 500_000)
        let hash = MachineHash.hex(whole, disks: [])
        for _ in 0..<5 {
            let cut = rom.machine()
            while cut.instructionCount < 500_000 {
                _ = cut.run(instructions: min(UInt64.random(in: 1...20_000), 500_000 - cut.instructionCount))
            }
            #expect(MachineHash.hex(cut, disks: []) == hash)
        }
    }

    @Test func twoMachinesDoNotKnowEachOther() {
        let rom = TinyBIOS(TinyBIOS.work)
        let alone = rom.machine()
        _ = alone.run(instructions: 30_000)
        let first = rom.machine()
        let second = TinyBIOS(TinyBIOS.loop).machine()
        for _ in 0..<30 {
            _ = first.run(instructions: 1000)
            _ = second.run(instructions: 777)
        }
        #expect(first.canonicalState() == alone.canonicalState())
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests or the BIOS is not there"))
    func freeDOSHasOneHash() throws {
        let folder = try Folder()
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let arguments = ["--headless", "--discard-writes", "--max-instructions", "20000000", "--hash", image]
        let hashes = try (0..<3).map { _ in try Tool.run(arguments).output }
        #expect(Set(hashes).count == 1)
        #expect(hashes[0].count == 65)
    }
}
