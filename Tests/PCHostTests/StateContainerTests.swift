import Foundation
import PCCore
import Testing

@testable import PCHost

/// The container of states: what goes in comes out, and nothing that is damaged does.
@Suite struct StateContainerTests {
    private let folder: TemporaryFolder
    private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 100 &* $0) }

    init() throws { folder = try TemporaryFolder() }

    private var sample: StateContainer {
        var container = StateContainer()
        container.add("ABCD", content)
        container.add("NONE", [])
        container.add("KEYS", Array("keys".utf8))
        return container
    }

    @Test func sectionsComeBack() throws {
        let read = try StateContainer(sample.bytes, name: "x")
        #expect(read.sections.map(\.tag) == ["ABCD", "NONE", "KEYS"])
        #expect(try read.content("ABCD", limit: 100_000, name: "x") == content)
        #expect(try read.content("NONE", limit: 0, name: "x") == [])
        #expect(try read.content("KEYS", limit: 4, name: "x") == Array("keys".utf8))
        #expect(try read.content("LACK", limit: 4, name: "x") == nil)
        #expect(read.sections[0].stored.count < 50_000)
    }

    @Test func aSectionThatIsTooLargeIsRefused() throws {
        #expect(throws: BadInput.self) { try sample.content("ABCD", limit: 99_999, name: "x") }
    }

    /// A section that comes to more, or to less, than it says.
    @Test(arguments: [99_999, 100_001, 0, 1 << 40]) func aWrongLengthIsRefused(_ length: Int) throws {
        var bytes = sample.bytes
        bytes.replaceSubrange(28..<36, with: LittleEndian.bytes(UInt64(length)))
        let container = try StateContainer(sealed(bytes), name: "x")
        #expect(throws: BadInput.self) { try container.content("ABCD", limit: 200_000, name: "x") }
    }

    /// The bytes with a checksum that is right.
    private func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let body = Array(bytes.dropLast(32))
        return body + SHA256Text.bytes(of: body)
    }

    @Test func everyCutIsRefused() throws {
        let bytes = sample.bytes
        for count in [0, 1, 7, 8, 23, 24, 55, 56, bytes.count / 2, bytes.count - 33, bytes.count - 1] {
            let cut = Array(bytes.prefix(count))
            let path = try folder.file("cut", cut)
            for read in [{ try StateContainer(cut, name: path) }, { try StateContainer(path: path) }] {
                let error = #expect(throws: BadInput.self) { try read() }
                #expect(error?.message.hasPrefix(path + ": is ") == true)
                #expect(error?.message.contains(count < 8 ? "no saved state" : "cut short") == true)
            }
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let bytes = sample.bytes
        for bit in stride(from: 0, to: bytes.count * 8, by: 97) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: BadInput.self) { try StateContainer(flipped, name: "x") }
        }
        #expect(throws: BadInput("x: is damaged: 1 bytes too many; use another state")) {
            try StateContainer(bytes + [0], name: "x")
        }
    }

    /// With a checksum that is right: heads of sections that cannot be.
    @Test func everyHeadThatCannotBeIsRefused() throws {
        let bytes = sample.bytes
        for at in 12..<44 {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] where bytes[at] != value {
                var changed = bytes
                changed[at] = value
                guard let container = try? StateContainer(sealed(changed), name: "x") else { continue }
                // The name of the section alone may be another one, or its length.
                let read = try? container.content("ABCD", limit: 1 << 20, name: "x")
                #expect(read == nil || at < 12)
            }
        }
    }

    @Test func aNewerVersionIsNamed() throws {
        var bytes = sample.bytes
        bytes[8] = 9
        let error = #expect(throws: BadInput.self) { try StateContainer(sealed(bytes), name: "x") }
        #expect(error?.message.contains("is of version 9") == true)
    }

    @Test func whatIsNoStateIsNamed() throws {
        let path = try folder.file("image", [UInt8](repeating: 0, count: 512))
        #expect(throws: BadInput("\(path): is no saved state of this program")) { try StateContainer(path: path) }
        #expect(throws: BadInput.self) { try StateContainer(path: folder.path("lacking")) }
        #expect(throws: BadInput.self) { try StateContainer(path: folder.url.path) }
        #expect(throws: BadInput.self) { try StateContainer(path: "/dev/zero") }
    }

    // MARK: Files

    @Test func aStateReplacesAState() throws {
        let path = folder.path("a.s86")
        try StateStorage.write(sample.bytes, to: path)
        var other = StateContainer()
        other.add("NEXT", [1])
        try StateStorage.write(other.bytes, to: path)
        #expect(try folder.content("a.s86") == other.bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.s86"])
    }

    /// What a killed program leaves is in nobody's way.
    @Test func aDraftThatWasLeftIsUsedUp() throws {
        let path = try folder.file("a.s86", sample.bytes)
        _ = try folder.file("a.s86.part", [UInt8](repeating: 7, count: 1 << 20))
        #expect(try StateContainer(path: path).sections.count == 3)
        var other = StateContainer()
        other.add("NEXT", [1])
        try StateStorage.write(other.bytes, to: path)
        #expect(try folder.content("a.s86") == other.bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.s86"])
    }

    @Test func nothingButAStateIsOverwritten() throws {
        let path = try folder.file("notes.txt", Array("precious".utf8))
        #expect(throws: BadInput("\(path): is there already and is no saved state; choose another name")) {
            try StateStorage.write(sample.bytes, to: path)
        }
        #expect(throws: BadInput.self) { try StateStorage.write(sample.bytes, to: folder.url.path) }
        #expect(throws: BadInput.self) { try StateStorage.write(sample.bytes, to: "/dev/null") }
        #expect(throws: BadInput.self) { try StateStorage.write(sample.bytes, to: folder.path("no/folder")) }
        #expect(throws: BadInput.self) { try StateStorage.write(sample.bytes, to: "") }
        #expect(try folder.content("notes.txt") == Array("precious".utf8))
    }

    /// A state and a recording have the same container; neither takes the other's place.
    @Test func aStateIsNoRecording() throws {
        var container = sample
        container.add("INPT", [1, 2, 3])
        let (state, recording) = (sample.bytes, container.bytes)
        let path = try folder.file("a.s86", recording)
        #expect(
            throws: BadInput("\(path): is there already and is a recording, not a saved state; choose another name")
        ) { try StateStorage.write(state, as: .state, to: path) }
        #expect(throws: BadInput.self) { try StateStorage.check(path, as: .state, keepingOff: []) }
        try StateStorage.check(path, as: .recording, keepingOff: [])
        #expect(try folder.content("a.s86") == recording)
        try StateStorage.write(recording, as: .recording, to: path)
        let other = try folder.file("b.s86", state)
        #expect(
            throws: BadInput("\(other): is there already and is a saved state, not a recording; choose another name")
        ) { try StateStorage.write(recording, as: .recording, to: other) }
        let text = try folder.file("c", [1])
        #expect(throws: BadInput("\(text): is there already and is no recording; choose another name")) {
            try StateStorage.write(recording, as: .recording, to: text)
        }
        #expect(
            throws: BadInput("\(other): is a disk of this machine; the recording needs another file")
        ) {
            try StateStorage.check(other, as: .recording, keepingOff: [try #require(FileIdentity(path: other))])
        }
        // An empty file is nothing yet.
        try StateStorage.write(recording, as: .recording, to: folder.file("d", []))
        try StateStorage.write(state, as: .state, to: folder.file("e", []))
    }

    /// Whatever stands in the heads of sections, looking for what it is comes to an end.
    @Test func damagedHeadsAreWalked() throws {
        var container = StateContainer()
        container.add("ABCD", [1, 2])
        container.add("INPT", [1, 2, 3])
        let whole = container.bytes
        for place in 8..<whole.count - 32 {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var bad = whole
                bad[place] = value
                let path = try folder.file("x", bad)
                _ = try? StateStorage.check(path, as: .state, keepingOff: [])
            }
        }
        for count in [8, 9, 23, 24, 30, 44] {
            let path = try folder.file("x", Array(whole[..<count]))
            #expect(throws: Never.self) { try StateStorage.check(path, as: .state, keepingOff: []) }
        }
    }

    /// A draft that cannot be written: the state that is there stays.
    @Test func whereItCannotBeWrittenTheOldOneStays() throws {
        let path = try folder.file("a.s86", sample.bytes)
        try FileManager.default.createDirectory(atPath: path + ".part", withIntermediateDirectories: false)
        #expect(throws: BadInput.self) { try StateStorage.write([1, 2, 3], to: path) }
        #expect(try folder.content("a.s86") == sample.bytes)
    }

    @Test func twoDoNotSaveAtOnce() throws {
        let path = try folder.file("a.s86", sample.bytes)
        let file = open(path + ".part", O_WRONLY | O_CREAT, 0o666)
        #expect(flock(file, LOCK_EX) == 0)
        #expect(throws: BadInput.self) { try StateStorage.write([1], to: path) }
        close(file)
        try StateStorage.write([1], to: path)
        #expect(try folder.content("a.s86") == [1])
    }

    @Test func aLinkStaysALink() throws {
        let path = try folder.file("a.s86", sample.bytes)
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: path)
        try StateStorage.write([1], to: folder.path("link"))
        #expect(try folder.content("a.s86") == [1])
    }
}
