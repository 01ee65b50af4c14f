import Testing

@testable import PCCore

@Suite struct BreakpointTests {
    /// MOV CX, 1000 / L: INC AX / NOP / LOOP L / JMP $
    private static let loop: [UInt8] = [0xB9, 0xE8, 0x03, 0x40, 0x90, 0xE2, 0xFC, 0xEB, 0xFE]

    /// Each pass stops, and nothing else does.
    @Test(arguments: [CPUModel.i8086, .i80286, .i80386, .pentiumII], [0x1003, 0x1004, 0x1005] as [UInt32])
    func everyPassOfALoop(_ model: CPUModel, _ address: UInt32) {
        let bench = StopBench(Self.loop, model: model)
        // The loop is known as a trace before.
        #expect(bench.next(301) == nil)
        bench.pc.stops.breakpoints = [address]
        let first: UInt64 = 301 + UInt64(address - 0x1003)
        for pass: UInt64 in 0..<900 {
            let hit = bench.next()
            #expect(hit?.cause == .breakpoint(address))
            #expect(hit?.instruction == first + pass * 3 && bench.pc.instructionCount == first + pass * 3)
            #expect(hit?.time == bench.pc.now && hit?.offset == address && hit?.selector == 0)
            #expect(bench.pc.cpu[.eip] == address)
        }
        #expect(bench.next() == nil)
    }

    /// The same place in another page is nothing, and does not make code there disappear.
    @Test func otherPagesPass() {
        let bench = StopBench(Self.loop)
        bench.pc.stops.breakpoints = [0x5003, 0xF003]
        #expect(bench.next() == nil)
        #expect(bench.pc.cpu[.ax] == 1000)
    }

    /// In another segment with the same linear address.
    @Test func linearAddressesCount() {
        // JMP 0100:0005 / (1005h) NOP / NOP / JMP $
        let bench = StopBench([0xEA, 0x05, 0x00, 0x00, 0x01, 0x90, 0x90, 0xEB, 0xFE])
        bench.pc.stops.breakpoints = [0x1006]
        let hit = bench.next()
        #expect(hit?.selector == 0x100 && hit?.offset == 6 && hit?.linear == 0x1006 && hit?.instruction == 2)
    }

