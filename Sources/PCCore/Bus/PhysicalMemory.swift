/// Where a machine's memory comes from. The host side supplies one that maps pages on demand; `heap` serves tests.
public struct MemoryAllocator: Sendable {
    /// What memory is for: one allocation of each in a machine.
    public enum Use: Sendable {
        /// RAM, and the ROM images behind it.
        case ram
        case video
        /// What the host keeps for each page of RAM.
        case notes
    }

    /// Gives `count` bytes, page aligned: zeroed, or what a machine that is cloned has there.
    public var allocate: @Sendable (_ count: Int, _ use: Use) -> UnsafeMutableRawPointer
    public var free: @Sendable (_ start: UnsafeMutableRawPointer, _ count: Int) -> Void

    public init(
        allocate: @escaping @Sendable (Int, Use) -> UnsafeMutableRawPointer,
        free: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
    ) {
        self.allocate = allocate
        self.free = free
    }

    /// Zeroed memory of the Swift heap: every page is touched.
    public static let heap = MemoryAllocator(
        allocate: { count, _ in
            let start = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 4096)
            start.initializeMemory(as: UInt8.self, repeating: 0, count: count)
            return start
        },
        free: { start, _ in start.deallocate() })
}

/// Is told when something other than the CPU writes memory that holds decoded code.
protocol CodeObserver: AnyObject {
    func codeWritten(physical: UInt32, count: Int)
}

/// RAM and ROM of one machine in a single region, and which of it answers at which physical page.
///
/// RAM of `size` bytes starts at 0 with the hole A0000h-FFFFFh; the system BIOS ends at FFFFFh and again at FFFFFFFFh.
public final class PhysicalMemory {
    /// What answers at one 4 KB page. `host` is nil where no memory is: a device or nothing.
    struct Page {
        var host: UnsafeMutableRawPointer?
        var writable: Bool
    }

    /// Video memory in the address space; of no size where none answers.
    struct FrameBuffer {
        var base: UInt32
        var size: UInt32
        var host: UnsafeMutableRawPointer
    }

    public static let pageSize = 4096
    static let megabyte = 0x10_0000
    /// Room for ROM images behind RAM.
    static let romRoom = 0x8_0000

    /// Bytes of RAM as the machine was configured, the hole included.
    public let size: Int
    let start: UnsafeMutableRawPointer
    let length: Int
    private let allocator: MemoryAllocator
    /// What answers in the first megabyte, a page each.
    let low: UnsafeMutablePointer<Page>
    /// For each page of RAM: not zero where the CPU holds decoded code of it, and then its number in `CodePages`.
    let codePages: UnsafeMutablePointer<UInt16>
    /// For each page of RAM: which entry of the data TLBs may have a write tag for it (see `TLBs.noteWriter`).
    let pageWriters: UnsafeMutablePointer<UInt16>
    let codePageCount: Int
    weak var codeObserver: (any CodeObserver)?
    /// Is told what anybody but the CPU has written, while a debugger watches memory.
    var stored: ((_ physical: UInt32, _ count: Int) -> Void)?
    /// The system ROM at the top of the address space.
    private var topROM: (base: UInt32, last: UInt32, host: UnsafeMutableRawPointer)?
    private var romUsed = 0
    var frameBuffer: FrameBuffer
    /// RAM answers from 1 MB up to here, if this is above.
    private(set) var extendedEnd: UInt32

    /// - Parameter size: bytes of RAM, a whole number of pages.
    public init(size: Int, allocator: MemoryAllocator = .heap) {
        self.size = size
        self.allocator = allocator
        extendedEnd = UInt32(truncatingIfNeeded: min(size, 0xFFFF_F000))
        let ram = max(size, Self.megabyte)
        length = ram + Self.romRoom
        start = allocator.allocate(length, .ram)
        frameBuffer = FrameBuffer(base: 0, size: 0, host: start)
        low = .allocate(capacity: 256)
        for i in 0..<256 {
            let here = i * Self.pageSize
            let isRAM = here < min(size, 0xA0000)
            (low + i).initialize(to: Page(host: isRAM ? start + here : nil, writable: isRAM))
        }
        codePageCount = ram / Self.pageSize
        // Zeroed, and no host memory is behind it before it is written.
        // SAFETY: two arrays of two bytes for each page.
        let notes = allocator.allocate(codePageCount * 4, .notes)
            .bindMemory(to: UInt16.self, capacity: codePageCount * 2)
        codePages = notes
        pageWriters = notes + codePageCount
    }

