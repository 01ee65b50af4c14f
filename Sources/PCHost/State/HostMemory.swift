import Glibc

/// What memory the host has.
enum HostMemory {
    /// Bytes, swap not counted.
    static var bytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) &* sysconf(Int32(_SC_PAGESIZE)) }
}
