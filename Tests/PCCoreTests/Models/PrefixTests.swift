import Testing

@testable import PCCore

/// How long an instruction may be, and what LOCK may stand before.
@Suite struct PrefixTests {
    /// A segment override again and again, then NOP: 10 bytes at most on the 286 (verified: vectors 80286 EA, 9A), 15
    /// from the 386 on [SDM 2A 2.3.11]; the 8086 and 186 take any number [80286 PRM C-1, 80386 PRM 14.7].
    @Test(arguments: RealModeBench.all) func length(model: CPUModel, traces: Bool) {
        for length in [10, 11, 15, 16, 199] {
            let bench = RealModeBench(
                model, traces: traces, [UInt8](repeating: 0x26, count: length - 1) + [0x90])
            bench.step()
            let most = model <= .i80186 ? Int.max : model == .i80286 ? 10 : 15
            #expect(bench.vector == (length > most ? 13 : nil), "\(length)")
            if length <= most { #expect(bench[.eip] == 0x100 + UInt32(length)) }
        }
    }

    /// The byte after the last that may be is not fetched: it is on a page that is not there.
    @Test func lengthIsKnownBeforeTheByte() {
        let m = ProtectedMachine(.i80386)
        m.startPaging()
        m.setPage(0x5000, 0)
        for i: UInt32 in 0..<15 { m.put8(0x4FF1 + i, 0x26) }
        m.s.pointee.eip = 0x4FF1
        m.machine.catchesExceptions = true
        m.machine.step()
        #expect(m.machine.takeCaught() == 13)
    }

    /// A segment full of prefixes does not raise what these chips do not have.
    @Test(arguments: [CPUModel.i8086, .i80186]) func endlessPrefixes(model: CPUModel) {
        let bench = RealModeBench(model, [UInt8](repeating: 0x26, count: 0x600))
        bench.step(3)
        #expect(bench.vector == nil)
        #expect(bench[.eip] > 0x100)
    }

    // MARK: LOCK

    /// Instructions with a memory operand at [BX] that LOCK may stand before, from which model on.
    static let locked: [(CPUModel, [UInt8])] =
        [0, 1, 2, 3, 4, 5, 6].flatMap { (operation: UInt8) -> [(CPUModel, [UInt8])] in
            [
                (.i80386, [operation * 8, 0x07]), (.i80386, [operation * 8 + 1, 0x07]),
                (.i80386, [0x80, operation * 8 + 7, 1]), (.i80386, [0x81, operation * 8 + 7, 1, 0]),
                (.i80386, [0x83, operation * 8 + 7, 1]),
            ]
        } + [
            (.i80386, [0x86, 0x07]), (.i80386, [0x87, 0x07]), (.i80386, [0xF6, 0x17]), (.i80386, [0xF7, 0x1F]),
            (.i80386, [0xFE, 0x07]), (.i80386, [0xFF, 0x0F]), (.i80386, [0x0F, 0xAB, 0x07]),
            (.i80386, [0x0F, 0xB3, 0x07]), (.i80386, [0x0F, 0xBB, 0x07]), (.i80386, [0x0F, 0xBA, 0x2F, 0]),
            (.i80486, [0x0F, 0xB1, 0x07]), (.i80486, [0x0F, 0xC0, 0x07]), (.pentium, [0x0F, 0xC7, 0x0F]),
        ]

    /// From the 386 on the instruction must write memory that it has read, or LOCK is `#UD`.
    @Test(arguments: RealModeBench.all) func allowed(model: CPUModel, traces: Bool) {
        for (first, code) in Self.locked where model >= first || code[0] != 0x0F {
            let bench = RealModeBench(model, traces: traces, [0xF0] + code)
            bench[.ebx] = 0x3000
            bench.step()
            #expect(bench.vector == nil, "\(code)")
        }
    }

    /// Up to the 286 LOCK does nothing to the instruction after it.
    @Test(arguments: RealModeBench.all) func refused(model: CPUModel, traces: Bool) {
        // MOV, CMP, ADD to a register, XCHG of two registers, PUSH, MOVSB, NOP, group 3 TEST and MUL, CMP of group 1.
        for code: [UInt8] in [
            [0x89, 0x07], [0x39, 0x07], [0x03, 0x07], [0x87, 0xC3], [0x50], [0xA4], [0x90], [0xF6, 0x07, 0],
            [0xF6, 0x27], [0x83, 0x3F, 0], [0x01, 0xC3], [0xFF, 0x37],
        ] {
            let bench = RealModeBench(model, traces: traces, [0xF0] + code)
            bench[.ebx] = 0x3000
            bench.step()
            #expect(bench.vector == (model >= .i80386 ? 6 : nil), "\(code)")
        }
    }

    /// LOCK BT is in the 386's list [80386 PRM LOCK] and not in later ones [SDM 2A LOCK].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII]) func bitTest(model: CPUModel) {
        for code: [UInt8] in [[0xF0, 0x0F, 0xA3, 0x07], [0xF0, 0x0F, 0xBA, 0x27, 0]] {
            let bench = RealModeBench(model, code)
            bench[.ebx] = 0x3000
            bench.step()
            #expect(bench.vector == (model == .i80386 ? nil : 6))
        }
    }

    /// The 286 lets LOCK follow IOPL [80286 PRM LOCK].
    @Test(arguments: [(0, 3, 13), (3, 3, nil), (0, 0, nil), (2, 3, 13)] as [(UInt32, UInt8, UInt8?)])
    func privilege(iopl: UInt32, cpl: UInt8, vector: UInt8?) {
        let m = ProtectedMachine(.i80286, cpl: cpl)
        m.core.setEFLAGS(iopl << 12 | 2)
        m.put8(0x4002, 0xF0)
        m.put8(0x4003, 0x90)
        m.machine.catchesExceptions = true
        m.machine.step()
        #expect(m.machine.takeCaught() == vector)
    }
}
