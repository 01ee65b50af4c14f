/// Walks every field of a part's state in a fixed order; one walk serves hashing, saving and loading.
public protocol StateVisitor {
    mutating func visit<T: FixedWidthInteger>(_ value: inout T)
    mutating func visit(_ value: inout Bool)
    /// An array whose length is part of the state.
    mutating func visit(_ bytes: inout [UInt8])
}

extension StateVisitor {
    /// An enumeration, by its raw value. A value that no case has leaves the field as it was.
    public mutating func visit<E: RawRepresentable>(_ value: inout E) where E.RawValue: FixedWidthInteger {
        var raw = value.rawValue
        visit(&raw)
        if let known = E(rawValue: raw) { value = known }
    }

    public mutating func visit<S: Stateful>(_ value: inout S) {
        value.visit(&self)
    }
}

/// Plain values that decide a part's future. A chip keeps all of its own in one such struct, named `State`.
public protocol Stateful {
    /// Shows every field to `visitor`, each once, in an order that never changes.
    mutating func visit<V: StateVisitor>(_ visitor: inout V)
}

/// Writes a state as a canonical byte stream: little endian, fields in the order of the walk.
public struct StateWriter: StateVisitor {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func visit<T: FixedWidthInteger>(_ value: inout T) {
        // SAFETY: the bytes are copied.
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func visit(_ value: inout Bool) {
        bytes.append(value ? 1 : 0)
    }

    public mutating func visit(_ value: inout [UInt8]) {
        var count = UInt64(value.count)
        visit(&count)
        bytes.append(contentsOf: value)
    }
}
