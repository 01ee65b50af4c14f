import Testing

@testable import PCCore

/// A CPU over RAM with a GDT, an LDT, an IDT and three TSSs, whose privileged functions are called directly.
final class ProtectedMachine {
    let machine: BareMachine
    var s: StatePointer { machine.cpu.s }
    var core: Core { machine.cpu.core }

    enum Place {
        static let gdt: UInt32 = 0x1000
        static let idt: UInt32 = 0x2000
        static let ldt: UInt32 = 0x2800
        static let taskA: UInt32 = 0x3000
        static let taskB: UInt32 = 0x3400
        static let task16: UInt32 = 0x3800
        /// Tops of the stacks of levels 0, 1, 2 and 3.
        static let stack0: UInt32 = 0x8000
        static let stack1: UInt32 = 0x8800
        static let stack2: UInt32 = 0x9000
        static let stack3: UInt32 = 0x9800
    }

    /// Selectors of the GDT as it is set up.
    enum Selector {
        static let code0: UInt16 = 0x08
        static let data0: UInt16 = 0x10
        static let code3: UInt16 = 0x1B
        static let data3: UInt16 = 0x23
        static let taskA: UInt16 = 0x28
        static let taskB: UInt16 = 0x30
        static let task16: UInt16 = 0x38
        static let ldt: UInt16 = 0x40
        static let conforming0: UInt16 = 0x48
        static let code16: UInt16 = 0x50
        static let data16: UInt16 = 0x58
        static let code1: UInt16 = 0x61
        static let data1: UInt16 = 0x69
        /// Free for a test.
        static let test: UInt16 = 0x70
        static let test2: UInt16 = 0x78
        static let test3: UInt16 = 0x80
        /// The last whose descriptor is within the limit is F8h.
        static let beyond: UInt16 = 0x100
    }

    /// - Parameter cpl: the level that the machine stands at, in 32-bit protected mode.
    init(_ model: CPUModel = .pentiumII, cpl: UInt8 = 0) {
        machine = BareMachine(model: model, memory: 2 << 20)
        let wide: UInt8 = model >= .i80386 ? 0xC0 : 0
        let limit: UInt32 = model >= .i80386 ? 0xF_FFFF : 0xFFFF
        setSegment(Selector.code0, 0, limit, 0x9B, wide)
        setSegment(Selector.data0, 0, limit, 0x93, wide)
        setSegment(Selector.code3, 0, limit, 0xFB, wide)
        setSegment(Selector.data3, 0, limit, 0xF3, wide)
        let taskType: UInt8 = model >= .i80386 ? 0x89 : 0x81
        setSegment(Selector.taskA, Place.taskA, 0x2FF, taskType | 2, 0)
        setSegment(Selector.taskB, Place.taskB, 0x67, taskType, 0)
        setSegment(Selector.task16, Place.task16, 0x2B, 0x81, 0)
        setSegment(Selector.ldt, Place.ldt, 0x7F, 0x82, 0)
        setSegment(Selector.conforming0, 0, limit, 0x9F, wide)
        setSegment(Selector.code16, 0, 0xFFFF, 0x9B, 0)
        setSegment(Selector.data16, 0, 0xFFFF, 0x93, 0)
        setSegment(Selector.code1, 0, limit, 0xBB, wide)
        setSegment(Selector.data1, 0, limit, 0xB3, wide)
        s.pointee.gdtBase = Place.gdt
        s.pointee.gdtLimit = 0xFF
        s.pointee.idtBase = Place.idt
        s.pointee.idtLimit = 0x7FF
        if model >= .i80386 {
            put32(Place.taskA + 4, Place.stack0)
            put16(Place.taskA + 8, Selector.data0)
            put32(Place.taskA + 12, Place.stack1)
            put16(Place.taskA + 16, Selector.data1)
            put16(Place.taskA + 0x66, 0x68)
        } else {
            put16(Place.taskA + 2, UInt16(Place.stack0))
            put16(Place.taskA + 4, Selector.data0)
        }
        s.pointee.cr0 |= Core.CR0.protection
        load(SegmentNumber.tr, Selector.taskA)
        enter(cpl)
    }

    // MARK: State

    /// Puts a segment register to what the descriptor of `selector` says, without a check.
    func load(_ number: Int, _ selector: UInt16) {
        s.segment(number).pointee = Segment(selector, descriptor(selector))
    }

