/// Walks every field of a part's state in a fixed order; one walk serves hashing, saving and loading.
public protocol StateVisitor {
    /// Whether fields take what the visitor has, and not the other way round.
    static var reads: Bool { get }
    mutating func visit<T: FixedWidthInteger>(_ value: inout T)
    mutating func visit(_ value: inout Bool)
    /// An array whose length is part of the state.
    mutating func visit(_ bytes: inout [UInt8])
    /// What was read cannot be: no machine has saved it.
    mutating func refuse()
}

extension StateVisitor {
    /// An enumeration, by its raw value. A value that no case has is refused.
    public mutating func visit<E: RawRepresentable>(_ value: inout E) where E.RawValue: FixedWidthInteger {
        var raw = value.rawValue
        visit(&raw)
        if let known = E(rawValue: raw) { value = known } else { refuse() }
    }

    public mutating func visit<S: Stateful>(_ value: inout S) {
        value.visit(&self)
    }

    /// A point in time, in guest time or a chip's ticks, or `.max` for never. What is left above it is room for sums.
    mutating func visit(time value: inout UInt64) {
        visit(&value)
        if value > UInt64.max / 4, value != .max {
            refuse()
            value = .max
        }
    }

    /// A field that is never outside of `range`.
    mutating func visit<T: FixedWidthInteger>(_ value: inout T, in range: ClosedRange<T>) {
        visit(&value)
        if !range.contains(value) {
            refuse()
            value = range.lowerBound
        }
    }
}

/// Plain values that decide a part's future. A chip keeps all of its own in one such struct, named `State`.
public protocol Stateful {
    /// Shows every field to `visitor`, each once, in an order that never changes.
    mutating func visit<V: StateVisitor>(_ visitor: inout V)
}

/// Writes a state as a canonical byte stream: little endian, fields in the order of the walk.
public struct StateWriter: StateVisitor {
    public static let reads = false
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

    public mutating func refuse() {}
}

/// Reads what `StateWriter` has written. Where that is damaged, fields keep what they have, and `isGood` is false.
public struct StateReader: StateVisitor {
    public static let reads = true
    private let bytes: [UInt8]
    private var position = 0
    private var isRefused = false

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nothing was refused, and nothing is left.
    public var isGood: Bool { !isRefused && position == bytes.count }
    /// Nothing was refused so far.
    public var isGoodSoFar: Bool { !isRefused }

    public mutating func visit<T: FixedWidthInteger>(_ value: inout T) {
        let count = T.bitWidth / 8
        guard count <= bytes.count - position else { return refuse() }
        var read: T = 0
        for i in 0..<count { read |= T(truncatingIfNeeded: bytes[position + i]) << T(truncatingIfNeeded: i * 8) }
        position += count
        value = read
    }

    public mutating func visit(_ value: inout Bool) {
        var byte: UInt8 = value ? 1 : 0
        visit(&byte)
        if byte > 1 { refuse() } else { value = byte == 1 }
    }

    public mutating func visit(_ value: inout [UInt8]) {
        var count: UInt64 = 0
        visit(&count)
        guard count <= UInt64(bytes.count - position) else { return refuse() }
        value = Array(bytes[position..<position + Int(count)])
        position += Int(count)
    }

    public mutating func refuse() { isRefused = true }
}
