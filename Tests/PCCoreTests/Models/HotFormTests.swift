import Testing

@testable import PCCore

/// The hot handlers of interrupts, far transfers, segment registers, flags, frames and ports against the plain forms:
/// memory full of such instructions, with every register at random, runs by traces and one by one.
@Suite struct HotFormTests {
    @Test(arguments: CPUModel.allCases) func hotAndPlainFormsAgree(_ model: CPUModel) {
        let (hot, plain) = (Machine(model), Machine(model))
        plain.cpu.s.pointee.isPlainOnly = true
        for seed in Array(1...60) + [105, 122] as [UInt64] {
            let slices = Machine.slices(seed)
            hot.start(seed)
            plain.start(seed)
            for (number, length) in slices.enumerated() where !hot.cpu.isHalted {
                hot.run(number, length)
                plain.run(number, length)
                guard hot.summary == plain.summary, number < slices.count - 1 || hot.memory.elementsEqual(plain.memory)
                else {
                    let place = Self.firstDifference(hot, plain, seed, number)
                    Issue.record("\(model) seed \(seed) \(Machine.Setting(model, seed)): \(place)")
                    return
                }
            }
        }
    }

    /// The first instruction of a slice after which the machines differ, with what differs.
    private static func firstDifference(_ hot: Machine, _ plain: Machine, _ seed: UInt64, _ last: Int) -> String {
        let slices = Machine.slices(seed)
        var before = ""
        for length in 0...slices[last] {
            for machine in [hot, plain] {
                machine.start(seed)
                for number in 0..<last { machine.run(number, slices[number]) }
                machine.run(last, length)
            }
            if hot.summary != plain.summary || !hot.memory.elementsEqual(plain.memory) {
                return "slice \(last), instruction \(length), \(before): \(hot.difference(from: plain))"
            }
            before = plain.nextCode
        }
        return "slice \(last): not again"
    }

    /// The flags survive PUSHF and POPF in every combination, and as every representation reads.
    @Test func flagsPackAndUnpack() {
        var random = Lehmer(state: 9)
        for bits: UInt32 in 0..<0x1000 {
            let (wide, mixed) = Flags.unpack(bits)
            #expect(Flags.pack(wide, mixed) == bits & Flags.arithmetic)
        }
        for _ in 0..<10_000 {
            let wide = random.next() ^ random.next() << 31
            let mixed = UInt32(truncatingIfNeeded: random.next())
            var flags = Flags.isCarry(wide) ? Flags.carry : 0
            if Flags.isParity(wide) { flags |= Flags.parity }
            if Flags.isAuxiliary(wide, mixed) { flags |= Flags.auxiliary }
            if Flags.isZero(wide) { flags |= Flags.zero }
            if Flags.isSign(wide) { flags |= Flags.sign }
            if Flags.isOverflow(wide, mixed) { flags |= Flags.overflow }
            #expect(Flags.pack(wide, mixed) == flags)
        }
    }
}

/// A CPU whose memory is full of code, with a device at every port that does all that devices do to a CPU.
private final class Machine {
    let machine: BareMachine
    let interrupts = RealModeBench.Requests()
    let probe = Probe()
    var cpu: CPU { machine.cpu }

    init(_ model: CPUModel) {
        machine = BareMachine(model: model, memory: 0x12_0000)
        machine.bus.interruptController = interrupts
        interrupts.bus = machine.bus
        probe.machine = self
        machine.bus.attach(probe, ports: 0...0xFFFF, width: .word)
    }