    deinit {
        allocator.free(start, length)
        low.deallocate()
        allocator.free(UnsafeMutableRawPointer(codePages), codePageCount * 4)
    }

    /// The memory that answers at the page of `physical`.
    @inline(__always)
    func page(_ physical: UInt32) -> Page {
        if physical < 0x10_0000 { return low[Int(physical >> 12)] }
        // The ROM wins over RAM: a 286 with all of its 16 MB starts there.
        // It ends with the CPU's address lines, but DMA on an 8086 goes beyond them.
        if let topROM, physical >= topROM.base, physical <= topROM.last {
            return Page(host: topROM.host + Int((physical &- topROM.base) & 0xFFFF_F000), writable: false)
        }
        if Int(physical) < size {
            return Page(host: start + Int(physical & 0xFFFF_F000), writable: true)
        }
        let offset = physical &- frameBuffer.base
        if offset < frameBuffer.size {
            return Page(host: frameBuffer.host + Int(offset & 0xFFFF_F000), writable: true)
        }
        return Page(host: nil, writable: false)
    }

    /// Puts a ROM image at `address` in the first megabyte (an option ROM). Whole pages; the rest reads as ones.
    public func mapROM(_ image: [UInt8], at address: UInt32) {
        guard let host = place(image) else { return }
        let pages = (image.count + Self.pageSize - 1) / Self.pageSize
        for i in 0..<pages where Int(address >> 12) + i < 256 {
            low[Int(address >> 12) + i] = Page(host: host + i * Self.pageSize, writable: false)
        }
    }

    /// Puts the system BIOS (64 to 256 KB, whole pages) at the end of the address space, and its last 128 KB at the
    /// end of the first megabyte.
    ///
    /// - Parameter addressLines: the mask of the CPU's address lines: the 286 starts below 16 MB.
    public func mapSystemROM(_ image: [UInt8], addressLines: UInt32 = .max) {
        guard let host = place(image) else { return }
        let pages = image.count / Self.pageSize
        let base = addressLines &- UInt32(truncatingIfNeeded: image.count) &+ 1
        topROM = (base, addressLines, host)
        extendedEnd = min(extendedEnd, base)
        let shown = min(pages, 32)
        for i in 0..<shown {
            low[256 - shown + i] = Page(host: host + (pages - shown + i) * Self.pageSize, writable: false)
        }
    }

    /// Makes all of the first megabyte RAM: for tests without a board.
    func fillHoles() {
        for i in 0..<256 { low[i] = Page(host: start + i * Self.pageSize, writable: true) }
    }

    private func place(_ image: [UInt8]) -> UnsafeMutableRawPointer? {
        let room = (image.count + Self.pageSize - 1) & ~(Self.pageSize - 1)
        guard !image.isEmpty, romUsed + room <= Self.romRoom else { return nil }
        let host = start + (length - Self.romRoom + romUsed)
        romUsed += room
        // SAFETY: `room` bytes fit behind RAM, as was just checked.
        let place = UnsafeMutableRawBufferPointer(start: host, count: room)
        // A clone has it there, and shares it as long as nobody writes.
        if image.elementsEqual(place.prefix(image.count)), place.dropFirst(image.count).allSatisfy({ $0 == 0xFF }) {
            return host
        }
        place.initializeMemory(as: UInt8.self, repeating: 0xFF)
        place.copyBytes(from: image)
        return host
    }

    /// The byte at `physical` in RAM or ROM; nil where no memory answers.
    public func peek(_ physical: UInt32) -> UInt8? {
        page(physical).host?.load(fromByteOffset: Int(physical & 0xFFF), as: UInt8.self)
    }

    /// Writes one byte where RAM answers, as DMA does: decoded code of that place follows.
    public func poke(_ physical: UInt32, _ value: UInt8) {
        let page = page(physical)
        guard let host = page.host, page.writable else { return }
        // SAFETY: the byte lies in the page that answers.
        let place = host + Int(physical & 0xFFF)
        let old = place.load(as: UInt8.self)
        place.storeBytes(of: value, as: UInt8.self)
        let number = Int(physical >> 12)
        if number < codePageCount, codePages[number] != 0, old != value {
            codeObserver?.codeWritten(physical: physical, count: 1)
        }
        stored?(physical, 1)
    }
}
