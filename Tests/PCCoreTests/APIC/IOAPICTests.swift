import Testing

@testable import PCCore

@Suite struct IOAPICTests {
    /// An I/O APIC whose messages are noted, and taken while `takes`.
    private final class Bench {
        let io = IOAPIC()
        var messages: [APICMessage] = []
        var takes = true

        init() {
            io.send = { [unowned self] in
                if takes { messages.append($0) }
                return takes
            }
        }

        func read(_ register: UInt32) -> UInt32 {
            io.writeMemory(0, register, .dword)
            return io.readMemory(0x10, .dword)
        }

        func write(_ register: UInt32, _ value: UInt32) {
            io.writeMemory(0, register, .dword)
            io.writeMemory(0x10, value, .dword)
        }

        func pulse(_ input: Int) {
            io.setInput(input, true)
            io.setInput(input, false)
        }
    }

    @Test func registers() {
        let bench = Bench()
        #expect(bench.read(1) == 0x0017_0011)
        for entry in UInt32(0)..<24 {
            #expect(bench.read(0x10 + entry * 2) == 0x1_0000)
            #expect(bench.read(0x11 + entry * 2) == 0)
        }
        bench.write(0, 0xFFFF_FFFF)
        #expect(bench.read(0) == 0x0F00_0000)
        #expect(bench.read(2) == 0x0F00_0000)
        bench.write(0x10, 0xFFFF_FFFF)
        bench.write(0x11, 0xFFFF_FFFF)
        #expect(bench.read(0x10) == 0x0001_AFFF)
        #expect(bench.read(0x11) == 0xFF00_0000)
        #expect(bench.read(0x40) == 0)
        #expect(bench.io.readMemory(0x20, .dword) == 0)
        bench.io.writeMemory(0, 1, .byte)
        #expect(bench.io.readMemory(0, .dword) == 1)
        #expect(bench.io.readMemory(0x10, .byte) == 0)
        bench.io.reset()
        #expect(bench.read(0) == 0)
        #expect(bench.read(0x10) == 0x1_0000)
    }

    @Test func edges() {
        let bench = Bench()
        bench.pulse(4)
        bench.write(0x19, 0x0200_0000)
        bench.write(0x18, 0x0834)
        #expect(bench.messages.isEmpty, "an edge at a masked input is lost")
        bench.io.setInput(4, true)
        bench.io.setInput(4, true)
        #expect(bench.messages.count == 1)
        let message = bench.messages[0]
        #expect(message.vector == 0x34)
        #expect(message.delivery == .fixed)
        #expect(message.isLogical)
        #expect(message.destination == 2)
        #expect(!message.isLevel)
        bench.io.setInput(4, false)
        bench.io.setInput(4, true)
        #expect(bench.messages.count == 2)
    }

    @Test func anEdgeWaitsForSomebodyToTakeIt() {
        let bench = Bench()
        bench.write(0x18, 0x34)
        bench.takes = false
        bench.pulse(4)
        #expect(bench.read(0x18) == 0x1034, "send pending")
        bench.takes = true
        bench.io.retry()
        bench.io.retry()
        #expect(bench.messages.count == 1)
        #expect(bench.read(0x18) == 0x34)
    }

    @Test func levels() {
        let bench = Bench()
        bench.write(0x24, 0x8040)
        bench.io.setInput(10, true)
        #expect(bench.messages.count == 1)
        #expect(bench.messages[0].isLevel)
        #expect(bench.read(0x24) == 0xC040, "remote IRR")
        bench.io.endInterrupt(0x41)
        #expect(bench.messages.count == 1)
        bench.io.endInterrupt(0x40)
        #expect(bench.messages.count == 2, "still high")
        bench.io.setInput(10, false)
        bench.io.endInterrupt(0x40)
        #expect(bench.messages.count == 2)
        #expect(bench.read(0x24) == 0x8040)
        bench.write(0x24, 0x1_8040)
        bench.io.setInput(10, true)
        #expect(bench.messages.count == 2)
        bench.write(0x24, 0x8040)
        #expect(bench.messages.count == 3, "a level is there when the mask goes")
        bench.write(0x24, 0x1_0040)
        #expect(bench.read(0x24) == 0x1_0040, "switching to edges forgets the remote IRR")
    }

    /// The board: timer at input 2, ISA lines 1:1, PCI lines at 16 to 19 and where they are steered to.
    @Test func theBoardsWires() {
        let bench = PCIBench()
        let apics = bench.pc.apics
        guard let apics else { return #expect(Bool(false), "no APIC") }
        func entry(_ input: UInt32, _ value: UInt32) {
            apics.io.writeMemory(0, 0x10 + input * 2, .dword)
            apics.io.writeMemory(0x10, value, .dword)
        }
        bench.pc.bus.writeDevice(0xFEE0_00F0, 0x1FF, .dword)
        for input in UInt32(0)..<24 { entry(input, 0x40 + input) }
        func taken() -> [UInt8] {
            var vectors: [UInt8] = []
            while apics.local.interruptRequested {
                vectors.append(apics.local.acknowledge())
                bench.pc.bus.writeDevice(0xFEE0_00B0, 0, .dword)
            }
            return vectors
        }
        _ = taken()
        for line in [0, 1, 3, 9, 15] {
            bench.pc.pic.setLevel(line, false)
            bench.pc.pic.setLevel(line, true)
            let input: UInt8 = line == 0 ? 0x42 : 0x40 + UInt8(line)
            #expect(taken() == [input], "line \(line)")
        }
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x5678, revision: 0, classCode: 0xFF_0000)
        space[PCIConfigurationSpace.Register.interruptPin] = 1
        let function = PCIFunction(space)
        bench.pc.pci?.bus.attach(function, device: 3)
        bench.write(1, 0x62, 0x0B, .byte)
        function.setInterrupt(true)
        #expect(taken() == [0x52, 0x4B])
    }

    @Test func whoHasOne() {
        for (cpu, pci, apic, expected) in [
            (CPUModel.pentiumII, nil, nil, true), (.pentium, nil, nil, true), (.i80486, nil, nil, false),
            (.i80486, nil, true, false), (.pentium, false, true, false), (.pentiumII, nil, false, false),
        ] as [(CPUModel, Bool?, Bool?, Bool)] {
            let bench = PCIBench(cpu: cpu) {
                $0.pci = pci
                $0.apic = apic
            }
            #expect((bench.pc.apics != nil) == expected)
            #expect((bench.pc.bus.readDevice(0xFEE0_0030, .dword) != 0xFFFF_FFFF) == expected)
            #expect((bench.pc.bus.readDevice(0xFEC0_0000, .dword) != 0xFFFF_FFFF) == expected)
        }
    }
}
