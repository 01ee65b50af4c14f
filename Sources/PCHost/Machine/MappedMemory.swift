import Glibc
import PCCore

extension MemoryAllocator {
    /// Memory that the host gives page by page as the guest touches it: zeroed, and without any claim on swap.
    public static let mapped = MemoryAllocator(
        allocate: { count, _ in
            guard let start = map(count) else {
                // `canMap` was asked before; a host that has run out since cannot go on with this machine.
                fatalError("the host has no \(count) bytes of address space left")
            }
            return start
        },
        free: { start, count in
            // SAFETY: `start` and `count` are those of one earlier `mmap`.
            munmap(start, count)
        })

    /// Whether the host can map `count` bytes now.
    public static func canMap(_ count: Int) -> Bool {
        guard let start = map(count) else { return false }
        // SAFETY: just mapped, with this length.
        munmap(start, count)
        return true
    }

    private static func map(_ count: Int) -> UnsafeMutableRawPointer? {
        let protection = PROT_READ | PROT_WRITE
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let start = mmap(nil, count, protection, Int32(flags), -1, 0)
        guard start != MAP_FAILED, let start else { return nil }
        // A guest that touches a byte here and there would take 2 MB of the host for each.
        madvise(start, count, Int32(MADV_NOHUGEPAGE))
        return start
    }
}
