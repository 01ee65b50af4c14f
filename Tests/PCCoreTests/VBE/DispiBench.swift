@testable import PCCore

/// A machine whose display interface is driven by its ports and whose picture is looked at.
final class DispiBench {
    static let frameBuffer: UInt32 = 0xE800_0000

    let bench: PCIBench
    var pc: PC { bench.pc }
    var vga: VGA { bench.pc.vga }
    private var monitor = Monitor()

    init(code: [UInt8] = [0xF4], cpu: CPUModel = .pentiumII, setUp: (inout PCConfiguration) -> Void = { _ in }) {
        bench = PCIBench(code: code, cpu: cpu, setUp: setUp)
        // The window answers, and pixels are shown.
        bench.out(0x3C2, 0x63)
        _ = bench.input(0x3DA)
        bench.out(0x3C0, 0x20)
        if pc.pci != nil { place(Self.frameBuffer) }
    }

    /// The frame buffer's base address register.
    func place(_ address: UInt32) { bench.write(2, 0x10, address) }

    subscript(index: Dispi.Index) -> UInt16 {
        get {
            bench.out(0x1CE, UInt32(index.rawValue), .word)
            return UInt16(bench.input(0x1CF, .word))
        }
        set {
            bench.out(0x1CE, UInt32(index.rawValue), .word)
            bench.out(0x1CF, UInt32(newValue), .word)
        }
    }

    func mode(_ columns: UInt16, _ lines: UInt16, _ bits: UInt16, enable: UInt16 = 0x41) {
        self[.enable] = 0
        self[.xResolution] = columns
        self[.yResolution] = lines
        self[.bitsPerPixel] = bits
        self[.enable] = enable
    }

    /// One of the VGA's own modes.
    func show(_ mode: VGATestBench.Mode) {
        bench.out(0x3C2, UInt32(mode.miscellaneous))
        _ = bench.input(0x3DA)
        for (port, value) in mode.writes { bench.out(port, UInt32(value)) }
    }

    func poke(_ offset: UInt32, _ bytes: [UInt8]) { bench.poke(Self.frameBuffer + offset, bytes) }
    func peek(_ offset: UInt32) -> UInt8 { bench.peek(Self.frameBuffer + offset) }

    /// The lines that changed since the last time.
    func update() -> Range<Int> { pc.update(&monitor) }

    /// The monitor shows what one shows that was just switched on.
    var isUpToDate: Bool {
        _ = update()
        return monitor.frame == pc.frame()
    }

    /// The picture from `x` on in line `y`, brought up to date.
    func pixels(_ x: Int, _ y: Int, count: Int) -> [UInt32] {
        _ = update()
        let start = y * monitor.frame.width + x
        return Array(monitor.frame.pixels[start..<start + count])
    }

    var size: [Int] {
        _ = update()
        return [monitor.frame.width, monitor.frame.height]
    }
}
