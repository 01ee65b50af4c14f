/// One recorded instruction: the state before, the state after, and what may be compared.
public struct Vector {
    public var index: UInt32
    public var hash: UInt64
    public var flagsMask: UInt32
    public var name: String
    public var code: [UInt8]
    /// Registers by their number in the file; `final` holds those that changed.
    public var initial: [Int: UInt32]
    public var final: [Int: UInt32]
    public var initialMemory: [(address: UInt32, bytes: ArraySlice<UInt8>)]
    public var finalMemory: [(address: UInt32, bytes: ArraySlice<UInt8>)]
    /// The exception that the instruction raises, with an argument that depends on the pack.
    public var exception: (vector: UInt8, argument: UInt32)?
    /// Only the bytes listed as final are known.
    public var memoryIsPartial: Bool
    /// The x87 state.
    public var fpu: FloatBlock?
    /// Instructions and REP elements that run, in one piece where there are traces; nil for one instruction.
    public var count: UInt32?
}

/// A file of test vectors in the format SST1.
public struct VectorFile {
    public enum Processor: UInt8, Sendable {
        case i8086 = 1
        case i80286 = 2
        case ia32 = 3
        /// Real mode of the 386 and later: what the fuzzer finds in 16-bit code.
        case ia32Real = 4

        /// How many registers a vector can name.
        var registerCount: Int {
            switch self {
            case .i8086, .i80286: 14
            case .ia32: 10
            case .ia32Real: 16
            }
        }
    }

    /// The most bytes in a file.
    private static let largest = 1 << 30
    /// The most instructions and REP elements in one vector.
    static let longestRun: UInt32 = 1 << 20

    public let processor: Processor
    public let form: String
    public let status: String
    /// The vector is over when HLT has executed, not after one instruction.
    public let endsWithHalt: Bool
    public let vectors: [Vector]

    /// - Throws: `VectorError` naming the file where it is not what it should be.
    public init(contentsOf path: String) throws {
        let name = HostFile.name(path)
        let bytes: [UInt8]
        do {
            bytes = try HostFile.read(path, limit: Self.largest)
        } catch {
            throw VectorError(message: error.message)
        }
        var reader = Reader(bytes: bytes)
        guard reader.take(4) == [0x53, 0x53, 0x54, 0x31], let processor = Processor(rawValue: reader.byte()) else {
            throw VectorError(message: "\(name): not a file of test vectors (it does not start with SST1)")
        }
        self.processor = processor
        let width = Int(reader.byte())
        _ = reader.byte()
        endsWithHalt = reader.byte() == 1
        let count = Int(reader.dword())
        _ = reader.dword()
        form = reader.string()
        status = reader.string()
        var vectors: [Vector] = []
        vectors.reserveCapacity(min(count, 100_000))
        for _ in 0..<count where !reader.isExhausted { vectors.append(Self.vector(&reader, width)) }
        guard !reader.isExhausted, vectors.count == count else {
            throw VectorError(message: "\(name): ends in the middle of a vector")
        }
        let registers = 0..<processor.registerCount
        let named = vectors.lazy.flatMap { [$0.initial.keys, $0.final.keys].joined() }
        guard named.allSatisfy(registers.contains) else {
            throw VectorError(message: "\(name): has a vector with registers that its processor does not have")
        }
        guard vectors.allSatisfy({ $0.count ?? 0 <= Self.longestRun }) else {
            throw VectorError(message: "\(name): has a vector of more than \(Self.longestRun) instructions")
        }
        self.vectors = vectors
    }

    private static func vector(_ reader: inout Reader, _ width: Int) -> Vector {
        let size = Int(reader.dword())
        let end = reader.position + size
        let index = reader.dword()
        let hash = UInt64(reader.dword()) | UInt64(reader.dword()) << 32
        let mask = reader.dword()
        let flags = reader.byte()
        let name = reader.string()
        let code = Array(reader.take(Int(reader.byte())))
        let initial = registers(&reader, width)
        let final = registers(&reader, width)
        let before = memory(&reader)
        let after = memory(&reader)
        var vector = Vector(
            index: index, hash: hash, flagsMask: mask, name: name, code: code, initial: initial, final: final,
            initialMemory: before, finalMemory: after, exception: nil, memoryIsPartial: flags & 4 != 0, fpu: nil)
        if flags & 1 != 0 { vector.exception = (reader.byte(), reader.dword()) }
        if flags & 2 != 0 { vector.fpu = FloatBlock(reader.take(FloatBlock.size)) }
        if flags & 8 != 0 { vector.count = reader.dword() }
        reader.position = end
        return vector
    }

    private static func registers(_ reader: inout Reader, _ width: Int) -> [Int: UInt32] {
        let mask = reader.word()
        var values: [Int: UInt32] = [:]
        for i in 0..<16 where mask >> UInt16(i) & 1 != 0 {
            values[i] = width == 2 ? UInt32(reader.word()) : reader.dword()
        }
        return values
    }

    private static func memory(_ reader: inout Reader) -> [(address: UInt32, bytes: ArraySlice<UInt8>)] {
        (0..<Int(reader.word())).map { _ in
            let address = reader.dword()
            return (address, reader.take(Int(reader.word())))
        }
    }
}

/// A file of vectors that cannot be used.
public struct VectorError: Error, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}

/// Takes little-endian values from bytes; past the end it gives zeros and says so.
struct Reader {
    let bytes: [UInt8]
    var position = 0
    var isExhausted: Bool { position > bytes.count }

    mutating func byte() -> UInt8 {
        position += 1
        return position <= bytes.count ? bytes[position - 1] : 0
    }

    mutating func word() -> UInt16 {
        let low = UInt16(byte())
        return low | UInt16(byte()) << 8
    }

    mutating func dword() -> UInt32 {
        let low = UInt32(word())
        return low | UInt32(word()) << 16
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        position += count
        return position <= bytes.count ? bytes[position - count..<position] : []
    }

    mutating func string() -> String { String(decoding: take(Int(byte())), as: UTF8.self) }
}
