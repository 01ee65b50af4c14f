/// A cue sheet: which file holds the sectors of a CD, and how. Of a CD with several tracks the first is taken, which has to
/// be of data.
struct CueSheet {
    /// The file with the sectors, by a path beside the sheet's own.
    let file: String
    let layout: CDLayout
    /// The first sector of the track in the file, and where the next track begins there; nil at the file's end.
    let sectors: (first: Int, end: Int?)

    /// Whether the file's name says that it is one.
    static func isNamed(_ path: String) -> Bool { path.lowercased().hasSuffix(".cue") }

    init(path: String) throws(BadInput) {
        let text = String(decoding: try HostFile.read(path, limit: 1 << 16), as: UTF8.self)
        var name: String?
        var fileCount = 0
        var tracks: [(mode: String, start: Int?)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = Self.words(line)
            switch words.first?.uppercased() {
            case "FILE" where words.count >= 3:
                guard words[2].uppercased() == "BINARY" else {
                    throw BadInput("\(path): a file of kind \(words[2]) is not understood, only BINARY")
                }
                fileCount += 1
                name = name ?? words[1]
            case "TRACK" where words.count >= 3: tracks.append((words[2].uppercased(), nil))
            case "INDEX" where words.count >= 3 && !tracks.isEmpty:
                // Index 0 of a later track is where its pause begins.
                guard tracks.count > 1 || Int(words[1]) == 1 else { break }
                guard let start = Self.frames(words[2]) else {
                    throw BadInput("\(path): \(words[2]) is no time such as 00:02:00")
                }
                if tracks[tracks.count - 1].start == nil { tracks[tracks.count - 1].start = start }
            default: break
            }
        }
        guard let name, let track = tracks.first, let start = track.start else {
            throw BadInput("\(path): names no file with a track")
        }
        guard let layout = Self.layouts[track.mode] else {
            throw BadInput("\(path): the first track is \(track.mode), not data of a kind that is understood")
        }
        self.layout = layout
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        file = name.hasPrefix("/") ? name : folder + name
        // In a file of its own, the second track is not after the first.
        sectors = (start, fileCount == 1 && tracks.count > 1 ? tracks[1].start : nil)
    }

    private static let layouts = [
        "MODE1/2048": CDLayout.plain, "MODE1/2352": .rawMode1, "MODE2/2352": .rawMode2, "MODE2/2336": .mode2,
    ]

    /// The words of a line; one with blanks stands in quotes.
    private static func words(_ line: Substring) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { number, part in
            number % 2 == 1 ? [String(part)] : part.split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    /// Minutes, seconds and frames as sectors.
    private static func frames(_ time: String) -> Int? {
        let parts = time.split(separator: ":").map { Int($0) }
        guard parts.count == 3, let minute = parts[0], let second = parts[1], let frame = parts[2],
            (0..<100).contains(minute), (0..<60).contains(second), (0..<75).contains(frame)
        else { return nil }
        return (minute * 60 + second) * 75 + frame
    }
}
