import Testing

@testable import PCCore

/// Code that changes: traces and the plain forms must agree at every point, and the TLBs with what is decoded.
@Suite struct SelfModifyingTests {
    private static let memory: UInt32 = 0x40000

    /// A machine before the first instruction of `program`: flat at level 3, or in real mode.
    private static func machine(
        _ program: SelfModifyingProgram, _ form: BareMachine.Form, directory: UInt32? = nil
    ) -> BareMachine {
        let machine = BareMachine(model: .pentiumII, memory: Int(memory))
        machine.use(form)
        for vector: UInt32 in 0..<8 {
            // INT: ADD DX, n / IRET
            for (i, byte) in [0x81, 0xC2, UInt8(vector), 0x11, 0xCF].enumerated() {
                machine.poke(0x800 + vector * 8 + UInt32(i), byte)
            }
            machine.poke(vector * 4, UInt8(vector * 8))
            machine.poke(vector * 4 + 1, 8)
        }
        for (i, byte) in program.code.enumerated() { machine.poke(program.origin + UInt32(i), byte) }
        let segment = BareMachine.SegmentSetting(
            selector: 0, base: 0, limit: program.is16Bit ? 0xFFFF : .max, isBig: !program.is16Bit)
        machine.restart(
            isProtected: !program.is16Bit, segments: Array(repeating: segment, count: 6), directory: directory)
        var registers = SIMD16<UInt32>()
        registers[0] = program.is16Bit ? 0x77 : 0x20100
        registers[1] = 150
        registers[2] = 1
        registers[4] = program.is16Bit ? 0x1F00 : 0x28000
        registers[8] = program.origin
        registers[9] = 2
        machine.load(registers)
        return machine
    }

    private static func sum(_ machine: BareMachine) -> UInt64 {
        (0..<memory).reduce(0) { ($0 &* 31) &+ UInt64(machine.peek($1)) }
    }

    /// Whether an entry of the TLBs lets a write pass by decoded code, which none may.
    private static func writesArePassed(_ machine: BareMachine) -> Bool {
        let tlbs = machine.cpu.tlbs
        let generation = machine.cpu.s.pointee.generation
        for (table, info) in [(tlbs.supervisorTLB, tlbs.supervisorInfo), (tlbs.userTLB, tlbs.userInfo)] {
            for i in 0..<TLBSize.data {
                let isOpen = table[i].writeTag & 0xFFF == generation && table[i].writeTag == info[i].tag
                if isOpen, machine.bus.memory.codePages[Int(info[i].physical >> 12)] != 0 { return true }
            }
        }
        return false
    }

    @Test(arguments: SelfModifyingProgram.all)
    func tracesAndPlainFormsAgree(_ program: SelfModifyingProgram) {
        let plain = Self.machine(program, .plain)
        let whole = Self.machine(program, .traces)
        let single = Self.machine(program, .handlers)
        let pieces = Self.machine(program, .traces)
        for round: UInt64 in 0..<60 {
            let slots = 7 + round * 37
            for machine in [plain, whole, single] { machine.run(for: slots) }
            var left = slots
            while left > 0 {
                let some = min(left, 1 + (left ^ round) % 11)
                pieces.run(for: some)
                left -= some
            }
            for machine in [whole, single, pieces] {
                #expect(machine.registerFile == plain.registerFile, "round \(round)")
                #expect(!Self.writesArePassed(machine))
            }
        }
        #expect(Self.sum(whole) == Self.sum(plain))
        #expect(Self.sum(pieces) == Self.sum(plain))
        // It has come to its end.
        let end = plain.registerFile[8]
        #expect(plain.peek(end) == 0xEB && plain.peek(end + 1) == 0xFE)
    }

    private static func program(_ name: String) -> SelfModifyingProgram {
        SelfModifyingProgram.all.first { $0.name == name } ?? SelfModifyingProgram.all[0]
    }

