import Testing

@testable import PCCore

@Suite struct MemoryWatchTests {
    /// Every way to write in real mode: program, watched bytes, the cause, where EIP is then, and the count.
    struct Case: CustomTestStringConvertible {
        var name: String
        var code: [UInt8]
        var watch: (UInt32, UInt32)
        var kinds: AccessKinds = .write
        var cause: StopHit.Cause
        var eip: UInt32
        var count: UInt64
        var offset: UInt32
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        // MOV AX, 1234h / MOV [2000h], AX / JMP $
        Case(
            name: "MOV", code: [0xB8, 0x34, 0x12, 0xA3, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2001, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0x1234), eip: 0x1006, count: 2, offset: 0x1003),
        // ADD WORD [2000h], 1
        Case(
            name: "ADD, read", code: [0x83, 0x06, 0x00, 0x20, 0x01, 0xEB, 0xFE], watch: (0x2000, 1), kinds: .read,
            cause: StopBench.read(0x2000, 2, 0x0101), eip: 0x1005, count: 1, offset: 0x1000),
        Case(
            name: "ADD, write", code: [0x83, 0x06, 0x00, 0x20, 0x01, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0x0102), eip: 0x1005, count: 1, offset: 0x1000),
        // MOV [1FFFh], EAX crosses a page.
        Case(
            name: "across pages", code: [0x66, 0xA3, 0xFD, 0x1F, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x1FFD, 4, 0x0100_0000, 0), eip: 0x1004, count: 1, offset: 0x1000),
        // MOV SP, 2010h / PUSHA
        Case(
            name: "PUSHA", code: [0xBC, 0x10, 0x20, 0x60, 0xEB, 0xFE], watch: (0x2006, 2),
            cause: StopBench.write(0x2006, 2, 0x0101, 0x2010), eip: 0x1004, count: 2, offset: 0x1003),
        // MOV SP, 2010h / CALL $+3
        Case(
            name: "CALL", code: [0xBC, 0x10, 0x20, 0xE8, 0, 0, 0xEB, 0xFE], watch: (0x200F, 1),
            cause: StopBench.write(0x200E, 2, 0x0101, 0x1006), eip: 0x1006, count: 2, offset: 0x1003),
        // MOV SP, 2010h / INT 20h
        Case(
            name: "INT", code: [0xBC, 0x10, 0x20, 0xCD, 0x20, 0xEB, 0xFE], watch: (0x200A, 2),
            cause: StopBench.write(0x200A, 2, 0x0101, 0x1005), eip: 0, count: 2, offset: 0x1003),
        // FLD1 / FSTP QWORD [2000h]
        Case(
            name: "FSTP m64", code: [0xD9, 0xE8, 0xDD, 0x1E, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2006, 1),
            cause: StopBench.write(0x2004, 4, 0x0101_0101, 0x3FF0_0000), eip: 0x1006, count: 2, offset: 0x1002),
        // FLD1 / FSTP TBYTE [2000h]
        Case(
            name: "FSTP m80", code: [0xD9, 0xE8, 0xDB, 0x3E, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2009, 1),
            cause: StopBench.write(0x2008, 2, 0x0101, 0x3FFF), eip: 0x1006, count: 2, offset: 0x1002),
        // PXOR MM0, MM0 / MOVQ [2000h], MM0
        Case(
            name: "MOVQ", code: [0x0F, 0xEF, 0xC0, 0x0F, 0x7F, 0x06, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2000, 16),
            cause: StopBench.write(0x2000, 4, 0x0101_0101, 0), eip: 0x1008, count: 2, offset: 0x1003),
        // FXSAVE [2000h]
        Case(
            name: "FXSAVE", code: [0x0F, 0xAE, 0x06, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0x37F), eip: 0x1005, count: 1, offset: 0x1000),
        // MOV DI, 2000h / MOV CX, 8 / REP STOSB
        Case(
            name: "REP STOSB", code: [0xBF, 0x00, 0x20, 0xB9, 0x08, 0x00, 0xF3, 0xAA, 0xEB, 0xFE], watch: (0x2003, 1),
            cause: StopBench.write(0x2003, 1, 0x01, 0), eip: 0x1006, count: 6, offset: 0x1006),
        // the last element
        Case(
            name: "REP STOSB, last", code: [0xBF, 0x00, 0x20, 0xB9, 0x08, 0x00, 0xF3, 0xAA, 0xEB, 0xFE],
            watch: (0x2007, 1), cause: StopBench.write(0x2007, 1, 0x01, 0), eip: 0x1008, count: 10, offset: 0x1006),
        // MOV SI, 1000h / MOV DI, 1FF0h / MOV CX, 16 / REP MOVSD
        Case(
            name: "REP MOVSD",
            code: [0xBE, 0x00, 0x10, 0xBF, 0xF0, 0x1F, 0xB9, 0x10, 0x00, 0xF3, 0x66, 0xA5, 0xEB, 0xFE],
            watch: (0x2002, 1), cause: StopBench.write(0x2000, 4, 0x0101_0101, 0), eip: 0x1009, count: 8,
            offset: 0x1009),
        // the same, read
        Case(
            name: "REP MOVSD, read",
            code: [0xBE, 0x00, 0x20, 0xBF, 0x00, 0x30, 0xB9, 0x10, 0x00, 0xF3, 0x66, 0xA5, 0xEB, 0xFE],
            watch: (0x2006, 1), kinds: [.read, .write], cause: StopBench.read(0x2004, 4, 0x0101_0101), eip: 0x1009,
            count: 5, offset: 0x1009),
        // MOV DI, 2000h / MOV CX, 8 / MOV DX, 3F0h / REP INSB: nobody answers.
        Case(
            name: "REP INSB",
            code: [0xBF, 0x00, 0x20, 0xB9, 0x08, 0x00, 0xBA, 0x10, 0x06, 0xF3, 0x6C, 0xEB, 0xFE], watch: (0x2002, 1),
            cause: StopBench.write(0x2002, 1, 0x01, 0xFF), eip: 0x1009, count: 6, offset: 0x1009),
        // MOV DI, 2000h / MOV CX, 8 / REPE SCASB
        Case(
            name: "REPNE SCASB", code: [0xBF, 0x00, 0x20, 0xB9, 0x08, 0x00, 0xF2, 0xAE, 0xEB, 0xFE],
            watch: (0x2003, 1), kinds: .read, cause: StopBench.read(0x2003, 1, 1), eip: 0x1006, count: 6,
            offset: 0x1006),
        // LOCK XADD [2000h], AX
        Case(
            name: "LOCK XADD", code: [0xF0, 0x0F, 0xC1, 0x06, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0x0101), eip: 0x1006, count: 1, offset: 0x1000),
        // BTS WORD [1FFEh], 23 / by a register: MOV AX, 23 / BTS [1FFEh], AX
        Case(
            name: "BTS", code: [0xB8, 0x17, 0x00, 0x0F, 0xAB, 0x06, 0xFE, 0x1F, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0x0181), eip: 0x1008, count: 2, offset: 0x1003),
        // PUSH WORD [2000h] and POP WORD [2000h]
        Case(
            name: "PUSH m", code: [0xFF, 0x36, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2000, 1), kinds: .read,
            cause: StopBench.read(0x2000, 2, 0x0101), eip: 0x1004, count: 1, offset: 0x1000),
        Case(
            name: "POP m", code: [0x8F, 0x06, 0x00, 0x20, 0xEB, 0xFE], watch: (0x2000, 1),
            cause: StopBench.write(0x2000, 2, 0x0101, 0), eip: 0x1004, count: 1, offset: 0x1000),
    ]