    /// Stands at level `cpl` with flat segments, stack at its place, EIP 4000h.
    func enter(_ cpl: UInt8) {
        let (code, data, top) =
            switch cpl {
            case 0: (Selector.code0, Selector.data0, Place.stack0 - 0x100)
            case 1: (Selector.code1, Selector.data1, Place.stack1 - 0x100)
            default: (Selector.code3, Selector.data3, Place.stack3)
            }
        load(SegmentNumber.cs, code)
        for number in [SegmentNumber.ss, SegmentNumber.ds, SegmentNumber.es] { load(number, data) }
        for number in [SegmentNumber.fs, SegmentNumber.gs] { s.segment(number).pointee = .null() }
        core.esp = top
        s.pointee.eip = 0x4002
        s.pointee.instructionEIP = 0x4000
        s.pointee.cpl = cpl
        core.updateMode()
    }

    /// Stands in virtual-8086 mode.
    func enterVirtual8086(iopl: UInt32 = 0, flags: UInt32 = 0) {
        for number in 0..<6 { s.segment(number).pointee = .virtual8086(UInt16(0x100 * (number + 1))) }
        core.esp = 0x1000
        s.pointee.eip = 0x202
        s.pointee.instructionEIP = 0x200
        s.pointee.cpl = 3
        core.setEFLAGS(Flags.virtual8086 | iopl << 12 | flags)
    }

    func selector(_ number: Int) -> UInt16 { s.segment(number).pointee.selector }
    var cs: UInt16 { selector(SegmentNumber.cs) }
    var ss: UInt16 { selector(SegmentNumber.ss) }
    var eip: UInt32 { s.pointee.eip }
    var flags: UInt32 { core.eflags }

    // MARK: Memory

    func put8(_ address: UInt32, _ value: UInt8) { machine.poke(address, value) }
    func put16(_ address: UInt32, _ value: UInt16) {
        put8(address, UInt8(truncatingIfNeeded: value))
        put8(address + 1, UInt8(value >> 8))
    }
    func put32(_ address: UInt32, _ value: UInt32) {
        put16(address, UInt16(truncatingIfNeeded: value))
        put16(address + 2, UInt16(value >> 16))
    }
    func get8(_ address: UInt32) -> UInt8 { machine.peek(address) }
    func get16(_ address: UInt32) -> UInt16 { UInt16(get8(address)) | UInt16(get8(address + 1)) << 8 }
    func get32(_ address: UInt32) -> UInt32 { UInt32(get16(address)) | UInt32(get16(address + 2)) << 16 }
    /// The dwords (or words) from the top of the stack on.
    func stack(_ count: Int) -> [UInt32] {
        (0..<count).map { get32(s.segment(2).pointee.base + core.stackPointer + 4 * UInt32($0)) }
    }
    func stack16(_ count: Int) -> [UInt16] {
        (0..<count).map { get16(s.segment(2).pointee.base + core.stackPointer + 2 * UInt32($0)) }
    }
    /// Pushes for a return, last first.
    func push(_ values: UInt32...) {
        for value in values.reversed() {
            core.esp &-= 4
            put32(core.esp, value)
        }
    }
    func push16(_ values: UInt16...) {
        for value in values.reversed() {
            core.setStackPointer(core.esp &- 2)
            put16(s.segment(2).pointee.base + core.stackPointer, value)
        }
    }

    // MARK: Tables

    private func address(_ selector: UInt16) -> UInt32 {
        (selector & 4 != 0 ? Place.ldt : Place.gdt) + UInt32(selector & 0xFFF8)
    }

    func descriptor(_ selector: UInt16) -> Descriptor {
        let at = address(selector)
        return Descriptor(UInt64(get32(at)) | UInt64(get32(at + 4)) << 32)
    }

    func access(_ selector: UInt16) -> UInt8 { get8(address(selector) + 5) }
    func setAccess(_ selector: UInt16, _ access: UInt8) { put8(address(selector) + 5, access) }

    func setSegment(_ selector: UInt16, _ base: UInt32, _ limit: UInt32, _ access: UInt8, _ flags: UInt8) {
        let at = address(selector)
        put32(at, (limit & 0xFFFF) | base << 16)
        put32(
            at + 4,
            (base >> 16) & 0xFF | UInt32(access) << 8 | (limit & 0xF_0000) | UInt32(flags) << 16 | base & 0xFF00_0000)
    }

