import Testing

@testable import PCCore

@Suite struct ShadowMemoryTests {
    @Test func eachSegmentHasItsRegister() {
        let bench = PCIBench()
        for segment in 0..<12 {
            let address = 0xC_0000 + UInt32(segment) * 0x4000
            let register = 0x5A + segment / 2
            let shift = UInt32(segment & 1) * 4
            let before = (bench.peek(address), bench.peek(address + 0x3FFF))
            bench.write(0, register, 0x3 << shift, .byte)
            #expect(bench.peek(address) == 0 && bench.peek(address + 0x3FFF) == 0)
            bench.poke(address, [UInt8(segment + 1)])
            bench.poke(address + 0x3FFF, [UInt8(segment + 0x41)])
            // The neighbours are not concerned.
            if segment > 0 { #expect(bench.peek(address - 1) == (segment <= 2 ? 0xC3 : 0xFF)) }
            bench.write(0, register, 0, .byte)
            #expect(bench.peek(address) == before.0 && bench.peek(address + 0x3FFF) == before.1)
            bench.write(0, register, 0x1 << shift, .byte)
            #expect(bench.peek(address) == UInt8(segment + 1) && bench.peek(address + 0x3FFF) == UInt8(segment + 0x41))
            bench.write(0, register, 0, .byte)
        }
        bench.write(0, 0x59, 0x30, .byte)
        #expect(bench.peek(0xF_FFF0) == 0)
        bench.write(0, 0x59, 0, .byte)
        #expect(bench.peek(0xF_FFF0) == 0xEA)
    }

    @Test func readsAndWritesGoApart() {
        let bench = PCIBench()
        // Writes go to RAM, reads come from ROM.
        bench.write(0, 0x5A, 0x02, .byte)
        for i in 0..<0x4000 as Range<UInt32> { bench.poke(0xC_0000 + i, [bench.peek(0xC_0000 + i) ^ 0xFF]) }
        #expect(bench.peek(0xC_0000) == 0xC3 && bench.peek(0xC_3FFF) == 0xC3)
        // Reads come from RAM, writes go nowhere.
        bench.write(0, 0x5A, 0x01, .byte)
        #expect(bench.peek(0xC_0000) == 0x3C && bench.peek(0xC_3FFF) == 0x3C)
        bench.poke(0xC_0000, [0x11])
        #expect(bench.peek(0xC_0000) == 0x3C)
        bench.write(0, 0x5A, 0x03, .byte)
        bench.poke(0xC_0000, [0x11])
        #expect(bench.peek(0xC_0000) == 0x11)
    }

    /// Code at F000:0000 copies its own 64 KB onto themselves while writes go to RAM, lets reads follow, changes an
    /// instruction that it has run before, and runs it again.
    @Test func codeRunsFromASegmentThatIsSwitched() {
        var code: [UInt8] = [0xFA, 0xFC]
        func config(_ value: UInt8) {
            // MOV EAX,80000058 / MOV DX,CF8 / OUT DX,EAX / MOV DX,CFD / MOV AL,value / OUT DX,AL
            code += [0x66, 0xB8, 0x58, 0x00, 0x00, 0x80, 0xBA, 0xF8, 0x0C, 0x66, 0xEF]
            code += [0xBA, 0xFD, 0x0C, 0xB0, value, 0xEE]
        }
        // MOV AX,CS / MOV DS,AX / MOV ES,AX / CALL 0100 (MOV BL,1 / RET) / MOV BH,BL
        code += [0x8C, 0xC8, 0x8E, 0xD8, 0x8E, 0xC0, 0xBC, 0x00, 0x70, 0xE8]
        code += callTarget(code.count, 0x100)
        code += [0x88, 0xDF]
        config(0x20)
        // XOR SI,SI / XOR DI,DI / MOV CX,4000 / REP MOVSD
        code += [0x31, 0xF6, 0x31, 0xFF, 0xB9, 0x00, 0x40, 0x66, 0xF3, 0x66, 0xA5]
        // MOV BYTE [0101],2: goes to RAM, the ROM is still what runs. CALL 0100 / MOV CL,BL
        code += [0xC6, 0x06, 0x01, 0x01, 0x02, 0xE8]
        code += callTarget(code.count, 0x100)
        code += [0x88, 0xD9]
        config(0x10)
        // CALL 0100 / MOV CH,BL / MOV BYTE [0101],3: goes nowhere. CALL 0100 / MOV AH,BL
        code += [0xE8]
        code += callTarget(code.count, 0x100)
        code += [0x88, 0xDD, 0xC6, 0x06, 0x01, 0x01, 0x03, 0xE8]
        code += callTarget(code.count, 0x100)
        code += [0x88, 0xDC]
        // Both, and another change; then back to ROM. MOV SI,AX keeps AH.
        code += [0x89, 0xC6]
        config(0x30)
        code += [0xC6, 0x06, 0x01, 0x01, 0x04, 0xE8]
        code += callTarget(code.count, 0x100)
        code += [0x88, 0xDE]
        // MOV BP,DX keeps DH.
        code += [0x89, 0xD5]
        config(0x00)
        code += [0xE8]
        code += callTarget(code.count, 0x100)
        code += [0xF4]
        #expect(code.count <= 0x100)
        code += [UInt8](repeating: 0x90, count: 0x100 - code.count) + [0xB3, 0x01, 0xC3]
        for plain in [false, true] {
            let bench = PCIBench(code: code)
            bench.pc.cpu.s.pointee.isPlainOnly = plain
            bench.run()
            let core = bench.pc.cpu.core
            #expect(bench.pc.cpu.isHalted)
            #expect(core.ebx & 0xFFFF == 0x0101)  // ROM, at first and at last
            #expect(core.ecx & 0xFFFF == 0x0201)  // ROM while writes went to RAM; then RAM
            #expect(core.esi >> 8 & 0xFF == 2)  // the write went nowhere
            #expect(core.ebp >> 8 & 0xFF == 4)
        }
    }

    private func callTarget(_ at: Int, _ target: Int) -> [UInt8] {
        let distance = UInt16(truncatingIfNeeded: target - at - 2)
        return [UInt8(distance & 0xFF), UInt8(distance >> 8)]
    }

    @Test func theHashSeesHiddenMemory() {
        let bench = PCIBench()
        bench.write(0, 0x5A, 0x02, .byte)
        let before = bench.pc.canonicalState()
        bench.poke(0xC_1000, [0x77])
        #expect(bench.pc.canonicalState() != before)
    }
}
