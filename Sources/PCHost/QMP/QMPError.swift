/// An error as the QEMU Machine Protocol has them.
struct QMPError: Error, Equatable {
    enum Class: String {
        case generic = "GenericError"
        case commandNotFound = "CommandNotFound"
        case deviceNotFound = "DeviceNotFound"
    }

    var kind = Class.generic
    let text: String

    init(_ text: String, _ kind: Class = .generic) {
        self.text = text
        self.kind = kind
    }

    var json: JSONValue { .object([("class", .text(kind.rawValue)), ("desc", .text(text))]) }
}
