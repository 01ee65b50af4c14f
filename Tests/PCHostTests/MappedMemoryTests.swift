import Glibc
import PCCore
import Testing

@testable import PCHost

@Suite struct MappedMemoryTests {
    /// A machine with much memory whose guest looks at a little of it costs a little, wherever that lies.
    @Test func theHostGivesOnlyThePagesThatAreTouched() {
        let size = 64 << 20
        let start = MemoryAllocator.mapped.allocate(size, .ram)
        defer { MemoryAllocator.mapped.free(start, size) }
        // SAFETY: every place lies within the `size` bytes.
        for place in stride(from: 0, to: size, by: 1 << 20) {
            start.storeBytes(of: 1, toByteOffset: place, as: UInt8.self)
        }
        var pages = [UInt8](repeating: 0, count: size / 4096)
        #expect(mincore(start, size, &pages) == 0)
        #expect(pages.count { $0 & 1 != 0 } == 64)
    }
}
