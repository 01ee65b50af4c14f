import Testing

@testable import PCCore

/// Sixteen megabytes that remember what was written.
private final class Memory {
    var bytes: [UInt32: UInt8] = [:]
}

/// The AT's pair as its BIOS leaves it: channel 4 in cascade mode and open.
private final class Rig {
    let memory = Memory()
    let dma: DMAPair

    init(cascade: Bool = true) {
        let memory = memory
        dma = DMAPair(
            readByte: { memory.bytes[$0] ?? UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) },
            writeByte: { memory.bytes[$0] = $1 })
        guard cascade else { return }
        write(0xD6, 0xC0)
        write(0xD4, 0x00)
    }

    func write(_ port: UInt16, _ values: UInt8...) {
        for value in values {
            switch port {
            case 0x00...0x0F: dma.first.writePort(port, UInt32(value), .byte)
            case 0x80...0x8F: dma.pages.writePort(port - 0x80, UInt32(value), .byte)
            default: dma.second.writePort(port - 0xC0, UInt32(value), .byte)
            }
        }
    }

    func read(_ port: UInt16) -> UInt8 {
        switch port {
        case 0x00...0x0F: UInt8(dma.first.readPort(port, .byte))
        case 0x80...0x8F: UInt8(dma.pages.readPort(port - 0x80, .byte))
        default: UInt8(dma.second.readPort(port - 0xC0, .byte))
        }
    }

    func word(_ port: UInt16) -> UInt16 { UInt16(read(port)) | UInt16(read(port)) << 8 }

    static let pagePort: [UInt16] = [0x87, 0x83, 0x81, 0x82, 0x8F, 0x8B, 0x89, 0x8A]

    /// Programs a channel as a driver does, and opens it.
    func program(_ channel: UInt16, mode: UInt8, page: UInt8, address: UInt16, count: UInt16) {
        let low = UInt8(channel & 3)
        let isFirst = channel < 4
        let base: UInt16 = isFirst ? channel * 2 : 0xC0 + (channel - 4) * 4
        write(isFirst ? 0x0A : 0xD4, 0x04 | low)
        write(isFirst ? 0x0C : 0xD8, 0)
        write(isFirst ? 0x0B : 0xD6, mode | low)
        write(base, UInt8(address & 0xFF), UInt8(address >> 8))
        write(base + (isFirst ? 1 : 2), UInt8(count & 0xFF), UInt8(count >> 8))
        write(Self.pagePort[Int(channel)], page)
        write(isFirst ? 0x0A : 0xD4, low)
    }
}

@Suite struct DMATests {
    private let rig = Rig()

    private static let write: UInt8 = 0x44
    private static let read: UInt8 = 0x48
    private static let verify: UInt8 = 0x40

    @Test(arguments: [0, 1, 2, 3])
    func bytesGoToMemoryUntilTerminalCount(channel: Int) {
        rig.program(UInt16(channel), mode: Self.write, page: 0x12, address: 0x3456, count: 4)
        let channelLine = DMAChannel(rig.dma, channel)
        #expect(channelLine.write([1, 2, 3], from: 1) == DMAResult(moved: 2, terminalCount: false))
        #expect(channelLine.write([4, 5, 6, 7, 8], from: 0) == DMAResult(moved: 3, terminalCount: true))
        #expect(rig.memory.bytes == [0x123456: 2, 0x123457: 3, 0x123458: 4, 0x123459: 5, 0x12345A: 6])
        #expect(rig.read(0x08) == 1 << UInt8(channel))
        #expect(rig.read(0x08) == 0)  // The status forgets terminal counts when it is read.
        // The channel masked itself.
        #expect(channelLine.write([9], from: 0) == DMAResult(moved: 0, terminalCount: false))
        #expect(rig.word(UInt16(channel * 2)) == 0x345B)
        #expect(rig.word(UInt16(channel * 2 + 1)) == 0xFFFF)
    }

