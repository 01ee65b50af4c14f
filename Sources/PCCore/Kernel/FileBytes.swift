/// Little-endian fields of a file. Whoever reads one has to have asked whether it is there: behind the end are zeros.
struct FileBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func byte(_ at: Int) -> UInt8 { bytes.indices.contains(at) ? bytes[at] : 0 }
    func word(_ at: Int) -> UInt16 { UInt16(byte(at)) | UInt16(byte(at &+ 1)) << 8 }
    func long(_ at: Int) -> UInt32 { UInt32(word(at)) | UInt32(word(at &+ 2)) << 16 }

    /// Whether `count` bytes stand at `at`.
    func has(_ count: UInt64, at: UInt64) -> Bool {
        let (end, overflow) = at.addingReportingOverflow(count)
        return !overflow && end <= UInt64(bytes.count)
    }
}

/// Little-endian fields of something that is written for the guest.
struct GuestBytes {
    var bytes: [UInt8]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    mutating func put(_ value: UInt16, at: Int) {
        bytes[at] = UInt8(truncatingIfNeeded: value)
        bytes[at + 1] = UInt8(truncatingIfNeeded: value >> 8)
    }

    mutating func put(_ value: UInt32, at: Int) {
        put(UInt16(truncatingIfNeeded: value), at: at)
        put(UInt16(truncatingIfNeeded: value >> 16), at: at + 2)
    }

    mutating func append(_ value: UInt32) {
        bytes.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) })
    }

    /// Text with a zero behind it; gives where it begins.
    mutating func append(text: String) -> Int {
        let place = bytes.count
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
        return place
    }
}
