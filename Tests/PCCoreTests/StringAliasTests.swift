import Testing

@testable import PCCore

/// REP STOS and MOVS over themselves by another linear page of the same memory: in slices of any size they do the same.
@Suite struct StringAliasTests {
    /// At the start of a page, in it, and over its end.
    private static let places: [UInt32] = [0x20000, 0x20800, 0x20FFF]

    /// A machine before `code`, which stands in the pages 20h and 21h; the pages 30h and 31h are the same memory.
    private func machine(
        _ code: [UInt8], at place: UInt32, target: UInt32, isDown: Bool, _ form: BareMachine.Form
    ) -> BareMachine {
        let machine = BareMachine(model: .pentiumII, memory: 0x40000)
        machine.use(form)
        func put(_ address: UInt32, _ value: UInt32) {
            for i in 0..<4 as Range<UInt32> { machine.poke(address + i, UInt8(truncatingIfNeeded: value >> (i * 8))) }
        }
        put(0x4000, 0x5067)
        for page: UInt32 in 0..<0x40 { put(0x5000 + page * 4, (page & ~1 == 0x30 ? page - 0x10 : page) << 12 | 0x67) }
        // INC EBX around the code; what is stored is NOP, INC EBX, INC ESI and their like.
        for address: UInt32 in 0x20700..<0x21100 { machine.poke(address, 0x43) }
        for address: UInt32 in 0x20000..<0x20080 { machine.poke(address, 0x43) }
        for (i, byte) in code.enumerated() { machine.poke(place + UInt32(i), byte) }
        for i: UInt32 in 0..<0x100 { machine.poke(0x24F80 + i, [0x90, 0x43, 0x46, 0x45, 0x42][Int(i % 5)]) }
        let segment = BareMachine.SegmentSetting(selector: 0, base: 0, limit: .max, isBig: true)
        machine.restart(isProtected: true, segments: Array(repeating: segment, count: 6), directory: 0x4000)
        var registers = SIMD16<UInt32>()
        (registers[0], registers[1], registers[4]) = (0x4243_9046, 20, 0x28000)
        (registers[6], registers[7], registers[8], registers[9]) = (0x25000, target, place, isDown ? 0x402 : 2)
        machine.load(registers)
        return machine
    }

    /// REP STOSB, STOSD, STOSW, MOVSB, MOVSD.
    private static let forms: [[UInt8]] = [
        [0xF3, 0xAA], [0xF3, 0xAB], [0xF3, 0x66, 0xAB], [0xF3, 0xA4], [0xF3, 0xA5],
    ]

    @Test(arguments: forms, places)
    func slicesDoTheSame(_ code: [UInt8], _ place: UInt32) {
        for isDown in [false, true] {
            for form in [BareMachine.Form.traces, .plain] {
                for distance in [-9, -4, -3, -1, 0, 1, 2] as [Int32] {
                    func result(_ slice: UInt64) -> [UInt32] {
                        let target = place + 0x10000 &+ UInt32(bitPattern: distance)
                        let machine = machine(code, at: place, target: target, isDown: isDown, form)
                        let end = machine.scheduler.now + 35
                        while machine.scheduler.now < end { machine.run(for: min(slice, end - machine.scheduler.now)) }
                        let registers = machine.registerFile
                        let memory = (0x20000..<0x21200 as Range<UInt32>).reduce(UInt32(0)) {
                            ($0 &* 31) &+ UInt32(machine.peek($1))
                        }
                        return registers.indices.map { registers[$0] } + [memory]
                    }
                    let whole = result(1000)
                    for slice in [1, 2, 3, 7] as [UInt64] {
                        #expect(result(slice) == whole, "\(isDown) \(form) \(distance) \(slice)")
                    }
                }
            }
        }
    }
}
