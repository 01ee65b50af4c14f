/// Decoded code of one CPU. (Placeholder: the architect writes it.)
final class TraceCache {
    let table: UnsafeMutablePointer<TracePointer?>
    init() {
        table = .allocate(capacity: 1 << 16)
        table.initialize(repeating: nil, count: 1 << 16)
    }
    deinit { table.deallocate() }
}

extension Core {
    /// Drops decoded code that was overwritten.
    func noteCodeWrite(_ physical: UInt32, count: Int) {}
}
