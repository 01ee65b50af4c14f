import Testing

@testable import PCCore

@Suite struct PCIConfigurationTests {
    @Test func theBoardHasItsThreeFunctions() {
        let bench = PCIBench()
        #expect(bench.read(0, 0) == 0x1237_8086)
        #expect(bench.read(1, 0) == 0x7000_8086)
        #expect(bench.read(1, function: 1, 0) == 0x7010_8086)
        #expect(bench.read(0, 8) >> 8 == 0x06_0000 && bench.read(1, 8) >> 8 == 0x06_0100)
        #expect(bench.read(1, function: 1, 8) >> 8 == 0x01_0180)
        // More than one function is on device 1 alone.
        #expect(bench.read(0, 0x0C) >> 16 & 0xFF == 0 && bench.read(1, 0x0C) >> 16 & 0xFF == 0x80)
        #expect(bench.read(1, function: 2, 0) == 0xFFFF_FFFF && bench.read(3, 0) == 0xFFFF_FFFF)
        #expect(bench.read(2, 0) == 0x1111_1234 && bench.read(2, 8) >> 8 == 0x03_0000)
    }

    @Test func theAddressIsADwordAlone() {
        let bench = PCIBench()
        bench.out(0xCF8, 0x8000_0000, .dword)
        #expect(bench.input(0xCF8, .dword) == 0x8000_0000)
        bench.out(0xCFB, 0x01)
        bench.out(0xCF8, 0x5555, .word)
        #expect(bench.input(0xCF8, .dword) == 0x8000_0000)
        bench.out(0xCF8, 0xFFFF_FFFF, .dword)
        #expect(bench.input(0xCF8, .dword) == 0x80FF_FFFC)
        // Bytes and words of the data stand where the dword has them; nothing crosses its end.
        bench.out(0xCF8, 0x8000_0000, .dword)
        #expect((0..<4).map { bench.input(0xCFC + $0) } == [0x86, 0x80, 0x37, 0x12])
        #expect(bench.input(0xCFE, .word) == 0x1237 && bench.input(0xCFD, .word) == 0x3780)
        #expect(bench.input(0xCFE, .dword) == 0xFFFF_FFFF)
        // Not enabled, or another bus.
        bench.out(0xCF8, 0, .dword)
        #expect(bench.input(0xCFC, .dword) == 0xFFFF_FFFF)
        bench.out(0xCF8, 0x8001_0000, .dword)
        #expect(bench.input(0xCFC, .dword) == 0xFFFF_FFFF)
    }

    @Test func onlyWhatIsWritableChanges() {
        let bench = PCIBench()
        bench.write(0, 0, 0x1111_1111)
        bench.write(0, 8, 0x2222_2222)
        #expect(bench.read(0, 0) == 0x1237_8086 && bench.read(0, 8) == 0x0600_0002)
        bench.write(1, function: 1, 4, 0xFFFF, .word)
        #expect(bench.read(1, function: 1, 4, .word) == 0x0005)
        bench.write(1, function: 1, 0x3C, 0xFFFF, .word)
        #expect(bench.read(1, function: 1, 0x3C, .word) == 0x00FF)
    }

    @Test func olderMachinesHaveNone() {
        for model in [CPUModel.i8086, .i80286, .i80386] {
            let bench = PCIBench(cpu: model, memory: 1 << 20)
            bench.out(0xCF8, 0x8000_0000, .dword)
            #expect(bench.input(0xCF8, .dword) == 0xFFFF_FFFF)
            #expect(bench.read(0, 0) == 0xFFFF_FFFF)
        }
        #expect(PCIBench(cpu: .i80486).read(0, 0) == 0x1237_8086)
        #expect(PCIBench(cpu: .i80386) { $0.pci = true }.read(0, 0) == 0x1237_8086)
    }

    @Test func stateIsInTheHash() {
        let bench = PCIBench()
        let before = bench.pc.canonicalState()
        #expect(bench.pc.canonicalState() == before)
        bench.write(1, 0x60, 0x0A, .byte)
        let routed = bench.pc.canonicalState()
        #expect(routed != before && routed.count == before.count)
        bench.pc.reset()
        #expect(bench.read(1, 0x60, .byte) == 0x80)
    }