    /// What is patched where it stands is not decoded anew.
    @Test(arguments: [
        "an immediate ahead in the same trace", "an immediate behind in the same trace", "a displacement",
        "the operand of a comparison that is fused with its branch", "the target of a branch that is linked",
        "an operation", "an instruction that has no handler of its own", "four places at once",
        "INT with a number that is patched, in real mode",
    ])
    func patchesStand(_ name: String) {
        let machine = Self.machine(Self.program(name), .traces)
        machine.run(for: 200)
        let (drops, patches) = (machine.cpu.traces.drops, machine.cpu.traces.patches)
        machine.run(for: 200)
        #expect(machine.cpu.traces.drops == drops)
        #expect(machine.cpu.traces.patches > patches + 10)
    }

    /// A fused comparison whose operand was patched is fused again.
    @Test func aPatchedComparisonStaysFused() {
        let machine = Self.machine(Self.program("the operand of a comparison that is fused with its branch"), .traces)
        machine.run(for: 400)
        let trace = machine.cpu.core.trace(0x10000, 0x10000)
        #expect(trace.map { $0.records[1].isFused } == true)
        #expect(machine.cpu.traces.patches > 10)
    }

    /// A function that is written anew stands where it stood.
    @Test func newCodeUsesTheOldPlace() {
        let machine = Self.machine(Self.program("a function of new instructions each time"), .traces)
        machine.run(for: 3000)
        let used = machine.cpu.traces.used
        machine.run(for: 6000)
        // The second run begins in the middle of traces, which it decodes from there.
        #expect(machine.cpu.traces.used < used + 150)
        #expect(machine.cpu.traces.drops > 50)
        #expect(machine.cpu[.ecx] > 20)
    }

    /// While it is written its page is not protected; when it runs it is.
    @Test func pagesAreProtectedWhileTheyHoldCode() {
        let seen = (0..<16 as Range<UInt64>).map { round in
            let machine = Self.machine(Self.program("a function of new instructions each time"), .traces)
            machine.run(for: 1000 + 8 * round)
            return machine.bus.memory.codePages[0x20] != 0
        }
        #expect(Set(seen) == [false, true])
    }

    /// A store of what stands there already changes nothing.
    @Test func equalBytesChangeNothing() {
        // MOV BYTE [10008h], 90h / NOP / NOP / DEC ECX / JNZ; by a hot handler, then STOSB, then by DMA.
        let hot: [UInt8] = [0xC6, 0x05, 0x08, 0, 1, 0, 0x90, 0x90, 0x90, 0x49, 0x75, 0xF4, 0xEB, 0xFE]
        let plain: [UInt8] = [0xBF, 0x09, 0, 1, 0, 0xB0, 0x90, 0xAA, 0x90, 0x90, 0x49, 0x75, 0xF3, 0xEB, 0xFE]
        for code in [hot, plain] {
            let machine = Self.machine(SelfModifyingProgram(name: "", code: code), .traces)
            machine.run(for: 500)
            machine.poke(0x10000, code[0])
            #expect(machine.cpu.traces.drops == 0 && machine.cpu.traces.patches == 0)
            #expect(machine.cpu[.ecx] < 100)
        }
    }

    /// DMA writes into code that is running, between two instructions of it: one byte, and a whole sector.
    @Test func directMemoryAccess() {
        // L: ADD EAX, 1 / INC EDX / JMP L
        let code: [UInt8] = [0x83, 0xC0, 1, 0x42, 0xEB, 0xFA]
        let machines = [BareMachine.Form.plain, .traces].map {
            Self.machine(SelfModifyingProgram(name: "", code: code), $0)
        }
        for machine in machines {
            machine.run(for: 100)
            machine.poke(0x10002, 7)
            machine.run(for: 101)
            machine.poke(0x10003, 0x4A)
            machine.run(for: 100)
            // NOPs, and further down a jump back.
            for at: UInt32 in 0x10000..<0x10200 { machine.poke(at, 0x90) }
            for (i, byte) in [0x43, 0xE9, 0xFA, 0xFD, 0xFF, 0xFF].enumerated() {
                machine.poke(0x10200 + UInt32(i), UInt8(byte))
            }
            machine.run(for: 3000)
            #expect(!Self.writesArePassed(machine))
        }
        #expect(machines[0].registerFile == machines[1].registerFile)
        #expect(machines[1].cpu[.ebx] > 3)
    }

