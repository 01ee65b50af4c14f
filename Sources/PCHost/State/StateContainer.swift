import Crypto
import PCCore

/// The format that states are kept in: named sections, each compressed, a checksum over all of them.
///
/// Documentation/States.md describes it byte by byte. What the sections are is not the container's business.
public struct StateContainer: Sendable {
    /// Its eighth bit, line ends and end-of-file mark are what a transfer as text damages.
    public static let magic: [UInt8] = [0x89] + Array("S86".utf8) + [0x0D, 0x0A, 0x1A, 0x0A]
    public static let version: UInt32 = 1
    static let headSize = 24
    static let checksumSize = 32
    private static let sectionHeadSize = 20
    /// More than any machine needs.
    private static let mostSections = 64

    struct Section: Sendable {
        /// Four characters of ASCII.
        let tag: String
        /// Bytes before compression, and what became of them.
        let rawCount: Int
        let stored: ArraySlice<UInt8>
    }

    private(set) var sections: [Section] = []
    /// What the file that it was read from ends with: it tells it from every other one. Empty where there is none.
    private(set) var checksum: [UInt8] = []

    public init() {}

    /// Whether a file that begins so is one.
    static func isMarked(_ head: some Collection<UInt8>) -> Bool { head.prefix(magic.count).elementsEqual(magic) }

    // MARK: Writing

    /// Adds a section named by four characters.
    public mutating func add(_ tag: String, _ content: [UInt8]) {
        add(tag) { $0.append(content) }
    }

    /// Adds a section whose content `write` appends piece by piece.
    mutating func add<E: Error>(_ tag: String, _ write: (Deflater) throws(E) -> Void) throws(E) {
        let deflater = Deflater()
        try write(deflater)
        sections.append(Section(tag: tag, rawCount: deflater.count, stored: deflater.finish()[...]))
    }

    /// The whole file.
    public var bytes: [UInt8] {
        let body = sections.reduce(0) { $0 + Self.sectionHeadSize + $1.stored.count }
        let size = Self.headSize + body + Self.checksumSize
        var bytes = Self.magic + LittleEndian.bytes(Self.version) + LittleEndian.bytes(UInt32(sections.count))
        bytes += LittleEndian.bytes(UInt64(size))
        bytes.reserveCapacity(size)
        for section in sections {
            bytes += Array(section.tag.utf8.prefix(4))
            bytes += LittleEndian.bytes(UInt64(section.rawCount)) + LittleEndian.bytes(UInt64(section.stored.count))
            bytes += section.stored
        }
        bytes += SHA256.hash(data: bytes)
        return bytes
    }

    // MARK: Reading

    /// Reads what `bytes` gave. The sections stay compressed.
    public init(_ bytes: [UInt8], name: String) throws(BadInput) {
        do throws(StateFault) {
            try Self.check(head: bytes.prefix(Self.headSize), size: bytes.count)
            let body = bytes.dropLast(Self.checksumSize)
            guard SHA256.hash(data: body).elementsEqual(bytes.suffix(Self.checksumSize)) else {
                throw StateFault("is damaged: its checksum is wrong; use another state")
            }
            try read(body)
            checksum = Array(bytes.suffix(Self.checksumSize))
        } catch {
            throw error.input(name)
        }
    }

    /// Reads the file at `path`.
    public init(path: String) throws(BadInput) {
        try self.init(try StateStorage.read(path), name: path)
    }

    /// Looks at the first bytes of a file of `size` bytes.
    static func check(head: ArraySlice<UInt8>, size: Int) throws(StateFault) {
        guard isMarked(head) else { throw StateFault("is no saved state of this program") }
        guard head.count == headSize else { throw StateFault("is cut short: \(size) bytes; use another state") }
        let fields = Array(head)
        let version = LittleEndian.number(fields[8..<12])
        guard version <= UInt64(Self.version), version > 0 else {
            throw StateFault(
                "is of version \(version), and this program reads states up to version \(Self.version); use a newer one"
            )
        }
        let length = LittleEndian.number(fields[16..<24])
        guard length >= UInt64(headSize + checksumSize) else { throw .damaged }
        guard UInt64(size) >= length else {
            throw StateFault("is cut short: \(size) of \(length) bytes; use another state")
        }
        guard UInt64(size) == length else {
            throw StateFault("is damaged: \(UInt64(size) - length) bytes too many; use another state")
        }
    }

