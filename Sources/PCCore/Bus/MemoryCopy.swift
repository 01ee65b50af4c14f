/// A copy of memory by pages of 4 KB. A copy that is made after another one shares with it what has not changed since; pages of
/// zeros take nothing.
public struct MemoryCopy: Sendable {
    /// An empty array is a page of zeros.
    private(set) var pages: [[UInt8]]

    static let pageSize = PhysicalMemory.pageSize

    /// As many pages of zeros.
    public init(pageCount: Int) { pages = Array(repeating: [], count: max(0, pageCount)) }

    public var pageCount: Int { pages.count }

    /// The number of each page that is not all zeros, and its 4,096 bytes, in ascending order.
    public func forEachPage(_ action: (_ number: Int, _ content: [UInt8]) -> Void) {
        for (number, content) in pages.enumerated() where !content.isEmpty { action(number, content) }
    }

    /// Sets a page; false where there is none of this number, or `content` has not 4,096 bytes.
    public mutating func set(page number: Int, _ content: [UInt8]) -> Bool {
        guard pages.indices.contains(number), content.count == Self.pageSize else { return false }
        pages[number] = content
        return true
    }

    /// How many pages are not zeros and not shared with `other`.
    func ownPageCount(after other: MemoryCopy?) -> Int {
        guard let other, other.pages.count == pages.count else { return pages.count { !$0.isEmpty } }
        var count = 0
        for (mine, its) in zip(pages, other.pages) where !mine.isEmpty {
            // SAFETY: only the addresses are compared.
            let isShared = mine.withUnsafeBytes { a in its.withUnsafeBytes { a.baseAddress == $0.baseAddress } }
            if !isShared { count += 1 }
        }
        return count
    }

    /// Copies `pages` from `start` on.
    // SAFETY: the caller has as many pages there.
    init(_ start: UnsafeMutableRawPointer, pageCount: Int, after previous: MemoryCopy?) {
        self.init(pageCount: pageCount)
        for number in 0..<pageCount {
            let page = UnsafeRawPointer(start + number * Self.pageSize)
            if let previous, previous.pages.count == pageCount, Self.isSame(page, previous.pages[number]) {
                pages[number] = previous.pages[number]
            } else if !Self.isZero(page) {
                // SAFETY: one page.
                pages[number] = [UInt8](UnsafeRawBufferPointer(start: page, count: Self.pageSize))
            }
        }
    }

    /// Makes memory equal to the copy and writes only pages that differ: others may be shared with other machines. Tells of
    /// each before.
    // SAFETY: the caller has `pageCount` pages from `start` on.
    func write(to start: UnsafeMutableRawPointer, willChange: (_ page: Int) -> Void = { _ in }) {
        for (number, content) in pages.enumerated() {
            let page = start + number * Self.pageSize
            guard !Self.isSame(page, content) else { continue }
            willChange(number)
            if content.isEmpty {
                page.initializeMemory(as: UInt8.self, repeating: 0, count: Self.pageSize)
            } else {
                // SAFETY: `set` lets in only whole pages.
                content.withUnsafeBytes {
                    page.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: Self.pageSize)
                }
            }
        }
    }

    private static func isSame(_ page: UnsafeRawPointer, _ content: [UInt8]) -> Bool {
        content.isEmpty
            ? isZero(page)
            : content.withUnsafeBytes { isSame(page, $0.baseAddress.unsafelyUnwrapped) }
    }

    // In pieces of 512 bytes: what differs mostly does soon.
    private typealias Lane = SIMD8<UInt64>

    // SAFETY: both have a page.
    private static func isSame(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> Bool {
        for piece in stride(from: 0, to: pageSize, by: 512) {
            var difference = Lane.zero
            for at in stride(from: piece, to: piece + 512, by: 64) {
                difference |=
                    a.loadUnaligned(fromByteOffset: at, as: Lane.self)
                    ^ b.loadUnaligned(fromByteOffset: at, as: Lane.self)
            }
            if difference != .zero { return false }
        }
        return true
    }

    // SAFETY: a page.
    private static func isZero(_ page: UnsafeRawPointer) -> Bool {
        for piece in stride(from: 0, to: pageSize, by: 512) {
            var sum = Lane.zero
            for at in stride(from: piece, to: piece + 512, by: 64) {
                sum |= page.loadUnaligned(fromByteOffset: at, as: Lane.self)
            }
            if sum != .zero { return false }
        }
        return true
    }
}
