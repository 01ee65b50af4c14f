import PCCore
import PCHost
import Testing

/// One machine, one history: however the run is cut into slices.
@Suite struct DeterminismTests {
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

    /// A boot with keys pressed, in one run and in slices of every kind.
    @Test(arguments: Guest.present, 1...3 as ClosedRange<UInt64>)
    func bootsDoNotDependOnSlices(_ guest: Guest, seed: UInt64) {
        let whole = BootRun(guest)
        whole.finish()
        let cut = BootRun(guest)
        cut.finishInSlices(seed: seed)
        #expect(whole.keys.isEmpty && cut.keys.isEmpty && !whole.stopped)
        #expect(whole.pc.instructionCount == cut.pc.instructionCount)
        #expect(whole.hash == cut.hash)
    }

    /// The keys are no accident of a guest that does not look at them.
    @Test(arguments: Guest.present) func keysAreInTheHash(_ guest: Guest) {
        let with = BootRun(guest)
        let without = BootRun(guest)
        without.keys = []
        with.finish()
        without.finish()
        #expect(with.hash != without.hash)
    }

    @Test(arguments: Guest.present) func tenRunsHaveOneHash(_ guest: Guest) {
        let hashes = (0..<10).map { _ in
            let run = BootRun(guest, length: 0.2)
            run.finish()
            return run.hash
        }
        #expect(Set(hashes).count == 1)
    }

    @Test(arguments: Guest.present) func twoMachinesDoNotKnowEachOther(_ guest: Guest) {
        let alone = BootRun(guest)
        alone.finish()
        let first = BootRun(guest)
        let second = BootRun(.demoDisk, cpu: .i80386)
        while !first.isFinished {
            first.turn(atMost: 30_011)
            second.turn(atMost: 17_291)
        }
        #expect(first.hash == alone.hash)
        let other = BootRun(.demoDisk, cpu: .i80386)
        other.finish(at: second.pc.now)
        #expect(second.hash == other.hash)
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func freeDOSHasOneHash() throws {
        let folder = try Folder()
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let arguments = ["--headless", "--discard-writes", "--max-instructions", "20000000", "--hash", image]
        let hashes = try (0..<3).map { _ in try Tool.run(arguments).output }
        #expect(Set(hashes).count == 1)
        #expect(hashes[0].count == 65)
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there: only the demo disk is booted"))
    func freeDOSIsAmongTheGuests() {
        #expect(Guest.present.contains(.freeDOS))
    }
}