    @Test(arguments: [5, 6, 7])
    func wordsOfTheSecondController(channel: Int) {
        rig.program(UInt16(channel), mode: Self.write, page: 0x13, address: 0x8000, count: 1)
        // Bit 0 of the page is A16's place, which the address has: 12h << 16 | 8000h << 1, and below 4000h << 1.
        let result = rig.dma.write(channel: channel, [1, 2, 3, 4, 5, 6], from: 0)
        #expect(result == DMAResult(moved: 4, terminalCount: true))
        #expect(rig.memory.bytes == [0x130000: 1, 0x130001: 2, 0x130002: 3, 0x130003: 4])
        #expect(rig.read(0xD0) == 1 << UInt8(channel - 4))
        rig.program(UInt16(channel), mode: Self.read, page: 0x12, address: 0x8000, count: 9)
        var target = [UInt8](repeating: 0, count: 4)
        #expect(rig.dma.read(channel: channel, into: &target, from: 1) == DMAResult(moved: 2, terminalCount: false))
        #expect(target == [0, 1, 2, 0])
        rig.memory.bytes = [0x128000: 0xAB, 0x138000: 0xCD]
        rig.program(UInt16(channel), mode: Self.read, page: 0x13, address: 0x4000, count: 9)
        _ = rig.dma.read(channel: channel, into: &target, from: 0)
        #expect(target[0] == 0xAB)
    }

    @Test func memoryGoesToTheDevice() {
        rig.program(2, mode: Self.read, page: 0x01, address: 0x1000, count: 2)
        var target = [UInt8](repeating: 0xEE, count: 6)
        #expect(rig.dma.read(channel: 2, into: &target, from: 1) == DMAResult(moved: 3, terminalCount: true))
        #expect(target == [0xEE, 0x10, 0x11, 0x12, 0xEE, 0xEE])
    }

    @Test func verifyCountsAndWritesNothing() {
        rig.program(1, mode: Self.verify, page: 0, address: 0x100, count: 9)
        #expect(rig.dma.write(channel: 1, [1, 2, 3], from: 0) == DMAResult(moved: 3, terminalCount: false))
        var target = [7, 7] as [UInt8]
        #expect(rig.dma.read(channel: 1, into: &target, from: 0) == DMAResult(moved: 2, terminalCount: false))
        #expect(rig.memory.bytes.isEmpty && target == [7, 7])
        #expect(rig.word(2) == 0x105)
        #expect(rig.word(3) == 4)
    }

