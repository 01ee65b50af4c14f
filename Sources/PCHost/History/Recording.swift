import PCCore

/// A run that can be had again: the machine where it began, what reached it from outside and when, and where it ended. In a
/// file it is a state with two sections more (Documentation/States.md).
struct Recording {
    /// The machine at the beginning.
    let start: StateFile
    private let inputs: [StoredInput]
    let end: Timeline.Position
    /// The machine hash at the end.
    let hash: String

    static let inputTag = "INPT"
    private static let endTag = "END "
    private static let largestInputs = 1 << 30

    init(
        start: StateFile, inputs: [RecordedInput], end: Timeline.Position, hash: String
    ) throws(StateFault) {
        self.start = start
        var stored: [StoredInput] = []
        for input in inputs { stored.append(try StoredInput(input)) }
        self.inputs = stored
        self.end = end
        self.hash = hash
    }

    var container: StateContainer {
        var container = start.container
        var writer = StateWriter()
        var count = UInt64(inputs.count)
        writer.visit(&count)
        for var input in inputs { writer.visit(&input) }
        container.add(Self.inputTag, writer.bytes)
        writer = StateWriter()
        var (end, hash) = (end, Array(hash.utf8))
        writer.visit(&end.time)
        writer.visit(&end.instruction)
        writer.visit(&hash)
        container.add(Self.endTag, writer.bytes)
        return container
    }

    /// Takes a recording out of its container.
    init(_ container: StateContainer) throws(StateFault) {
        start = try StateFile(container)
        guard let bytes = try container.content(Self.inputTag, limit: Self.largestInputs),
            let last = try container.content(Self.endTag, limit: 1 << 12)
        else { throw StateFault("is a state and no recording; use --load") }
        var reader = StateReader(bytes)
        var count: UInt64 = 0
        reader.visit(&count)
        var inputs: [StoredInput] = []
        while UInt64(inputs.count) < count, reader.isGoodSoFar {
            var input = StoredInput()
            reader.visit(&input)
            if let before = inputs.last, input.time < before.time { throw .damaged }
            inputs.append(input)
        }
        guard reader.isGood else { throw .damaged }
        self.inputs = inputs
        reader = StateReader(last)
        var end = Timeline.Position(time: 0, instruction: 0)
        var hash: [UInt8] = []
        reader.visit(&end.time)
        reader.visit(&end.instruction)
        reader.visit(&hash)
        guard reader.isGood, let text = String(validating: hash, as: UTF8.self) else { throw .damaged }
        (self.end, self.hash) = (end, text)
    }

    init(path: String) throws(BadInput) {
        let container = try StateContainer(path: path)
        do throws(StateFault) {
            try self.init(container)
        } catch {
            throw error.input(path)
        }
    }

    /// The inputs for a machine whose disks `open` finds.
    func inputs(
        open: (_ path: String, DiskKind, _ place: Int) throws(StateFault) -> any BlockDevice
    ) throws(StateFault) -> [RecordedInput] {
        var all: [RecordedInput] = []
        for stored in inputs {
            all.append(
                RecordedInput(time: stored.time, isTogether: stored.isTogether, input: try stored.input(open: open)))
        }
        return all
    }
}