    /// One physical page at two linear addresses: written at one, run at the other.
    @Test func twoMappings() {
        // L: INC BYTE [20001h] / MOV EBP, 30000h / CALL EBP / MOV EBP, 20000h / CALL EBP / ADD [30001h], EDX / LOOP L
        let code: [UInt8] = [
            0xFE, 0x05, 0x01, 0, 2, 0, 0xBD, 0, 0, 3, 0, 0xFF, 0xD5, 0xBD, 0, 0, 2, 0, 0xFF, 0xD5,
            0x01, 0x15, 0x01, 0, 3, 0, 0xE2, 0xE4, 0xEB, 0xFE,
        ]
        let machines = [BareMachine.Form.plain, .traces].map { form in
            let machine = Self.machine(SelfModifyingProgram(name: "", code: code), form, directory: 0x4000)
            // ADD EAX, 11111111h / RET
            for (i, byte) in [0x05, 0x11, 0x11, 0x11, 0x11, 0xC3].enumerated() {
                machine.poke(0x20000 + UInt32(i), UInt8(byte))
            }
            for page: UInt32 in 0..<0x40 {
                let frame = page == 0x30 ? 0x20 : page
                for (i, byte) in [0x67, UInt8(frame << 4 & 0xFF), UInt8(frame >> 4), 0].enumerated() {
                    machine.poke(0x5000 + page * 4 + UInt32(i), byte)
                }
            }
            for (i, byte) in [0x67, 0x50, 0, 0].enumerated() { machine.poke(0x4000 + UInt32(i), UInt8(byte)) }
            return machine
        }
        for _ in 0..<50 {
            for machine in machines {
                machine.run(for: 23)
                #expect(!Self.writesArePassed(machine))
            }
            #expect(machines[0].registerFile == machines[1].registerFile)
        }
        #expect(machines[1].cpu[.ecx] < 100)
        #expect(machines[1].cpu.traces.patches > 10)
    }

    /// Write tags that a page got before it held code: by two linear addresses, and at both privileges.
    @Test(arguments: [false, true]) func codeWhereWritesWent(_ several: Bool) throws {
        // L: MOV [20000h], EBX / DEC ECX / JNZ L
        let code: [UInt8] = [0x89, 0x1D, 0, 0, 2, 0, 0x49, 0x75, 0xF7, 0xEB, 0xFE]
        let machine = Self.machine(SelfModifyingProgram(name: "", code: code), .traces)
        machine.run(for: 20)
        let core = machine.cpu.core
        if several { _ = try core.translate(0x20000, write: true, user: false) }
        let tlbs = machine.cpu.tlbs
        let tables = several ? [tlbs.supervisorTLB, tlbs.userTLB] : [tlbs.userTLB]
        #expect(tables.allSatisfy { $0[0x20].writeTag != 0 })
        machine.poke(0x20000, 0xC3)
        #expect(core.trace(0x20000, 0x20000) != nil)
        #expect(tables.allSatisfy { $0[0x20].writeTag == 0 })
        #expect(!Self.writesArePassed(machine))
    }

    /// A guest that writes new code for ever does not fill the arena.
    @Test func rewritingForEver() {
        let machine = Self.machine(Self.program("overlays loaded by REP MOVSB"), .traces)
        machine.cpu[.ecx] = 100_000
        machine.run(for: 50_000)
        let (used, epoch) = (machine.cpu.traces.used, machine.cpu.traces.epoch)
        machine.run(for: 1_000_000)
        #expect(machine.cpu.traces.used < used + 200)
        #expect(machine.cpu.traces.drops > 10_000)
        #expect(machine.cpu.traces.epoch > epoch)
    }
}
