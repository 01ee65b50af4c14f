extension StateVisitor {
    /// A buffer whose length is fixed: a saved state with another length is refused, and cut or filled up with zeroes, so
    /// that every index into the buffer stays good.
    mutating func visitBuffer(_ bytes: inout [UInt8], length: Int) {
        visit(&bytes)
        guard bytes.count != length else { return }
        refuse()
        bytes = Array(bytes.prefix(length))
        bytes.append(contentsOf: repeatElement(0, count: length - bytes.count))
    }
}
