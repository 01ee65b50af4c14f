import PCCore
import PCHost
import Testing

/// The mouse from the hand to a program: PC, mouse, keyboard controller, INT 74h, the handler of INT 15h/C2h.
@Suite struct MouseServiceTests {
    @Test(arguments: [CPUModel.i8086, .i80286, .i80386, .pentiumII])
    func aHandlerGetsTheFourWords(_ model: CPUModel) {
        let guest = Guest(model)
        #expect(guest.words(after: 3000) == Array("!".utf8))
        guest.pc.moveMouse(dx: 5, dy: 2)
        #expect(guest.words(after: 50) == [0x28, 0x05, 0xFE, 0])
        guest.pc.setMouseButtons([.left, .middle])
        #expect(guest.words(after: 50) == [0x0D, 0, 0, 0])
        guest.pc.moveMouse(dx: -300, dy: 0)
        #expect(guest.words(after: 100) == [0x1D, 0, 0, 0, 0x1D, 0xD4, 0, 0])
        guest.pc.setMouseButtons([])
        #expect(guest.words(after: 50) == [0x08, 0, 0, 0])
        // Keys come between.
        guest.pc.press(.a)
        guest.pc.moveMouse(dx: 1, dy: 0)
        guest.pc.release(.a)
        #expect(guest.words(after: 100) == [0x08, 1, 0, 0])
    }

    /// With its mouse on a serial port a machine has no pointing device: interface error.
    @Test func theServiceSaysThatThereIsNone() {
        let guest = Guest(.i80386, mouse: .com1)
        #expect(guest.words(after: 3000) == [0x03])
    }

    /// Movements are the machine's input as keys are: the same at the same times give the same machine, however the run
    /// is cut into slices.
    @Test func slicesDoNotMatter() {
        let hashes = [UInt64.max, 1009, 50_021].map { slice in
            let guest = Guest(.pentiumII)
            guest.run(milliseconds: 2000, slice: slice)
            for step in 1...20 {
                guest.pc.moveMouse(dx: step, dy: -3, wheel: 1)
                guest.pc.setMouseButtons(MouseButtons(rawValue: UInt8(step)))
                guest.run(milliseconds: 7, slice: slice)
            }
            return MachineHash.hex(guest.pc, disks: [])
        }
        #expect(Set(hashes).count == 1)
    }

    /// A boot sector that switches the mouse on and prints what its handler gets; with an error, the error's number.
    private final class Guest: PCCore.Host {
        let pc: PC
        private var printed: [UInt8] = []

        init(_ model: CPUModel, mouse: MousePort = .ps2) {
            var configuration = PCConfiguration()
            configuration.cpu = model
            configuration.memory = 640 << 10
            configuration.rate = 2_000_000
            configuration.bios = Firmware.bios
            configuration.vgaBIOS = Firmware.vgaBIOS
            configuration.mouse = mouse
            let sector = Self.program + [UInt8](repeating: 0, count: 510 - Self.program.count) + [0x55, 0xAA]
            configuration.floppies[0] = MemoryDisk(sector + [UInt8](repeating: 0, count: 319 * 512))
            pc = PC(configuration, allocator: .mapped)
            pc.host = self
        }

        func debugConsole(_ byte: UInt8) { printed.append(byte) }

        /// What was printed in the next `milliseconds`.
        func words(after milliseconds: UInt64) -> [UInt8] {
            printed = []
            run(milliseconds: milliseconds, slice: .max)
            return printed
        }

        func run(milliseconds: UInt64, slice: UInt64) {
            let end = pc.now + milliseconds * pc.slotsPerSecond / 1000
            while pc.now < end, pc.run(until: end, atMost: slice) == .sliceEnd {}
        }

        private static let program: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0,  // xor ax, ax / mov ds, ax / mov es, ax
            0x8E, 0xD0, 0xBC, 0x00, 0x7C, 0xFB,  // mov ss, ax / mov sp, 7C00h / sti
            0xB8, 0x05, 0xC2, 0xB7, 0x03, 0xCD, 0x15,  // mov ax, C205h / mov bh, 3 / int 15h
            0x72, 0x18,  // jc failed
            0xB8, 0x07, 0xC2, 0xBB, 0x33, 0x7C, 0xCD, 0x15,  // mov ax, C207h / mov bx, handler / int 15h
            0xB8, 0x00, 0xC2, 0xB7, 0x01, 0xCD, 0x15,  // mov ax, C200h / mov bh, 1 / int 15h
            0x72, 0x07,  // jc failed
            0xB0, 0x21, 0xE6, 0xE9,  // mov al, '!' / out E9h, al
            0xF4, 0xEB, 0xFD,  // wait: hlt / jmp wait
            0x88, 0xE0, 0xE6, 0xE9, 0xEB, 0xF7,  // failed: mov al, ah / out E9h, al / jmp wait
            0x55, 0x89, 0xE5, 0x50,  // handler: push bp / mov bp, sp / push ax
            0x8A, 0x46, 0x0C, 0xE6, 0xE9,  // mov al, [bp+12] / out E9h, al
            0x8A, 0x46, 0x0A, 0xE6, 0xE9,  // mov al, [bp+10] / out E9h, al
            0x8A, 0x46, 0x08, 0xE6, 0xE9,  // mov al, [bp+8] / out E9h, al
            0x8A, 0x46, 0x06, 0xE6, 0xE9,  // mov al, [bp+6] / out E9h, al
            0x58, 0x5D, 0xCB,  // pop ax / pop bp / retf
        ]
    }
}
