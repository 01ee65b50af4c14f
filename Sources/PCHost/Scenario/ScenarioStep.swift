import PCCore

/// One step of a scenario. Times are in nanoseconds of guest time.
enum ScenarioStep: Sendable {
    case waitText(TextPattern, isGone: Bool, limit: UInt64)
    case expectNoText(TextPattern)
    case expectLastLine(String, limit: UInt64)
    case waitSerial(String, limit: UInt64)
    case waitGraphics(width: Int, height: Int, limit: UInt64)
    case waitColours(Int, limit: UInt64)
    case settle(hold: UInt64, limit: UInt64)
    case sleep(UInt64)
    /// Chords, one after the other.
    case keys([[Key]])
    case moveMouse(dx: Int, dy: Int)
    case clickMouse(MouseButtons)
    /// Drive 0 or 1, nil for the CD; nil for a file: take it out.
    case insert(drive: Int?, file: String?)
    case goldenText(name: String, from: String?, first: Bool)
    case goldenScreen(GoldenPicture)
    case markScreen(String)
    case expectMoved(String, limit: UInt64)
    case expectStopped(limit: UInt64)
    case mask(String, String)
    // Of our own.
    case hash(expected: String?)
    case reset
    /// The machine with its disks, kept under a name while the scenario runs.
    case save(String)
    case load(String)
    case typeSerial(String)
    case expectMemory(OptionValue.Address, [UInt8])
    case expectRegister(Register, UInt32)

    /// A picture that the screen must come to look like.
    struct GoldenPicture: Sendable {
        var name: String
        /// Parts of a thousand million of the pixels that may differ.
        var differ = 5_000_000
        var slack = 12
        var box: PictureComparison.Box?
        var within: UInt64 = 10_000_000_000
    }

    /// Reads the step that a line holds.
    init(_ line: ScenarioLine) throws(BadInput) {
        var arguments = ScenarioArguments(line)
        switch line.words[0] {
        case "wait-text": self = .waitText(try arguments.pattern(), isGone: false, limit: try arguments.limit(60))
        case "wait-no-text": self = .waitText(try arguments.pattern(), isGone: true, limit: try arguments.limit(60))
        case "expect-text": self = .waitText(try arguments.pattern(), isGone: false, limit: try arguments.limit(20))
        case "expect-no-text": self = .expectNoText(try arguments.pattern())
        case "expect-last-line": self = .expectLastLine(try arguments.word("a text"), limit: try arguments.limit(30))
        case "wait-serial": self = .waitSerial(try arguments.word("a text"), limit: try arguments.limit(60))
        case "wait-graphics":
            let size = try arguments.size()
            self = .waitGraphics(width: size?.0 ?? 0, height: size?.1 ?? 0, limit: try arguments.limit(60))
        case "wait-colours":
            self = .waitColours(try arguments.number("how many colours", 1...1 << 24), limit: try arguments.limit(60))
        case "settle": self = .settle(hold: try arguments.limit(2), limit: try arguments.limit(120))
        case "sleep": self = .sleep(try arguments.limit(1))
        case "type": self = .keys(try arguments.typedText())
        case "key": self = .keys(try arguments.chords())
        case "mouse-move":
            let range = -100_000...100_000
            self = .moveMouse(
                dx: try arguments.number("a movement", range), dy: try arguments.number("a movement", range))
        case "mouse-click": self = .clickMouse(try arguments.button())
        case "insert": self = try arguments.insertion()
        case "eject": self = .insert(drive: try arguments.drive(), file: nil)
        case "golden-text":
            let name = try arguments.goldenName()
            let (start, first) = try arguments.goldenTextOptions()
            self = .goldenText(name: name, from: start, first: first)
        case "golden-screen": self = .goldenScreen(try arguments.goldenPicture())
        case "mark-screen": self = .markScreen(try arguments.word("a name"))
        case "expect-moved": self = .expectMoved(try arguments.word("a name"), limit: try arguments.limit(20))
        case "expect-stopped": self = .expectStopped(limit: try arguments.limit(60))
        case "mask": self = .mask(try arguments.word("an expression"), try arguments.word("a replacement"))
        case "hash": self = .hash(expected: try arguments.hash())
        case "reset": self = .reset
        case "save": self = .save(try arguments.word("a name"))
        case "load": self = .load(try arguments.word("a name"))
        case "serial-type": self = .typeSerial(try arguments.word("a text"))
        case "expect-memory": self = .expectMemory(try arguments.address(), try arguments.bytes())
        case "expect-register":
            let register = try arguments.register()
            self = .expectRegister(register, try arguments.value(of: register))
        case let name: throw BadInput("\(name): no such step")
        }
        try arguments.end()
    }
}
