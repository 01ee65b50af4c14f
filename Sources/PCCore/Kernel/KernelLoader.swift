// The port through which the option ROM of BIOS/kernel.asm has a kernel put into memory, at 8910h. No PC has it: it stands for
// the boot loader's disk. A 32-bit write asks for it: bits 15-0 the bytes of the memory map that the ROM has collected at
// 8000h, 20 for each entry of INT 15h/E820h, bits 31-16 KB of base memory. Then reads give, one after the other, what became
// of it: 0 it does not fit, 1 Linux and segment with SP, 2 Multiboot with the information's address and the entry point.

/// Puts a kernel into guest memory when the guest's BIOS asks for it.
final class KernelLoader: PortDevice {
    struct State: Stateful, Sendable {
        /// What was written, while the machine has not carried it out.
        var request: UInt32 = 0
        var isRequested = false
        /// What is still to be read.
        var answers: [UInt8] = []

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&request)
            visitor.visit(&isRequested)
            visitor.visit(&answers)
            answers = Array(answers.prefix(KernelLoader.mostAnswers))
        }
    }

    static let mapAddress: UInt32 = 0x8000
    static let mapEntry = 20
    static let mostEntries = 128
    static let mostAnswers = 12

    private(set) var state = State()
    /// Is called when the machine is to call `load` between two instructions.
    var loadRequested: (() -> Void)?
    /// Is told why a kernel cannot be loaded.
    var log: ((String) -> Void)?

    private let kernel: KernelImage
    private let memorySize: Int
    private unowned let bus: Bus

    init(_ kernel: KernelImage, bus: Bus, memorySize: Int) {
        self.kernel = kernel
        self.bus = bus
        self.memorySize = memorySize
    }

    func reset() { state = State() }

    /// Takes over a saved state.
    func restore(_ saved: State) { state = saved }

    // MARK: The port

    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        guard width == .dword, offset == 0, state.answers.count >= 4 else { return 0 }
        let value = FileBytes(state.answers).long(0)
        state.answers.removeFirst(4)
        return value
    }

    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        guard width == .dword, offset == 0 else { return }
        state.request = value
        state.isRequested = true
        state.answers = []
        loadRequested?()
    }

    // MARK: Loading

    /// Puts the kernel into memory, if that was asked for.
    func load() {
        guard state.isRequested else { return }
        state.isRequested = false
        let layout: KernelLayout
        do throws(KernelError) {
            layout = try kernel.layout(map(bytes: state.request & 0xFFFF), lowKilobytes: state.request >> 16)
        } catch {
            log?("the kernel \(error.reason)")
            return answer([0])
        }
        for block in layout.blocks {
            _ = bus.masterWrite(block.bytes, at: block.address)
            fill(block.address &+ UInt32(block.bytes.count), block.size - UInt64(block.bytes.count))
        }
        switch layout.entry {
        case .realMode(let segment, let stack): answer([1, UInt32(segment) | UInt32(stack) << 16])
        case .multiboot(let entry, let information): answer([2, information, entry])
        }
    }

    private func answer(_ values: [UInt32]) {
        var out = GuestBytes()
        for value in values { out.append(value) }
        state.answers = out.bytes
    }

    /// Zeros, within memory.
    private func fill(_ address: UInt32, _ count: UInt64) {
        let zeros = [UInt8](repeating: 0, count: PhysicalMemory.pageSize)
        var left = min(count, UInt64(max(0, memorySize - Int(address))))
        var place = address
        while left > 0 {
            let part = min(left, UInt64(zeros.count))
            _ = bus.masterWrite(zeros[..<Int(part)], at: place)
            place &+= UInt32(part)
            left -= part
        }
    }

    /// What the BIOS said of the memory, as far as the machine has it.
    private func map(bytes: UInt32) -> [MemoryRange] {
        let count = min(Int(bytes) / Self.mapEntry, Self.mostEntries)
        guard count > 0 else { return MemoryRange.ofBoard(memory: UInt64(memorySize)) }
        let table = FileBytes(bus.masterRead(count * Self.mapEntry, at: Self.mapAddress))
        return (0..<count).map { number in
            let at = number * Self.mapEntry
            func quad(_ at: Int) -> UInt64 { UInt64(table.long(at)) | UInt64(table.long(at + 4)) << 32 }
            var range = MemoryRange(base: quad(at), length: quad(at + 8), type: table.long(at + 16))
            let end = min(range.end, UInt64(memorySize))
            if range.type == MemoryRange.usable { range.length = end > range.base ? end - range.base : 0 }
            return range
        }
    }
}
