import Testing

@testable import PCCore

@Suite struct PortAndInterruptStopTests {
    @Test(arguments: [false, true]) func ports(isPlainOnly: Bool) {
        // MOV DX, 3D4h / MOV AX, 120Eh / OUT DX, AX / IN AL, 61h / IN AX, DX / JMP to OUT
        let bench = StopBench([
            0xBA, 0xD4, 0x03, 0xB8, 0x0E, 0x12, 0xEF, 0xE4, 0x61, 0xED, 0xEB, 0xFA,
        ])
        bench.pc.cpu.s.pointee.isPlainOnly = isPlainOnly
        #expect(bench.next(42) == nil)
        bench.pc.stops.ports = [PortWatch(ports: 0x3D5...0x3D5, kinds: .write), PortWatch(ports: 0x61...0x61)]
        for pass in 0..<10 {
            let write = bench.next()
            guard case .port(0x3D4, 2, true, _, 0)? = write?.cause else { return #expect(Bool(false)) }
            #expect(write?.offset == 0x1006 && bench.pc.cpu[.eip] == 0x1007)
            #expect(write?.instruction == 42 + UInt64(pass) * 4)
            let read = bench.next()
            guard case .port(0x61, 1, false, let value, 1)? = read?.cause else { return #expect(Bool(false)) }
            #expect(value == bench.pc.cpu[.al] && read?.offset == 0x1007 && bench.pc.cpu[.eip] == 0x1009)
        }
        bench.pc.stops = StopSet()
        #expect(bench.next() == nil)
    }

    @Test func repeatedPorts() {
        // MOV DX, 610h / MOV CX, 4 / MOV DI, 2000h / REP INSB / JMP $
        let bench = StopBench([
            0xBA, 0x10, 0x06, 0xB9, 0x04, 0x00, 0xBF, 0x00, 0x20, 0xF3, 0x6C, 0xEB, 0xFE,
        ])
        bench.pc.stops.ports = [PortWatch(ports: 0x600...0x6FF, kinds: .read)]
        for element: UInt64 in 0..<4 {
            let hit = bench.next()
            #expect(hit?.cause == .port(0x610, width: 1, isWrite: false, value: 0xFF, watch: 0))
            #expect(hit?.instruction == 3 + element && bench.pc.instructionCount == 4 + element)
            #expect(bench.pc.cpu[.eip] == (element == 3 ? 0x100B : 0x1009))
        }
        #expect(bench.next() == nil)
    }

    // MARK: Interrupts

    @Test(arguments: [false, true]) func softwareInterrupts(isPlainOnly: Bool) {
        // L: INT 21h / INT 20h / JMP L
        let bench = StopBench([0xCD, 0x21, 0xCD, 0x20, 0xEB, 0xFA])
        bench.pc.cpu.s.pointee.isPlainOnly = isPlainOnly
        #expect(bench.next(50) == nil)
        bench.pc.stops.interrupts = [0x20]
        for pass: UInt64 in 0..<10 {
            let hit = bench.next()
            #expect(hit?.cause == .interrupt(0x20) && hit?.linear == 0x6000)
            #expect(hit?.selector == 0x600 && hit?.offset == 0)
            #expect(hit?.instruction == 53 + pass * 5 && bench.pc.instructionCount == 53 + pass * 5)
            #expect(bench.pc.cpu[.eip] == 0 && bench.pc.cpu[.cs] == 0x600)
        }
    }

    /// The stack comes before the vector: of several the first is told.
    @Test func theFirstIsTold() {
        let bench = StopBench([0xCD, 0x21, 0xEB, 0xFC])
        bench.pc.stops.interrupts = [0x21]
        bench.watch(0x7FFA, 6)
        for _ in 0..<5 {
            guard case .memory? = bench.next()?.cause else { return #expect(Bool(false)) }
        }
    }

    @Test func exceptions() {
        // XOR CX, CX / DIV CX / JMP $
        let bench = StopBench([0x31, 0xC9, 0xF7, 0xF1, 0xEB, 0xFE])
        bench.pc.stops.interrupts = [0]
        let hit = bench.next()
        #expect(hit?.cause == .interrupt(0) && hit?.instruction == 2 && bench.pc.cpu[.cs] == 0x600)
        // IRET leads to the DIV again.
        #expect(bench.next()?.instruction == 4)
    }

    /// Hardware: also out of HLT, and with a second request behind it, which must come when it would have come anyway.
    @Test(arguments: [false, true]) func hardware(halts: Bool) {
        // STI / NOP or HLT / INC AX / JMP $-1
        func make() -> (StopBench, Requests) {
            let bench = StopBench([0xFB, halts ? 0xF4 : 0x90, 0x40, 0xEB, 0xFD])
            let requests = Requests(bench.pc.bus, [0x30, 0x31])
            return (bench, requests)
        }
        let (free, freeRequests) = make()
        _ = free.next(3)
        freeRequests.raise()
        _ = free.next(20)
        let (bench, requests) = make()
        _ = bench.next(3)
        requests.raise()
        bench.pc.stops.interrupts = [0x30, 0x31]
        let limit = free.pc.instructionCount
        var hits: [StopHit.Cause] = []
        while bench.pc.instructionCount < limit {
            guard let hit = bench.next(limit - bench.pc.instructionCount) else { break }
            hits.append(hit.cause)
            #expect(hit.linear == 0x6000 && hit.instruction == bench.pc.instructionCount)
        }
        #expect(hits == [.interrupt(0x30), .interrupt(0x31)])
        #expect(bench.pc.canonicalState() == free.pc.canonicalState())
    }

    /// The stack of a hardware interrupt belongs to the instruction that comes next.
    @Test func interruptsWriteToTheStack() {
        let bench = StopBench([0x90, 0x90, 0xEB, 0xFD])
        _ = bench.next(5)
        bench.watch(0x7FFA, 6)
        bench.pc.cpu.raiseNMI()
        let eip = bench.pc.cpu[.eip]
        let hit = bench.next()
        #expect(hit?.offset == eip && hit?.instruction == 5 && bench.pc.instructionCount == 5)
        #expect(bench.pc.cpu[.cs] == 0x600)
        #expect(bench.next() == nil)
    }

    // MARK: DMA

    @Test func devicesWriteMemory() {
        // MOV DX, 610h / OUT DX, AL / JMP $
        let bench = StopBench([0xBA, 0x10, 0x06, 0xEE, 0xEB, 0xFE])
        bench.pc.bus.attach(MemoryWriter(bench.pc.bus), ports: 0x610...0x610)
        bench.watch(0x2003, isPhysical: true)
        bench.watch(0x2001)
        let hit = bench.next()
        #expect(hit?.cause == .dma(physical: 0x2001, watch: 1))
        #expect(hit?.offset == 0x1003 && hit?.instruction == 1 && bench.pc.instructionCount == 2)
        #expect(bench.next() == nil)
        // A debugger's own hand is no device.
        bench.put([1, 2, 3, 4], at: 0x2000)
        #expect(bench.next() == nil)
    }

    /// Who watches reads is not told of what a device writes.
    @Test func devicesDoNotRead() {
        let bench = StopBench([0xBA, 0x10, 0x06, 0xEE, 0xEB, 0xFE])
        bench.pc.bus.attach(MemoryWriter(bench.pc.bus), ports: 0x610...0x610)
        bench.watch(0x2001, isPhysical: true, .read)
        bench.watch(0x2002, 1, .read)
        #expect(bench.next() == nil)
    }

    /// What was met of the stops that are gone is no stop.
    @Test func newStopsForgetWhatWasMet() {
        let bench = StopBench([0xEB, 0xFE])
        bench.pc.stops.ports = [PortWatch(ports: 0x80...0x80)]
        bench.pc.cpu.detector.pending = StopHit(
            cause: .port(0x80, width: 1, isWrite: true, value: 0, watch: 0), selector: 0, offset: 0, linear: 0,
            instruction: 0, time: 0)
        bench.pc.stops.ports = [PortWatch(ports: 0x81...0x81)]
        #expect(bench.next() == nil)
    }

    @Test func blocksOfMemory() {
        let bench = StopBench([0xBA, 0x10, 0x06, 0xEE, 0xEB, 0xFE])
        bench.pc.bus.attach(MemoryWriter(bench.pc.bus, asBlock: true), ports: 0x610...0x610)
        bench.watch(0x2003, isPhysical: true)
        #expect(bench.next()?.cause == .dma(physical: 0x2000, watch: 0))
    }
}

/// Asks for interrupts, one behind the other.
final class Requests: InterruptController {
    private unowned let bus: Bus
    private var vectors: [UInt8]

    init(_ bus: Bus, _ vectors: [UInt8]) {
        (self.bus, self.vectors) = (bus, vectors)
    }

    func raise() {
        bus.interruptController = self
        bus.interruptRequested = true
        bus.attention = true
    }

    func acknowledge() -> UInt8 {
        let vector = vectors.removeFirst()
        bus.interruptRequested = !vectors.isEmpty
        return vector
    }
}

/// Writes four bytes to 2000h when its port is written.
private final class MemoryWriter: PortDevice {
    private unowned let bus: Bus
    private let asBlock: Bool

    init(_ bus: Bus, asBlock: Bool = false) {
        (self.bus, self.asBlock) = (bus, asBlock)
    }

    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { 0 }
    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        if asBlock {
            _ = bus.masterWrite([1, 2, 3, 4], at: 0x2000)
        } else {
            for i: UInt32 in 0..<4 { bus.writeByte(0x2000 + i, 7) }
        }
    }
}