    /// A limit that comes first wins. A run that ends at a breakpoint reports it, and the next one steps over it.
    @Test func limits() {
        let bench = StopBench(Self.loop)
        bench.pc.stops.breakpoints = [0x1004]
        #expect(bench.pc.run(instructions: 1) == .sliceEnd)
        #expect(bench.next(1)?.instruction == 2)
        #expect(bench.pc.run(instructions: 1) == .sliceEnd)
        #expect(bench.pc.run(instructions: 1) == .sliceEnd)
        #expect(bench.next(1)?.instruction == 5)
        #expect(bench.next()?.instruction == 8)
        guard case .stopped = bench.pc.run(until: bench.pc.now + 3) else { return #expect(Bool(false)) }
    }

    /// A breakpoint at a REP stops before the first element, and not between two.
    @Test func repeatedStrings() {
        // L: MOV DI, 2000h / MOV CX, 8 / REP STOSB / JMP L
        let bench = StopBench([0xBF, 0x00, 0x20, 0xB9, 0x08, 0x00, 0xF3, 0xAA, 0xEB, 0xF6])
        bench.pc.stops.breakpoints = [0x1006]
        #expect(bench.next()?.instruction == 2)
        for _ in 0..<3 { #expect(bench.pc.run(instructions: 1) == .sliceEnd) }
        #expect(bench.pc.cpu[.cx] == 5 && bench.pc.cpu[.eip] == 0x1006)
        #expect(bench.next()?.instruction == 13)
        #expect(bench.pc.step() == .sliceEnd)
        #expect(bench.pc.cpu[.eip] == 0x1008 && bench.pc.cpu[.cx] == 0)
    }

    /// Inside of a fused pair, and at an instruction that is overwritten while it is watched.
    @Test func fusedPairsAndNewCode() {
        // L: INC BYTE [1007h] / INC BX / MOV AL, 0 / CMP BX, 500 / JB L / JMP $
        let bench = StopBench([
            0xFE, 0x06, 0x07, 0x10, 0x43, 0x90, 0xB0, 0x00, 0x81, 0xFB, 0xF4, 0x01, 0x72, 0xF2, 0xEB, 0xFE,
        ])
        bench.pc.stops.breakpoints = [0x100C]
        for pass: UInt64 in 0..<400 {
            #expect(bench.next()?.instruction == 5 + 6 * pass)
            #expect(bench.pc.cpu[.al] == UInt32((pass + 1) & 0xFF))
        }
        bench.pc.stops.breakpoints = [0x1006]
        for pass: UInt64 in 400..<499 { #expect(bench.next()?.instruction == 3 + 6 * pass) }
    }

    @Test func theLastIsKept() {
        let bench = StopBench(Self.loop)
        bench.pc.stops.breakpoints = [0x1003, 0x1005]
        bench.pc.keepsRunningAtStops = true
        #expect(bench.pc.run(instructions: 302) == .sliceEnd)
        #expect(bench.pc.instructionCount == 302)
        #expect(bench.pc.lastHit?.instruction == 301 && bench.pc.lastHit?.cause == .breakpoint(0x1003))
        #expect(bench.pc.run(instructions: 100_000) == .sliceEnd)
        #expect(bench.pc.lastHit?.instruction == 3000 && bench.pc.lastHit?.cause == .breakpoint(0x1005))
        bench.pc.stops = StopSet()
        #expect(bench.pc.stops.isEmpty && bench.next() == nil)
    }

    /// Going back in time does not make a breakpoint look as if it had been met.
    @Test func anInterruptComesFirst() {
        let bench = StopBench(Self.loop)
        bench.pc.stops.breakpoints = [0x1004]
        #expect(bench.next()?.instruction == 2)
        bench.pc.cpu.raiseNMI()
        // The NMI comes behind the instruction that was reported; its IRET leads to the next one.
        #expect(bench.next()?.instruction == 6)
    }

    /// Up to the 286 addresses end with the CPU's address lines: FFFF:0010 is 0 on an 8086.
    @Test(arguments: [CPUModel.i8086, .i80186], [false, true])
    func addressesGoRound(_ model: CPUModel, isPlainOnly: Bool) {
        // JMP FFFF:0010 / (0) INC AX / JMP $
        let bench = StopBench([0xEA, 0x10, 0x00, 0xFF, 0xFF], model: model)
        bench.put([0x40, 0xEB, 0xFD], at: 0)
        bench.pc.cpu.s.pointee.isPlainOnly = isPlainOnly
        bench.pc.stops.breakpoints = [0]
        for pass: UInt64 in 0..<5 {
            let hit = bench.next(100)
            #expect(hit?.cause == .breakpoint(0) && hit?.linear == 0)
            #expect(hit?.selector == 0xFFFF && hit?.offset == 0x10 && hit?.instruction == 1 + pass * 2)
        }
        // What such an instruction does is told of the same address.
        bench.pc.stops = StopSet()
        bench.pc.stops.ports = [PortWatch(ports: 0x80...0x80)]
        bench.put([0xE6, 0x80], at: 0)
        let hit = bench.next(100)
        #expect(hit?.linear == 0 && hit?.offset == 0x10)
    }

    /// IP goes round at 64 KB.
    @Test func offsetsGoRound() {
        // JMP 0200:FFFE / (11FFEh) NOP NOP / (2000h) JMP 0200:FFFE
        let bench = StopBench([0xEA, 0xFE, 0xFF, 0x00, 0x02], model: .i8086)
        bench.put([0x90, 0x90], at: 0x11FFE)
        bench.put([0xEA, 0xFE, 0xFF, 0x00, 0x02], at: 0x2000)
        bench.pc.stops.breakpoints = [0x2000]
        for pass: UInt64 in 0..<5 {
            #expect(bench.next(100)?.instruction == 3 + pass * 3)
            #expect(bench.pc.cpu.codeAddress == 0x2000)
        }
    }

    /// Where a run ends and an interrupt waits, that comes before the breakpoint's instruction.
    @Test func anInterruptThatWaitsComesFirst() {
        // STI / NOP / OUT DX, AL, which asks for it / INC AX / JMP $
        let bench = StopBench([0xFB, 0x90, 0xEE, 0x40, 0xEB, 0xFE])
        bench.pc.cpu[.dx] = 0x610
        let requests = Requests(bench.pc.bus, [0x30])
        bench.pc.bus.attach(Asking(requests), ports: 0x610...0x610)
        bench.pc.stops.breakpoints = [0x1003]
        #expect(bench.next(2) == nil)
        #expect(bench.pc.run(instructions: 1) == .sliceEnd)
        #expect(bench.pc.cpu[.eip] == 0x1003)
        let hit = bench.next()
        // Behind the handler's IRET.
        #expect(hit?.cause == .breakpoint(0x1003) && hit?.instruction == 4)
    }

    /// STI lets one more instruction run: the breakpoint there is met where the run ends.
    @Test func theShadowOfSTI() {
        let bench = StopBench([0xFB, 0x90, 0x40, 0xEB, 0xFE])
        let requests = Requests(bench.pc.bus, [0x30])
        requests.raise()
        bench.pc.stops.breakpoints = [0x1001]
        #expect(bench.next(1)?.instruction == 1)
        #expect(bench.pc.run(instructions: 1) == .sliceEnd)
        withExtendedLifetime(requests) { #expect(bench.pc.cpu[.eip] == 0x1002) }
    }

    private final class Asking: PortDevice {
        private let requests: Requests

        init(_ requests: Requests) { self.requests = requests }

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { 0 }
        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) { requests.raise() }
    }
}
