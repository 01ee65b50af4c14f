import Testing

@testable import PCCore

/// Stores by the linear frame buffer while a mode of the VGA's own is shown, whose picture is drawn again where somebody
/// tells of a change.
@Suite struct FrameBufferStoreTests {
    private static let flat: [UInt8] = [0xFF, 0xFF, 0x00, 0x00, 0x00, 0x92, 0xCF, 0x00]
    private static let flatCode: [UInt8] = [0xFF, 0xFF, 0x00, 0x00, 0x00, 0x9A, 0xCF, 0x00]

    /// F000:0000: protected mode, then what follows, in a segment of 16 bits; DS is flat, and so is the code segment 10h.
    private static func program(_ rest: [UInt8]) -> [UInt8] {
        // CLI / LGDT CS:[0102] / MOV EAX,CR0 / OR AL,1 / MOV CR0,EAX / MOV BX,8 / MOV DS,BX / XOR BX,BX
        var code: [UInt8] = [
            0xFA, 0x2E, 0x66, 0x0F, 0x01, 0x16, 0x02, 0x01, 0x0F, 0x20, 0xC0, 0x0C, 0x01, 0x0F, 0x22, 0xC0, 0xBB, 0x08,
            0x00, 0x8E, 0xDB, 0x31, 0xDB,
        ]
        code += rest
        code += [UInt8](repeating: 0xF4, count: 0x102 - code.count)
        code += [0x17, 0x00, 0x08, 0x01, 0x0F, 0x00]
        return code + [UInt8](repeating: 0, count: 8) + flat + flatCode
    }

    /// How many instructions `program` has before what follows, with the jump to it.
    private static let entry: UInt64 = 9

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// MOV DX,1CE / MOV AX,4 / OUT DX,AX / INC DX / MOV AX,value / OUT DX,AX: six instructions.
    private static func enable(_ value: UInt8) -> [UInt8] {
        [0xBA, 0xCE, 0x01, 0xB8, 0x04, 0x00, 0xEF, 0x42, 0xB8, value, 0x00, 0xEF]
    }

    private static func base(_ cpu: CPUModel) -> UInt32 {
        cpu == .i80386 ? MemoryMap.frameBuffer : DispiBench.frameBuffer
    }

    /// Text whose font is blank but for what a store of any width puts into plane 2, and pixels.
    @Test(arguments: [CPUModel.pentiumII, .i80386], [0, 1, 2, 3] as [UInt32])
    func isShown(_ cpu: CPUModel, _ byte: UInt32) {
        for mode in [VGATestBench.Mode.text80, .chained, .planar640] {
            for width in [AccessWidth.byte, .word, .dword] {
                let bench = DispiBench(cpu: cpu)
                bench.show(mode)
                #expect(bench.isUpToDate)
                let generation = bench.pc.frameGeneration
                bench.pc.writeMemory(Self.base(cpu) + 4 * 33 + byte, 0xA596_87B4, width)
                #expect(bench.isUpToDate && bench.pc.frameGeneration != generation, "\(width)")
                // Cells of the character 0 are all over the screen.
                bench.pc.writeMemory(Self.base(cpu) + byte, 0xA596_87B4, width)
                #expect(bench.isUpToDate, "\(width)")
            }
        }
    }

    @Test func busMastersStoresAreShown() {
        let bench = DispiBench()
        bench.show(.chained)
        #expect(bench.isUpToDate)
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(bench.pc.bus.masterWrite(bytes[...], at: DispiBench.frameBuffer + 0x3_F800) == 3000)
        #expect(bench.isUpToDate)
        #expect(bench.pc.bus.masterWrite(bytes[...], at: DispiBench.frameBuffer) == 3000)
        #expect(!bench.update().isEmpty && bench.isUpToDate)
    }

    /// Stores of a program while the interface shows a mode, and after it, to the same page.
    @Test(arguments: [CPUModel.pentiumII, .i80386]) func aProgramsStoresAreShown(_ cpu: CPUModel) {
        // MOV BYTE PTR [address],value
        func store(_ offset: UInt32, _ value: UInt8) -> [UInt8] {
            [0x67, 0xC6, 0x05] + Self.bytes(Self.base(cpu) + offset) + [value]
        }
        let code =
            store(0, 5) + Self.enable(0xC1) + store(1, 6) + store(2, 7) + Self.enable(0) + store(320 * 4, 8)
            + store(1, 9) + [0xF4]
        let bench = DispiBench(code: Self.program(code), cpu: cpu)
        bench.mode(640, 480, 8, enable: 0)
        bench.show(.chained)
        _ = bench.pc.run(instructions: Self.entry)
        #expect(bench.isUpToDate)
        _ = bench.pc.run(instructions: 1)
        #expect(bench.update() == 0..<1 && bench.pc.cpu.s.pointee.eip == 0x1F)
        _ = bench.pc.run(instructions: 7)
        #expect(bench.size == [640, 480])
        _ = bench.pc.run(instructions: 1)
        #expect(bench.update() == 0..<1)
        _ = bench.pc.run(instructions: 6)
        #expect(bench.size == [320, 200] && bench.isUpToDate)
        _ = bench.pc.run(instructions: 1)
        #expect(!bench.update().isEmpty && bench.isUpToDate)
        bench.bench.run()
        #expect(!bench.update().isEmpty && bench.isUpToDate)
        #expect((0..<3).map { bench.vga.memory.read(at: $0, .byte) } == [5, 9, 7])
    }

    /// Code in the frame buffer goes on where the interface is switched on and off below it, and follows stores to itself.
    @Test(arguments: [UInt64](1...5) + [1000]) func codeInItGoesOn(slice: UInt64) {
        let start = DispiBench.frameBuffer + 0x8000
        // INC EBX, after a store of a NOP over it, and INC ECX
        func step(at place: Int) -> [UInt8] {
            [0xC6, 0x05] + Self.bytes(start + UInt32(place + 7)) + [0x90, 0x43, 0x41]
        }
        // The same with operands of 32 bits: MOV EDX,1CE / MOV EAX,4 / OUT DX,AX / INC EDX / MOV EAX,value / OUT DX,AX
        func enable(_ value: UInt8) -> [UInt8] {
            [0xBA, 0xCE, 0x01, 0, 0, 0xB8, 4, 0, 0, 0, 0x66, 0xEF, 0x42, 0xB8, value, 0, 0, 0, 0x66, 0xEF]
        }
        var code: [UInt8] = [0x31, 0xC9]
        code += step(at: code.count)
        code += enable(0xC1)
        code += step(at: code.count)
        code += enable(0)
        code += step(at: code.count) + [0x43, 0xF4]
        // JMP 10:start
        let bench = DispiBench(code: Self.program([0x66, 0xEA] + Self.bytes(start) + [0x10, 0x00]))
        bench.mode(640, 480, 8, enable: 0)
        bench.poke(0x8000, code)
        while bench.pc.run(instructions: slice) == .sliceEnd, bench.pc.instructionCount < 1000 {}
        #expect(bench.pc.cpu.core.register(3) == 1 && bench.pc.cpu.core.register(1) == 3)
    }
}
