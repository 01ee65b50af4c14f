// RAM in the place of ROM at C0000h-FFFFFh, reads and writes apart, as a host bridge can put it there by its PAM registers.
// [i440FX 3.2.13]

/// The pages from C0000h to FFFFFh: ROM or the bus at first, RAM as far as the bridge says.
///
/// Where both go the same way, the page stands in the memory map. Where reads come from ROM and writes go to RAM, no page
/// can say so: this device answers there.
final class ShadowMemory: MemoryMappedDevice {
    static let first: UInt32 = 0xC_0000
    static let pages = 64
    static let range: ClosedRange<UInt32> = 0xC_0000...0xF_FFFF

    /// What a page of the range answers from.
    struct Access: Equatable {
        var readsRAM = false
        var writesRAM = false
    }

    private unowned let memory: PhysicalMemory
    /// What is there without RAM: ROM images, or nothing.
    private let below: [PhysicalMemory.Page]
    private var access = [Access](repeating: Access(), count: pages)

    /// Takes the memory map as it is with all ROM in place.
    init(_ memory: PhysicalMemory) {
        self.memory = memory
        below = (0..<Self.pages).map { memory.low[Int(Self.first >> 12) + $0] }
    }

    private func ram(_ page: Int) -> UnsafeMutableRawPointer {
        memory.start + Int(Self.first) + page * PhysicalMemory.pageSize
    }

    /// Sets what the pages in `range` answer from. True where that changed anything; decoded code is forgotten, the
    /// caller sees to translations.
    func set(_ new: Access, pages range: Range<Int>) -> Bool {
        var changed = false
        for page in range.clamped(to: 0..<Self.pages) where access[page] != new {
            access[page] = new
            memory.low[Int(Self.first >> 12) + page] = entry(page, new)
            memory.codeObserver?.codeWritten(
                physical: Self.first + UInt32(page * PhysicalMemory.pageSize), count: PhysicalMemory.pageSize)
            changed = true
        }
        return changed
    }

    private func entry(_ page: Int, _ access: Access) -> PhysicalMemory.Page {
        if access.readsRAM { return .init(host: ram(page), writable: access.writesRAM) }
        return access.writesRAM ? .init(host: nil, writable: false) : below[page]
    }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        guard let (page, place) = locate(offset, width), let rom = below[page].host else { return width.ones }
        // SAFETY: `place` leaves room for the access within the page.
        let source = rom + place
        return switch width {
        case .byte: UInt32(source.load(as: UInt8.self))
        case .word: UInt32(source.loadUnaligned(as: UInt16.self))
        case .dword: source.loadUnaligned(as: UInt32.self)
        }
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        guard let (page, place) = locate(offset, width), access[page].writesRAM else { return }
        // SAFETY: as above, and RAM lies behind the whole range. Nobody reads it here: no decoded code can come from it.
        let target = ram(page) + place
        switch width {
        case .byte: target.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case .word: target.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
        case .dword: target.storeBytes(of: value, as: UInt32.self)
        }
    }

    /// The page and the place in it of an access that stays inside.
    private func locate(_ offset: UInt32, _ width: AccessWidth) -> (page: Int, place: Int)? {
        let page = Int(offset >> 12)
        let place = Int(offset & 0xFFF)
        return page < Self.pages && place + width.rawValue <= PhysicalMemory.pageSize ? (page, place) : nil
    }
}