    func setGate(_ selector: UInt16, _ access: UInt8, _ target: UInt16, _ offset: UInt32, count: UInt8 = 0) {
        putGate(address(selector), access, target, offset, count)
    }

    func setVector(_ vector: UInt8, _ access: UInt8, _ target: UInt16, _ offset: UInt32) {
        putGate(Place.idt + UInt32(vector) * 8, access, target, offset, 0)
    }

    private func putGate(_ at: UInt32, _ access: UInt8, _ target: UInt16, _ offset: UInt32, _ count: UInt8) {
        put32(at, UInt32(target) << 16 | offset & 0xFFFF)
        put32(at + 4, offset & 0xFFFF_0000 | UInt32(access) << 8 | UInt32(count))
    }

    /// A 32-bit TSS that runs at level 0.
    func setTask(_ at: UInt32, eip: UInt32 = 0x6000, flags: UInt32 = 2) {
        put32(at + 0x20, eip)
        put32(at + 0x24, flags)
        for number: UInt32 in 0..<8 { put32(at + 0x28 + 4 * number, 0x1111_1111 * (number + 1)) }
        put32(at + 0x38, 0xA000)
        for (number, selector) in [Selector.data0, Selector.code0, Selector.data0, Selector.data0, 0, 0].enumerated() {
            put16(at + 0x48 + 4 * UInt32(number), selector)
        }
    }

    /// A 16-bit TSS that runs at level 0.
    func setTask16(_ at: UInt32, ip: UInt16 = 0x600) {
        put16(at + 0x0E, ip)
        put16(at + 0x10, 2)
        for number: UInt32 in 0..<8 { put16(at + 0x12 + 2 * number, UInt16(0x1111 * (number + 1))) }
        put16(at + 0x1A, 0xA000)
        for (number, selector) in [Selector.data16, Selector.code16, Selector.data16, Selector.data16].enumerated() {
            put16(at + 0x22 + 2 * UInt32(number), selector)
        }
    }

    // MARK: Paging

    /// Turns paging on with identity for 4 MB; gives where the page table entry of a linear address stands.
    func startPaging() {
        put32(0x10_0000, 0x10_1007)
        for page: UInt32 in 0..<1024 { put32(0x10_1000 + 4 * page, page << 12 | 7) }
        s.pointee.cr3 = 0x10_0000
        core.setCR0(s.pointee.cr0 | Core.CR0.paging)
    }

    func setPage(_ linear: UInt32, _ bits: UInt32) {
        put32(0x10_1000 + (linear >> 12) * 4, linear & 0xFFFF_F000 | bits)
        core.flushTLB()
    }

    // MARK: Expectations

    /// All that a fault must leave alone: registers, segments, flags, privilege, and the low 64 KB of memory.
    struct Snapshot: Equatable {
        var registers: [UInt32]
        var segments: [Segment]
        var eip, flags, cr0, cr3, dr7: UInt32
        var cpl: UInt8
        var memory: [UInt8]
    }

    var snapshot: Snapshot {
        Snapshot(
            registers: (0..<8).map(core.register), segments: (0..<8).map { s.segment($0).pointee }, eip: s.pointee.eip,
            flags: core.eflags, cr0: s.pointee.cr0, cr3: s.pointee.cr3, dr7: s.pointee.dr7, cpl: s.pointee.cpl,
            memory: Array(UnsafeRawBufferPointer(start: machine.bus.memory.start, count: 0x1_0000)))
    }

    /// Expects that `body` throws `fault` and changes nothing.
    func expect(_ fault: Fault, location: SourceLocation = #_sourceLocation, _ body: () throws(Fault) -> Void) {
        let before = snapshot
        do {
            try body()
            Issue.record("no fault", sourceLocation: location)
        } catch {
            #expect(error == fault, sourceLocation: location)
        }
        let after = snapshot
        #expect(before == after, sourceLocation: location)
    }

    /// Expects that `body` throws `fault`, whatever it changes.
    func expectLate(_ fault: Fault, location: SourceLocation = #_sourceLocation, _ body: () throws(Fault) -> Void) {
        do {
            try body()
            Issue.record("no fault", sourceLocation: location)
        } catch {
            #expect(error == fault, sourceLocation: location)
        }
    }
}
