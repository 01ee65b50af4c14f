/// Why a packet command did not do what it was to: sense key, additional sense code and its qualifier.
/// [MMC-1 Table 200], [SFF-8020i Table 140]
struct SenseCode: Error, Equatable, Stateful, Sendable {
    var key: UInt8
    var code: UInt8
    var qualifier: UInt8

    init(_ key: UInt8, _ code: UInt8, _ qualifier: UInt8) {
        self.key = key
        self.code = code
        self.qualifier = qualifier
    }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&key)
        visitor.visit(&code)
        visitor.visit(&qualifier)
        key &= 0x0F
    }

    static let none = Self(0, 0, 0)
    static let noDiscTrayClosed = Self(0x2, 0x3A, 0x01)
    static let noDiscTrayOpen = Self(0x2, 0x3A, 0x02)
    static let unrecoveredRead = Self(0x3, 0x11, 0x00)
    static let parameterListLength = Self(0x5, 0x1A, 0x00)
    static let unknownCommand = Self(0x5, 0x20, 0x00)
    static let addressOutOfRange = Self(0x5, 0x21, 0x00)
    static let invalidField = Self(0x5, 0x24, 0x00)
    static let invalidParameter = Self(0x5, 0x26, 0x00)
    static let commandSequence = Self(0x5, 0x2C, 0x00)
    static let savingNotSupported = Self(0x5, 0x39, 0x00)
    static let removalPrevented = Self(0x5, 0x53, 0x02)
    static let illegalModeForTrack = Self(0x5, 0x64, 0x00)
    static let discChanged = Self(0x6, 0x28, 0x00)
    static let reset = Self(0x6, 0x29, 0x00)
}