    private func bench(_ code: [UInt8], _ isPlainOnly: Bool) -> StopBench {
        let bench = StopBench(code)
        bench.put([UInt8](repeating: 1, count: 0x200), at: 0x2000)
        bench.pc.cpu.s.pointee.isPlainOnly = isPlainOnly
        return bench
    }

    @Test(arguments: cases, [false, true]) func stopsBehindTheInstruction(_ c: Case, isPlainOnly: Bool) {
        for isPhysical in [false, true] {
            let bench = bench(c.code, isPlainOnly)
            bench.watch(c.watch.0, c.watch.1, isPhysical: isPhysical, c.kinds)
            let hit = bench.next()
            #expect(hit?.cause == c.cause)
            #expect(hit?.instruction == c.count - 1 && hit?.time == c.count - 1)
            #expect(hit?.selector == 0 && hit?.offset == c.offset && hit?.linear == c.offset)
            #expect(bench.pc.instructionCount == c.count && bench.pc.cpu[.eip] == c.eip)
        }
    }

    /// With stops all the way and without: the same machine at the end.
    @Test(arguments: cases) func changesNothing(_ c: Case) {
        let free = bench(c.code, false)
        let watched = bench(c.code, false)
        watched.watch(0x1F00, 0x300, [.read, .write])
        watched.pc.stops.breakpoints = [0x1003, 0x1006, 0x6000]
        watched.pc.stops.interrupts = [0x20]
        _ = free.pc.run(instructions: 500)
        while watched.pc.instructionCount < 500, watched.next(500 - watched.pc.instructionCount) != nil {}
        #expect(watched.pc.instructionCount == 500)
        #expect(watched.pc.canonicalState() == free.pc.canonicalState())
    }

