import Glibc
import PCCore

/// Memory that many machines start with: each sees a copy, of which the pages are shared that it does not write.
final class SharedMemory: Sendable {
    let count: Int
    private let file: Int32

    /// Nil where the host has no room for it.
    // SAFETY: the bytes are copied before it comes back.
    init?(_ bytes: UnsafeRawBufferPointer) {
        count = bytes.count
        file = Self.open()
        guard file >= 0, ftruncate(file, off_t(count)) == 0, Self.write(bytes, to: file) else {
            if file >= 0 { close(file) }
            return nil
        }
    }

    deinit { close(file) }

    /// A file without a name, in memory.
    private static func open() -> Int32 {
        for _ in 0..<8 {
            let name = "/swift86-\(getpid())-\(UInt64.random(in: 0 ... .max))"
            let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if file >= 0 {
                shm_unlink(name)
                return file
            }
        }
        return -1
    }

    /// Writes what is not zero.
    // SAFETY: nothing is kept.
    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
        let piece = 1 << 16
        for start in stride(from: 0, to: bytes.count, by: piece) {
            // SAFETY: both ends are within the bytes.
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + piece, bytes.count)])
            guard part.contains(where: { $0 != 0 }) else { continue }
            var done = 0
            while done < part.count {
                // SAFETY: `done` is below the length of the part, and no more than the rest is written.
                let count = pwrite(file, part.baseAddress?.advanced(by: done), part.count - done, off_t(start + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
        }
        return true
    }

    /// A copy of its own for a machine; nil where the host has no address space left. To be given back by `munmap`.
    func map() -> UnsafeMutableRawPointer? {
        let start = mmap(nil, count, PROT_READ | PROT_WRITE, Int32(MAP_PRIVATE | MAP_NORESERVE), file, 0)
        guard start != MAP_FAILED, let start else { return nil }
        // A page that is written shall take a page, not 2 MB.
        madvise(start, count, Int32(MADV_NOHUGEPAGE))
        return start
    }
}