    /// Notes each access with its time, and now and then ends slices, moves deadlines, asks for an interrupt, switches
    /// A20 or writes into code, as the port and the value say.
    final class Probe: PortDevice {
        weak var machine: Machine?
        var seen: UInt64 = 0

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
            note(UInt64(offset) << 32 | UInt64(width.rawValue))
            return UInt32(truncatingIfNeeded: seen >> 20)
        }

        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
            note(UInt64(offset) << 32 | UInt64(value) << 3 | UInt64(width.rawValue))
        }

        private func note(_ access: UInt64) {
            guard let machine else { return }
            let bare = machine.machine
            seen = (seen ^ access ^ bare.scheduler.now << 8) &* 0x5851_F42D_4C95_7F2D &+ 1
            let byte = UInt8(truncatingIfNeeded: seen >> 40)
            switch seen >> 60 {
            case 0: bare.bus.attention = true
            case 1: bare.scheduler.schedule(.timer0, after: UInt64(byte))
            case 2: machine.request(byte)
            case 3: bare.bus.a20.toggle()
            case 4: bare.bus.writeByte(UInt32(truncatingIfNeeded: seen >> 32) & 0xF_FFFF, byte)
            default: break
            }
        }
    }

    // MARK: What runs

    /// 64 KB of what has hot forms, with a few others between.
    static func program(_ model: CPUModel, _ seed: UInt64) -> [UInt8] {
        var random = Lehmer(state: seed)
        var code: [UInt8] = []
        func byte(_ range: ClosedRange<UInt8> = 0...255) -> UInt8 { UInt8.random(in: range, using: &random) }
        func memory(_ reg: UInt8) -> [UInt8] {
            let rm = byte(0...7)
            return rm == 6 ? [reg << 3 | 6, byte(), byte(0...0x10)] : [0x40 | reg << 3 | rm, byte()]
        }
        while code.count < 0x1_0000 {
            if model >= .i80386, byte() < 20 { code.append(byte(0x66...0x67)) }
            let new: [UInt8] =
                switch byte(0...38) {
                case 0, 1: [0xCD, byte()]
                case 2, 3: [0xCF]
                case 4: [0x9A, byte(), byte(), byte(), byte(0...0x0F)]
                case 5: [0xEA, byte(), byte(), byte(), byte(0...0x0F)]
                case 6: [0xCB]
                case 7: [0xCA, byte(0...8), 0]
                case 8: [0xFF] + memory(3)
                case 9: [0xFF] + memory(5)
                case 10: [0xC4] + memory(byte(0...7))
                case 11: [0xC5] + memory(byte(0...7))
                case 12: [0x8E, 0xC0 | byte(0...0x2F)]
                case 13: [0x8E] + memory([0, 2, 3, 4][Int(byte(0...3))])
                case 14: [0x8C, 0xC0 | byte(0...0x2F)]
                case 15: [0x8C] + memory(byte(0...5))
                case 16: [[0x06, 0x0E, 0x16, 0x1E][Int(byte(0...3))]]
                case 17, 18: [[0x07, 0x17, 0x1F][Int(byte(0...2))]]
                case 19: [0x60]
                case 20: [0x61]
                case 21, 22: [0x9C]
                case 23, 24: [0x9D]
                case 25, 26: [0xFA]
                case 27, 28: [0xFB]
                case 29: [0xC9]
                case 30: [0xE4 | byte(0...3), byte()]
                case 31: [0xEC | byte(0...3)]
                case 32: [0x0F, [0xA0, 0xA1, 0xA8, 0xA9][Int(byte(0...3))]]
                case 33: [0x0F, byte(0xB4...0xB5)] + memory(byte(0...7))
                case 34:
                    [0xBC, [0, 2, 4, 6, 7, 14, 16, 0xFE][Int(byte(0...7))], [0, 0x0F, 0x10, 0xFF][Int(byte(0...3))]]
                case 35: [byte(0xB8...0xBB), byte(), byte(0...0x0F)]
                case 36: [0x05, byte(), byte()]
                default: [byte(0x40...0x5F)]
                }
            code += new
        }
        return Array(code.prefix(0x1_0000))
    }

    /// Registers and mode to start with.
    struct Setting {
        var general: [UInt32] = []
        var selectors: [UInt16] = []
        var flags: UInt32
        var a20: Bool
        /// Real mode as it is; with the limits and sizes of unreal mode; virtual-8086; protected.
        enum Mode: CaseIterable { case real, realAgain, unreal, virtual, protected }
        var mode: Mode
        /// For each segment of unreal mode: big, 4 GB, both or none.
        var unreal: [UInt8]
        var level: UInt8

        init(_ model: CPUModel, _ seed: UInt64) {
            var random = Lehmer(state: seed << 8)
            for _ in 0..<8 { general.append(UInt32(truncatingIfNeeded: random.next())) }
            let edge: UInt32 = [0, 1, 2, 3, 5, 7, 15, 0xFFE, 0xFFD, 0x1001, 0x1003, 0xFFFF, 0xFFFE, 0xFFFA][
                Int.random(in: 0..<14, using: &random)]
            general[4] = Bool.random(using: &random) ? edge : general[4] & 0xFFFF
            for _ in 0..<6 {
                let isHigh = Int.random(in: 0..<6, using: &random) == 0
                selectors.append(UInt16.random(in: isHigh ? 0xF000...0xFFFF : 0...0x2000, using: &random))
            }
            flags = UInt32(truncatingIfNeeded: random.next()) & 0x7ED5
            if model >= .i80486, Int.random(in: 0..<4, using: &random) == 0 { flags |= Flags.alignmentCheck }
            if Int.random(in: 0..<8, using: &random) == 0 { flags |= Flags.trap }
            a20 = Int.random(in: 0..<4, using: &random) != 0
            let modes = model >= .i80386 ? Mode.allCases : [.real, .realAgain]
            mode = modes[Int.random(in: 0..<modes.count, using: &random)]
            unreal = (0..<6).map { _ in UInt8.random(in: 0...3, using: &random) }
            level = mode == .virtual ? 3 : UInt8.random(in: 0...3, using: &random)
            if model <= .i80286 { flags &= 0x0FD5 }
        }
    }

    /// Short slices and longer ones.
    static func slices(_ seed: UInt64) -> [UInt64] {
        var random = Lehmer(state: seed << 16)
        return (0..<24).map { _ in Bool.random(using: &random) ? UInt64.random(in: 1...6, using: &random) : 90 }
    }

    func start(_ seed: UInt64) {
        let setting = Setting(cpu.s.pointee.model, seed)
        let program = Self.program(cpu.s.pointee.model, seed)
        let memory = machine.bus.memory
        for block in 0..<0x12 { (memory.start + block << 16).copyMemory(from: program, byteCount: 0x1_0000) }
        cpu.reset()
        cpu.forgetTraces()
        machine.scheduler.now = 0
        cpu.s.pointee.shadowTime = .max
        probe.seen = 0
        interrupts.vector = nil
        machine.bus.a20 = setting.a20
        machine.catchesExceptions = setting.mode == .virtual || setting.mode == .protected
        let s = cpu.s
        for (i, value) in setting.general.enumerated() { Core(s).setRegister(i, value) }
        for (i, selector) in setting.selectors.enumerated() {
            var segment = Segment()
            segment.selector = selector
            segment.base = UInt32(selector) << 4
            if setting.mode == .unreal {
                if setting.unreal[i] & 1 != 0 { segment.limit = .max }
                if setting.unreal[i] & 2 != 0 { segment.flags = Segment.big }
                segment.updateBounds()
            }
            s.segment(i).pointee = segment
        }
        s.pointee.eip = 0x100
        s.pointee.cr0 &= ~Core.CR0.protection
        var flags = setting.flags
        s.pointee.cpl = 0
        if setting.mode == .virtual || setting.mode == .protected {
            s.pointee.cr0 |= Core.CR0.protection
            s.pointee.cpl = setting.level
            if setting.mode == .virtual { flags |= Flags.virtual8086 }
        }
        Core(s).setEFLAGS(flags)
        Core(s).updateMode()
    }

    /// INTR rises: whoever raises it asks for attention.
    func request(_ vector: UInt8) {
        interrupts.vector = vector
        machine.bus.attention = true
    }

    /// Runs slice `number`; some begin with an interrupt.
    func run(_ number: Int, _ length: UInt64) {
        if number % 3 == 2 { request(UInt8(number * 7)) }
        if number == 7 { cpu.raiseNMI() }
        cpu.run(until: machine.scheduler.now + length)
    }

    // MARK: What came of it

    var memory: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: machine.bus.memory.start, count: 0x12_0000)
    }

    /// The CPU's state, the devices' and the time.
    var summary: [UInt64] {
        let s = cpu.s.pointee
        var all = (0..<8).map { UInt64(Core(cpu.s).register($0)) }
        all += [s.eip, Core(cpu.s).eflags, s.codeKey, s.codeLimit, s.cr2].map { UInt64($0) }
        for i in 0..<6 {
            let segment = cpu.s.segment(i).pointee
            all += [UInt64(segment.selector), UInt64(segment.base), UInt64(segment.limit)]
            all += [segment.readTop, segment.writeTop, UInt64(segment.access), UInt64(segment.flags)]
        }
        let now = machine.scheduler.now
        all += [now, s.shadowTime == now ? s.shadowIsStackLoad ? 2 : 1 : 0, UInt64(s.pendingDebug), UInt64(s.cpl)]
        all += [s.halted, s.shutdown, s.nmiBlocked, s.nmiPending, s.isRepeating, machine.bus.a20].map { $0 ? 1 : 0 }
        all += [probe.seen, UInt64(interrupts.vector ?? 0), s.caught.map { UInt64($0.vector) + 1 } ?? 0]
        return all
    }

    /// Where the CPU stands, and the bytes there.
    var nextCode: String {
        let eip = cpu.s.pointee.eip
        let linear = cpu.s.segment(SegmentNumber.cs).pointee.base &+ eip
        let code = (0..<8).map { String(machine.bus.readByte((linear &+ $0) & machine.bus.addressMask), radix: 16) }
        return "\(String(cpu[.cs], radix: 16)):\(String(eip, radix: 16)) \(code.joined(separator: " "))"
    }

    func difference(from other: Machine) -> String {
        zip(summary, other.summary).enumerated().filter { $1.0 != $1.1 }.map {
            "[\($0)] \(String($1.0, radix: 16)) and \(String($1.1, radix: 16))"
        }.joined(separator: ", ")
    }
}