    /// A store beside the watched bytes, in the same page, does not stop, and each one to them does, in a loop of traces.
    @Test func everyPassOfALoop() {
        // MOV CX, 1000 / L: INC BYTE [2001h] / INC WORD [2002h] / INC BYTE [2100h] / LOOP L / JMP $
        let bench = StopBench([
            0xB9, 0xE8, 0x03, 0xFE, 0x06, 0x01, 0x20, 0xFF, 0x06, 0x02, 0x20, 0xFE, 0x06, 0x00, 0x21, 0xE2, 0xF2,
            0xEB, 0xFE,
        ])
        #expect(bench.next(401) == nil)
        bench.watch(0x2003)
        for pass: UInt64 in 100..<1000 {
            let hit = bench.next()
            #expect(hit?.instruction == 2 + pass * 4 && hit?.offset == 0x1007)
            #expect(
                hit?.cause == StopBench.write(0x2002, 2, UInt32(pass), UInt32(pass + 1)))
            #expect(bench.pc.instructionCount == 3 + pass * 4 && bench.pc.cpu[.eip] == 0x100B)
        }
        #expect(bench.next() == nil)
    }

    /// Data and code on one page, where stores take a detour, and a store into the code itself.
    @Test func pagesWithCode() {
        // L: INC WORD [1020h] / INC BYTE [100Dh] / INC BX / MOV AL, 0 / JMP L
        let bench = StopBench([
            0xFF, 0x06, 0x20, 0x10, 0xFE, 0x06, 0x0A, 0x10, 0x43, 0xB0, 0x00, 0xEB, 0xF3,
        ])
        #expect(bench.next(501) == nil)
        bench.watch(0x1020)
        bench.watch(0x100A)
        var count: UInt64 = 0
        for pass: UInt64 in 1...200 {
            let hit = bench.next()
            guard case .memory(let address, _, _, _, _, _, let watch)? = hit?.cause else { return #expect(Bool(false)) }
            let isData = watch == 0
            #expect(address == (isData ? 0x1020 : 0x100A))
            #expect(hit?.offset == (isData ? 0x1000 : 0x1004))
            if pass > 1 { #expect(bench.pc.instructionCount == count + (isData ? 4 : 1)) }
            count = bench.pc.instructionCount
        }
        #expect(bench.pc.cpu[.al] > 0)
    }

    @Test func theLastIsKept() {
        // MOV CX, 1000 / L: INC BYTE [2000h] / LOOP L / JMP $
        let bench = StopBench([0xB9, 0xE8, 0x03, 0xFE, 0x06, 0x00, 0x20, 0xE2, 0xFA, 0xEB, 0xFE])
        bench.watch(0x2000)
        bench.pc.keepsRunningAtStops = true
        #expect(bench.pc.run(instructions: 1500) == .sliceEnd)
        #expect(bench.pc.instructionCount == 1500 && bench.pc.lastHit?.instruction == 1499)
        #expect(bench.pc.run(instructions: 10_000) == .sliceEnd)
        #expect(bench.pc.lastHit?.instruction == 1999)
        #expect(bench.pc.lastHit?.cause == StopBench.write(0x2000, 1, 0xE7, 0xE8))
    }

    /// The first of several in one instruction; a limit that comes first wins.
    @Test func orderAndLimits() {
        // MOV SI, 2000h / MOV DI, 2100h / MOVSB / JMP $
        let bench = StopBench([0xBE, 0x00, 0x20, 0xBF, 0x00, 0x21, 0xA4, 0xEB, 0xFE])
        bench.watch(0x2100)
        bench.watch(0x2000, 1, .read)
        #expect(bench.pc.run(instructions: 2) == .sliceEnd)
        #expect(bench.next(1)?.cause == StopBench.read(0x2000, 1, 0, watch: 1))
        #expect(bench.next() == nil)
    }

    @Test func theEndOfTheAddressSpace() {
        let watch = MemoryWatch(first: 0xFFFF_FFFE, count: 4)
        #expect(watch.touches(0xFFFF_FFFE, 1) && watch.touches(1, 1) && watch.touches(0xFFFF_FFFD, 2))
        #expect(!watch.touches(2, 1) && !watch.touches(0xFFFF_FFFD, 1))
        #expect(!MemoryWatch(first: 5, count: 0).touches(4, 4))
    }

    /// An operation on memory looks for its write tag alone: a page whose reads are watched has none.
    @Test(arguments: [[0xFE, 0x06, 0x00, 0x20], [0x00, 0x06, 0x00, 0x20], [0x86, 0x06, 0x00, 0x20]] as [[UInt8]])
    func operationsRead(_ operation: [UInt8]) {
        // L: INC BYTE [2000h], ADD or XCHG / JMP L
        let bench = StopBench(operation + [0xEB, 0xFA])
        #expect(bench.next(41) == nil)
        bench.watch(0x2000, 1, .read)
        for pass: UInt64 in 0..<20 {
            let hit = bench.next()
            guard case .memory(0x2000, _, 1, false, _, _, _)? = hit?.cause else { return #expect(Bool(false)) }
            #expect(hit?.instruction == 42 + pass * 2)
        }
    }
}
