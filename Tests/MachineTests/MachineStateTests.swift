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

    /// Without paging a page is where it is, whatever a state says: a code page with the bit of a writable one was read one
    /// byte further on, and the machine never came to the end of its instruction.
    @Test(arguments: [CPUModel.i8086, .i80386]) func translationsOfRealModeAreWhereTheyAre(_ cpu: CPUModel) throws {
        let run = BootRun(.demoDisk, cpu: cpu, length: 0.4)
        run.finish()
        let state = run.pc.save()
        let good = run.pc.canonicalState()
        var found = 0
        // A translation is a linear page behind a physical one; code has no rights there.
        for page in 0..<0x100 as Range<UInt32> {
            let bytes = withUnsafeBytes(of: (page << 12).littleEndian) { Array($0) }
            for rights in 0...1 as ClosedRange<UInt8> {
                let physical = [bytes[0] | rights] + bytes[1...]
                for place in state.board.indices.dropLast(8)
                where state.board[place..<place + 8].elementsEqual(bytes + physical) && page != 0 {
                    found += 1
                    for (byte, value) in [(4, 1 - rights), (6, 7)] as [(Int, UInt8)] {
                        var damaged = state
                        damaged.board[place + byte] = value
                        try run.pc.load(damaged)
                        #expect(run.pc.canonicalState() == good)
                    }
                }
            }
        }
        #expect(found > 4)
    }
}
