import PCCore
import PCHost
import Testing

/// A state, taken over by another machine, has the future that it would have had.
@Suite struct MachineStateTests {
    /// The state is saved at many points, and every time another machine goes on from it.
    @Test(arguments: Guest.present, [CPUModel.i8086, .i80286, .i80486, .pentiumII])
    func anotherMachineGoesOn(_ guest: Guest, cpu: CPUModel) throws {
        let alone = BootRun(guest, cpu: cpu)
        alone.finish()
        var random = SeededGenerator(seed: 7)
        var run = BootRun(guest, cpu: cpu)
        var saved: MachineState?
        while !run.isFinished {
            run.turn(atMost: .random(in: 1...3_000_000, using: &random))
            let state = run.pc.save(after: saved)
            let next = BootRun(guest, cpu: cpu)
            next.keys = run.keys
            // What it has done before does not matter.
            _ = next.pc.run(instructions: .random(in: 1...400_000, using: &random))
            try next.pc.load(state)
            #expect(next.pc.canonicalState() == run.pc.canonicalState())
            saved = state
            run = next
        }
        #expect(run.hash == alone.hash)
    }

    /// Back and forth on one machine.
    @Test(arguments: Guest.present) func theSameMachineGoesBack(_ guest: Guest) throws {
        let run = BootRun(guest)
        run.finish(at: 9_000_000)
        let (early, keys) = (run.pc.save(), run.keys)
        run.finish()
        let (late, hash) = (run.pc.save(after: early), run.hash)
        for _ in 0..<3 {
            try run.pc.load(early)
            run.keys = keys
            run.finish()
            #expect(run.hash == hash)
            try run.pc.load(late)
            #expect(run.hash == hash)
        }
    }

    @Test func aStateOfAnotherMachineIsRefused() throws {
        var configuration = PCConfiguration()
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        let small = PC(configuration)
        configuration.memory = 8 << 20
        let large = PC(configuration)
        #expect(throws: StateError.otherMachine) { try small.load(large.save()) }
        configuration.memory = 16 << 20
        configuration.cpu = .i80386
        // Without PCI and APIC it has other parts.
        #expect(throws: StateError.self) { try small.load(PC(configuration).save()) }
    }

    /// Where a state is refused, the machine goes on as if nothing had been.
    @Test func aDamagedStateChangesNothing() throws {
        let run = BootRun(.demoDisk, length: 0.4)
        run.finish()
        let hash = run.hash
        let state = run.pc.save()
        for cut in stride(from: 0, to: state.board.count, by: 37) {
            var damaged = state
            damaged.board.removeLast(state.board.count - cut)
            #expect(throws: StateError.damaged) { try run.pc.load(damaged) }
        }
        var long = state
        long.board.append(0)
        #expect(throws: StateError.damaged) { try run.pc.load(long) }
        #expect(run.hash == hash)
    }
}
