import PCCore

/// Looks for a text on the screen, and only when the screen may have changed.
struct TextWatch {
    private let wanted: [UInt8]
    private var seen: UInt64?

    init(_ text: String) {
        wanted = Array(text.utf8)
    }

    /// Whether the text stands on the screen now.
    mutating func isThere(on pc: PC) -> Bool {
        let generation = pc.frameGeneration
        guard generation != seen else { return false }
        seen = generation
        guard let screen = pc.textScreen else { return false }
        return Self.contains(Array(screen.lines.joined(separator: "\n").utf8), wanted)
    }

    static func contains(_ text: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, wanted.count <= text.count else { return wanted.isEmpty }
        return (0...text.count - wanted.count).contains { start in
            text[start] == first && text[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
