import Testing

@testable import PCCore

@Suite struct InterruptSteeringTests {
    /// A machine whose 8259As run with vectors 08h and 70h, all inputs open, and two devices that share INTA's line, as
    /// devices 3 and 7 do.
    private func bench() -> (PCIBench, PCIFunction, PCIFunction) {
        let bench = PCIBench()
        for (port, vector, cascade) in [(0x20, 0x08, 0x04), (0xA0, 0x70, 0x02)] as [(UInt16, UInt32, UInt32)] {
            bench.out(port, 0x11)
            for word in [vector, cascade, 0x01, 0] { bench.out(port + 1, word) }
        }
        return (bench, device(3, bench), device(7, bench))
    }

    private func device(_ number: Int, _ bench: PCIBench, pin: UInt8 = 1) -> PCIFunction {
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x5678, revision: 0, classCode: 0xFF_0000)
        space[PCIConfigurationSpace.Register.interruptPin] = pin
        let function = PCIFunction(space)
        bench.pc.pci?.bus.attach(function, device: number)
        return function
    }

    private func end(_ bench: PCIBench) {
        bench.out(0xA0, 0x20)
        bench.out(0x20, 0x20)
    }

    @Test func aSharedLineAsksUntilBothAreServed() {
        let (bench, first, second) = bench()
        // Device 3's INTA is PIRQC.
        bench.write(1, 0x62, 0x0B, .byte)
        bench.out(0x4D1, 0x08)
        let pic = bench.pc.pic
        first.setInterrupt(true)
        #expect(pic.interruptRequested && pic.acknowledge() == 0x73)
        second.setInterrupt(true)
        first.setInterrupt(false)
        #expect(!pic.interruptRequested)
        end(bench)
        #expect(pic.interruptRequested && pic.acknowledge() == 0x73)
        second.setInterrupt(false)
        end(bench)
        #expect(!pic.interruptRequested)
    }

    @Test func anEdgeTriggeredInputLosesTheSecond() {
        let (bench, first, second) = bench()
        bench.write(1, 0x62, 0x0B, .byte)
        first.setInterrupt(true)
        #expect(bench.pc.pic.acknowledge() == 0x73)
        second.setInterrupt(true)
        first.setInterrupt(false)
        end(bench)
        #expect(!bench.pc.pic.interruptRequested)
    }

    @Test func aRouteCanBeMovedAndSwitchedOff() {
        let (bench, first, _) = bench()
        bench.out(0x4D0, 0xFF)
        bench.out(0x4D1, 0xFF)
        #expect(bench.input(0x4D0, .word) == 0xDEF8)
        first.setInterrupt(true)
        #expect(!bench.pc.pic.interruptRequested)
        bench.write(1, 0x62, 0x05, .byte)
        #expect(bench.pc.pic.interruptRequested)
        bench.write(1, 0x62, 0x85, .byte)
        #expect(!bench.pc.pic.interruptRequested)
        // Inputs that no interrupt can be steered to.
        for input in [0, 1, 2, 8, 13] as [UInt32] {
            bench.write(1, 0x62, input, .byte)
            #expect(!bench.pc.pic.interruptRequested)
        }
        bench.write(1, 0x62, 0x0A, .byte)
        #expect(bench.pc.pic.acknowledge() == 0x72)
        bench.pc.reset()
        #expect(bench.input(0x4D0, .word) == 0 && !first.interrupt)
    }

    @Test func pinsAreTurnedFromDeviceToDevice() {
        let (bench, _, _) = bench()
        bench.out(0x4D1, 0xFF)
        for line in 0..<4 { bench.write(1, 0x60 + line, [9, 10, 11, 12][line], .byte) }
        for (number, pin) in [(4, 1), (4, 2), (5, 1), (6, 4), (9, 3)] as [(Int, UInt8)] {
            let function = device(number, bench, pin: pin)
            function.setInterrupt(true)
            #expect(bench.pc.pic.acknowledge() == 0x71 + UInt8((number + Int(pin) + 2) & 3))
            function.setInterrupt(false)
            end(bench)
        }
    }

    @Test func theBoardsOwnLineStaysHigh() {
        let (bench, first, _) = bench()
        bench.write(1, 0x62, 0x0A, .byte)
        bench.out(0x4D1, 0x04)
        bench.pc.pic.setLevel(10, true)
        first.setInterrupt(true)
        first.setInterrupt(false)
        #expect(bench.pc.pic.interruptRequested)
        bench.pc.pic.setLevel(10, false)
        #expect(!bench.pc.pic.interruptRequested)
    }
}