    // MARK: Regions

    /// A machine with a device 5 that has ports in BAR 0, memory in BAR 1 and a ROM.
    private func withDevice() -> (PCIBench, EchoDevice, PCIFunction) {
        let bench = PCIBench()
        let device = EchoDevice()
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x5678, revision: 0, classCode: 0xFF_0000)
        space.allow(PCIConfigurationSpace.Register.command, 7)
        space[PCIConfigurationSpace.Register.interruptPin] = 1
        let function = PCIFunction(
            space,
            regions: [
                PCIRegion(.ports(device), bar: 0, size: 8),
                PCIRegion(.memory(device, isPrefetchable: true), bar: 1, size: 0x1_0000),
                PCIRegion(.rom(device), size: 0x8000),
            ])
        bench.pc.pci?.bus.attach(function, device: 5)
        return (bench, device, function)
    }

    @Test func sizesAreFoundByWritingOnes() {
        let (bench, _, _) = withDevice()
        #expect(bench.read(5, 0x10) == 1 && bench.read(5, 0x14) == 8 && bench.read(5, 0x30) == 0)
        for register in [0x10, 0x14, 0x18, 0x30] { bench.write(5, register, 0xFFFF_FFFF) }
        #expect(bench.read(5, 0x10) == 0xFFFF_FFF9)
        #expect(bench.read(5, 0x14) == 0xFFFF_0008)
        #expect(bench.read(5, 0x18) == 0)
        #expect(bench.read(5, 0x30) == 0xFFFF_8001)
        // The IDE function's sixteen ports.
        bench.write(1, function: 1, 0x20, 0xFFFF_FFFF)
        #expect(bench.read(1, function: 1, 0x20) == 0xFFFF_FFF1)
    }

    @Test func portsMoveWhereTheGuestPutsThem() {
        let (bench, device, _) = withDevice()
        bench.write(5, 0x10, 0xD000)
        #expect(bench.input(0xD000) == 0xFF)
        bench.write(5, 4, 1, .word)
        bench.out(0xD004, 0x1234_5678, .dword)
        #expect(device.log == ["port 4 4"] && bench.input(0xD000, .dword) == 0x1234_5678)
        // An access over the end is split: the device gets what is its own.
        bench.out(0xD007, 0xABCD, .word)
        #expect(device.log.last == "port 7 1" && bench.input(0xD007, .word) == 0xFFCD)
        bench.write(5, 0x10, 0xE000)
        #expect(bench.input(0xD000) == 0xFF && bench.input(0xE000) == 0xCD)
        bench.write(5, 4, 0, .word)
        #expect(bench.input(0xE000) == 0xFF)
        // Chips of the board come first; beyond the ports there is nothing.
        bench.write(5, 4, 1, .word)
        bench.write(5, 0x10, 0x20)
        #expect(bench.input(0x21) != 0xCD && bench.input(0x23) == 0xCD)
        bench.write(5, 0x10, 0x1_0020)
        #expect(bench.input(0x23) == 0xFF)
        bench.write(5, 0x10, 0xFFFF_FFFF)
        #expect(bench.input(0xFFF8) == 0xFF)
    }

    @Test func memoryMovesWhereTheGuestPutsIt() {
        let (bench, device, function) = withDevice()
        bench.write(5, 4, 2, .word)
        bench.write(5, 0x14, 0xE000_0000)
        #expect(function.bases == [nil, 0xE000_0000, nil])
        bench.poke(0xE000_0010, [0x33])
        #expect(device.log == ["memory 16 1"] && bench.peek(0xE000_0001) == 0x34)
        bench.write(5, 0x14, 0xF000_0000)
        #expect(bench.peek(0xE000_0001) == 0xFF && bench.peek(0xF000_0001) == 0x34)
        // RAM comes first; address 0 is no address; the last page is ROM.
        bench.write(5, 0x14, 0x1_0000)
        #expect(bench.peek(0x1_0001) == 0)
        bench.write(5, 0x14, 0)
        #expect(function.bases[1] == nil)
        bench.write(5, 0x14, 0xFFFF_FFFF)
        #expect(bench.peek(0xFFFF_FFF0) == 0xEA)
        bench.write(5, 0x30, 0xE000_0000)
        #expect(bench.peek(0xE000_0000) == 0xFF)
        bench.write(5, 0x30, 0xE000_0001)
        #expect(bench.peek(0xE000_0001) == 0x34)
        bench.pc.reset()
        #expect(function.bases == [nil, nil, nil])
    }

    @Test func theDisplaysROMIsItsBIOS() {
        let bench = PCIBench()
        bench.write(2, 0x30, 0xFFFF_F800)
        #expect(bench.read(2, 0x30) == 0xFFFF_8000)
        bench.write(2, 0x30, 0xFE00_0001)
        #expect(bench.peek(0xFE00_0000) == 0xC3 && bench.peek(0xFE00_7FFF) == 0xC3 && bench.peek(0xFE00_8000) == 0xFF)
        bench.poke(0xFE00_0000, [0])
        #expect(bench.peek(0xFE00_0000) == 0xC3)
    }

    // MARK: Resets

    @Test func portCF9Resets() {
        // MOV DX,CF9 / MOV AL,6 / OUT DX,AL, with PAM set before by the test.
        let bench = PCIBench(code: [0xBA, 0xF9, 0x0C, 0xB0, 0x02, 0xEE, 0xB0, 0x06, 0xEE, 0xF4])
        bench.write(0, 0x5A, 0x33, .byte)
        bench.write(1, 0x60, 0x0B, .byte)
        _ = bench.pc.run(instructions: 5)
        #expect(bench.read(0, 0x5A, .byte) == 0x33)
        _ = bench.pc.run(instructions: 1)
        #expect(bench.read(0, 0x5A, .byte) == 0 && bench.read(1, 0x60, .byte) == 0x80)
        #expect(bench.input(0xCF9) == 0)
        // Bit 2 alone resets the CPU and leaves the chips as they are.
        let soft = PCIBench(code: [0xBA, 0xF9, 0x0C, 0xB0, 0x04, 0xEE, 0xF4])
        soft.write(0, 0x5A, 0x33, .byte)
        _ = soft.pc.run(instructions: 4)
        #expect(soft.read(0, 0x5A, .byte) == 0x33 && soft.input(0xCF9) == 4)
        #expect(soft.pc.cpu.s.pointee.eip == 0xFFF0)
    }

    @Test func nothingTrapsWhateverIsWritten() {
        let (bench, _, _) = withDevice()
        var random: UInt64 = 1
        func next() -> UInt32 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt32(truncatingIfNeeded: random >> 33)
        }
        let ports: [UInt16] = [0xCF8, 0xCF9, 0xCFA, 0xCFB, 0xCFC, 0xCFD, 0xCFE, 0xCFF, 0x4D0, 0x4D1, 0x4D2]
        let widths: [AccessWidth] = [.byte, .word, .dword]
        for _ in 0..<20_000 {
            if next() & 3 == 0 {
                let functions: [UInt32] = [0, 8, 9, 40, 41, 255]
                bench.out(0xCF8, 0x8000_0000 | functions[Int(next() % 6)] << 8 | next() & 0xFC, .dword)
            }
            let port = next() & 7 == 0 ? UInt16(next() & 0xFFFF) : ports[Int(next() % 11)]
            let width = widths[Int(next() % 3)]
            // The power port and the debug exit end the machine, which is no trap either.
            if next() & 1 == 0 { bench.out(port, next(), width) } else { _ = bench.input(port, width) }
            if next() & 63 == 0 { bench.poke(next(), [UInt8(next() & 0xFF)]) }
        }
        #expect(bench.pc.canonicalState() == bench.pc.canonicalState())
    }
}