    private mutating func read(_ body: ArraySlice<UInt8>) throws(StateFault) {
        let count = LittleEndian.number(body[12..<16])
        guard count <= Self.mostSections else { throw .damaged }
        var rest = body.dropFirst(Self.headSize)
        for _ in 0..<count {
            guard rest.count >= Self.sectionHeadSize else { throw .damaged }
            let head = Array(rest.prefix(Self.sectionHeadSize))
            rest = rest.dropFirst(Self.sectionHeadSize)
            let raw = LittleEndian.number(head[4..<12])
            let stored = LittleEndian.number(head[12..<20])
            let tag = String(decoding: head[..<4], as: UTF8.self)
            guard let rawCount = Int(exactly: raw), stored <= UInt64(rest.count),
                head[..<4].allSatisfy({ (0x20..<0x7F).contains($0) }), !sections.contains(where: { $0.tag == tag })
            else { throw .damaged }
            sections.append(Section(tag: tag, rawCount: rawCount, stored: rest.prefix(Int(stored))))
            rest = rest.dropFirst(Int(stored))
        }
        guard rest.isEmpty else { throw .damaged }
    }

    /// The names of the sections of a file that begins with `head`, as far as it can be read. What they hold is passed over.
    static func tags(_ head: [UInt8], read: (_ offset: Int, _ count: Int) -> [UInt8]?) -> [String] {
        var tags: [String] = []
        var offset = headSize
        while tags.count < min(mostSections, Int(LittleEndian.number(head[12..<16]))),
            let section = read(offset, sectionHeadSize)
        {
            tags.append(String(decoding: section[..<4], as: UTF8.self))
            let stored = LittleEndian.number(section[12..<20])
            // No file is longer, and the sum stays a number.
            guard stored < 1 << 40 else { break }
            offset += sectionHeadSize + Int(stored)
        }
        return tags
    }

    func section(_ tag: String) -> Section? { sections.first { $0.tag == tag } }

    /// The content of a section of at most `limit` bytes; nil where there is none of this name.
    public func content(_ tag: String, limit: Int, name: String) throws(BadInput) -> [UInt8]? {
        do throws(StateFault) {
            return try content(tag, limit: limit)
        } catch {
            throw error.input(name)
        }
    }

    func content(_ tag: String, limit: Int) throws(StateFault) -> [UInt8]? {
        guard let section = section(tag) else { return nil }
        var reader = try SectionReader(section, limit: limit)
        let content = try reader.bytes(section.rawCount)
        try reader.end()
        return content
    }
}

/// Reads a section from its beginning to its end.
struct SectionReader {
    private let inflater: Inflater
    /// Bytes that are still to come.
    private(set) var left: Int

    /// - Parameter limit: the most bytes that it may have.
    init(_ section: StateContainer.Section, limit: Int) throws(StateFault) {
        guard section.rawCount <= limit else { throw .damaged }
        inflater = Inflater(section.stored)
        left = section.rawCount
    }

    mutating func bytes(_ count: Int) throws(StateFault) -> [UInt8] {
        guard count <= left, let bytes = inflater.read(count) else { throw .damaged }
        left -= count
        return bytes
    }

    mutating func number<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(StateFault) -> T {
        T(truncatingIfNeeded: LittleEndian.number(try bytes(T.bitWidth / 8)[...]))
    }

    /// Nothing is left, in the section and in what it was compressed to.
    func end() throws(StateFault) {
        guard left == 0, inflater.isAtEnd() else { throw .damaged }
    }
}

/// Numbers as bytes, the lowest first.
enum LittleEndian {
    static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// Up to eight bytes.
    static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