    @Test func theProgrammedDirectionDecides() {
        var target = [0] as [UInt8]
        let nothing = DMAResult(moved: 0, terminalCount: false)
        rig.program(2, mode: Self.write, page: 0, address: 0, count: 9)
        #expect(rig.dma.read(channel: 2, into: &target, from: 0) == nothing)
        rig.program(2, mode: Self.read, page: 0, address: 0, count: 9)
        #expect(rig.dma.write(channel: 2, [1], from: 0) == nothing)
        rig.program(2, mode: 0x4C, page: 0, address: 0, count: 9)  // The code that is none.
        #expect(rig.dma.write(channel: 2, [1], from: 0) == nothing)
        rig.program(2, mode: 0xC4, page: 0, address: 0, count: 9)  // Cascade.
        #expect(rig.dma.write(channel: 2, [1], from: 0) == nothing)
        for channel in [4, 8, -1] { #expect(rig.dma.write(channel: channel, [1], from: 0) == nothing) }
        for start in [-1, 1, 2] { #expect(rig.dma.write(channel: 2, [1], from: start) == nothing) }
    }

    @Test(arguments: [0x04 as UInt8, 0x44, 0x84])
    func demandSingleAndBlockModeServeADevice(mode: UInt8) {
        rig.program(3, mode: mode, page: 0, address: 0, count: 2)
        #expect(rig.dma.write(channel: 3, [1, 2, 3], from: 0) == DMAResult(moved: 3, terminalCount: true))
    }

    @Test func autoInitialiseStartsOver() {
        rig.program(2, mode: Self.write | 0x10, page: 0, address: 0x200, count: 1)
        for byte in [1, 3] as [UInt8] {
            let result = rig.dma.write(channel: 2, [byte, byte + 1, 9], from: 0)
            #expect(result == DMAResult(moved: 2, terminalCount: true))
            #expect(rig.memory.bytes == [0x200: byte, 0x201: byte + 1])
        }
        #expect(rig.word(4) == 0x200)
        #expect(rig.word(5) == 1)
    }

    @Test func addressesCountDownAndWrapWithinThePage() {
        rig.program(2, mode: Self.write | 0x20, page: 0x05, address: 0x0001, count: 9)
        _ = rig.dma.write(channel: 2, [1, 2, 3], from: 0)
        #expect(rig.memory.bytes == [0x50001: 1, 0x50000: 2, 0x5FFFF: 3])
        rig.memory.bytes = [:]
        rig.program(2, mode: Self.write, page: 0x05, address: 0xFFFF, count: 9)
        _ = rig.dma.write(channel: 2, [1, 2], from: 0)
        #expect(rig.memory.bytes == [0x5FFFF: 1, 0x50000: 2])
        rig.memory.bytes = [:]
        rig.program(5, mode: Self.write, page: 0x06, address: 0xFFFF, count: 9)
        _ = rig.dma.write(channel: 5, [1, 2, 3, 4], from: 0)
        #expect(rig.memory.bytes == [0x7FFFE: 1, 0x7FFFF: 2, 0x60000: 3, 0x60001: 4])
        rig.memory.bytes = [:]
        rig.program(5, mode: Self.write | 0x20, page: 0x06, address: 0x0000, count: 9)
        _ = rig.dma.write(channel: 5, [1, 2, 3, 4], from: 0)
        #expect(rig.memory.bytes == [0x60000: 1, 0x60001: 2, 0x7FFFE: 3, 0x7FFFF: 4])
    }

    @Test func countOf65536() {
        rig.program(2, mode: Self.verify, page: 0, address: 0, count: 0xFFFF)
        let result = rig.dma.write(channel: 2, [UInt8](repeating: 0, count: 70_000), from: 0)
        #expect(result == DMAResult(moved: 65_536, terminalCount: true))
    }

    // MARK: Who may transfer

    @Test func masksAndTheDisableBitHoldTransfersBack() {
        func moves() -> Bool { rig.dma.write(channel: 2, [1], from: 0).moved == 1 }
        rig.program(2, mode: Self.write, page: 0, address: 0, count: 0x1000)
        #expect(moves())
        rig.write(0x0A, 0x06)
        #expect(!moves())
        rig.write(0x0A, 0x02)
        #expect(moves())
        rig.write(0x0F, 0x0F)
        #expect(!moves())
        rig.write(0x0E, 0x00)
        #expect(moves())
        rig.write(0x08, 0x04)
        #expect(!moves())
        rig.write(0x08, 0x00)
        #expect(moves())
        rig.write(0x0D, 0x00)  // Master clear masks all.
        #expect(!moves())
        rig.write(0x0A, 0x02)
        #expect(moves())
    }

    /// The first controller has the bus by way of the second's channel 4.
    @Test func theCascadeMustBeOpen() {
        let rig = Rig(cascade: false)
        func moves() -> Bool { rig.dma.write(channel: 2, [1], from: 0).moved == 1 }
        rig.program(2, mode: Self.write, page: 0, address: 0, count: 0x1000)
        #expect(!moves())
        rig.write(0xD4, 0x00)
        #expect(!moves())
        rig.write(0xD6, 0xC0)
        #expect(moves())
        rig.write(0xD0, 0x04)
        #expect(!moves())
        rig.write(0xD0, 0x00)
        rig.write(0xD4, 0x04)
        #expect(!moves())
        rig.dma.reset()
        #expect(rig.dma.first.state.mask == 0x0F && rig.dma.second.state.mask == 0x0F)
    }

    // MARK: Registers

    @Test func flipFlopAndReadBack() {
        rig.write(0x0C, 0)
        rig.write(0x04, 0x34, 0x12)
        #expect(rig.read(0x04) == 0x34)
        rig.write(0x0C, 0)
        #expect(rig.read(0x04) == 0x34)
        #expect(rig.read(0x04) == 0x12)
        rig.write(0xCA, 0x78, 0x56)
        #expect(rig.word(0xCA) == 0x5678)
        #expect(rig.read(0xCB) == 0x78)  // Odd ports are the same registers: A0 is not decoded.
        rig.write(0xD8, 0)
        for port in [0x09, 0x0A, 0x0B, 0x0C, 0x0E, 0x0F] as [UInt16] { #expect(rig.read(port) == 0xFF) }
    }

    @Test func pageRegistersReadBackAndPort80ShowsThePOSTCode() {
        var codes: [UInt8] = []
        rig.dma.pages.postCodeWritten = { codes.append($0) }
        for port in 0x80...0x8F as ClosedRange<UInt16> { rig.write(port, UInt8(port) ^ 0xFF) }
        for port in 0x80...0x8F as ClosedRange<UInt16> { #expect(rig.read(port) == UInt8(port) ^ 0xFF) }
        #expect(codes == [0x7F])
        #expect(rig.dma.pages.postCode == 0x7F)
    }

    // MARK: Software requests

    @Test func memoryToMemory() {
        rig.program(0, mode: 0x88, page: 0x01, address: 0x2000, count: 3)
        rig.program(1, mode: 0x84, page: 0x02, address: 0x8000, count: 3)
        rig.write(0x0F, 0x0F)  // Software requests cannot be masked.
        rig.write(0x09, 0x04)  // Without bit 0 of the command channel 0 runs alone: a read that nobody takes.
        #expect(rig.memory.bytes.isEmpty)
        #expect(rig.read(0x08) == 0x01)
        rig.program(0, mode: 0x88, page: 0x01, address: 0x2000, count: 3)
        rig.write(0x08, 0x01)
        rig.write(0x09, 0x04)
        #expect(rig.memory.bytes == [0x28000: 0x20, 0x28001: 0x21, 0x28002: 0x22, 0x28003: 0x23])
        #expect(rig.read(0x08) == 0x02)
        #expect(rig.read(0x0D) == 0x23)
        #expect(rig.word(0) == 0x2004)
        // With the address held, one byte fills the block.
        rig.program(0, mode: 0x88, page: 0x01, address: 0x2001, count: 3)
        rig.program(1, mode: 0x84, page: 0x02, address: 0x8000, count: 3)
        rig.write(0x08, 0x03)
        rig.write(0x09, 0x04)
        #expect(rig.memory.bytes == [0x28000: 0x21, 0x28001: 0x21, 0x28002: 0x21, 0x28003: 0x21])
    }

    @Test func softwareRequestOutsideOfBlockModeStaysPending() {
        rig.program(3, mode: Self.write, page: 0, address: 0, count: 3)
        rig.write(0x09, 0x07)
        #expect(rig.read(0x08) == 0x80)
        rig.write(0x09, 0x03)
        #expect(rig.read(0x08) == 0x00)
        rig.program(3, mode: 0x84, page: 0, address: 0, count: 1)
        rig.write(0x09, 0x07)
        #expect(rig.memory.bytes == [0: 0xFF, 1: 0xFF])  // Nobody drives the bus.
        #expect(rig.read(0x08) == 0x08)
        rig.program(7, mode: 0x84, page: 0, address: 0x80, count: 0)
        rig.write(0xD2, 0x07)
        #expect(rig.memory.bytes == [0: 0xFF, 1: 0xFF, 0x100: 0xFF, 0x101: 0xFF])
    }

    @Test func stateIsTheWholeFuture() {
        rig.program(2, mode: Self.write, page: 7, address: 0x100, count: 9)
        rig.write(0x04, 0x11)
        let copy = Rig(cascade: false)
        copy.dma.restore(rig.dma.state)
        for each in [rig, copy] {
            each.write(0x04, 0x22)
            _ = each.dma.write(channel: 2, [1], from: 0)
        }
        #expect(copy.memory.bytes == [0x72211: 1] && rig.memory.bytes == copy.memory.bytes)
        var (a, b) = (StateWriter(), StateWriter())
        var (left, right) = (rig.dma.state, copy.dma.state)
        left.visit(&a)
        right.visit(&b)
        #expect(a.bytes == b.bytes)
    }
}
