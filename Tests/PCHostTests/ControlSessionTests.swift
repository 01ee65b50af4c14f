import PCCore
import Testing

@testable import PCHost

@Suite struct ControlSessionTests {
    private let folder: TemporaryFolder
    private let session = ControlSession(clock: HandClock().clock)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func isError(_ request: String, _ part: String) -> Bool {
        let answer = session.answer(request)
        return answer.count == 1 && answer[0].hasPrefix("error ") && answer[0].contains(part)
    }

    @Test func whatMeansNothingToAPeerIsTaken() {
        for line in ["title A guest", "needs RAM", "fpu yes", "sound yes", "qemu-cpu 486", "cpu 8086", "ram 1M"] {
            #expect(session.answer("machine " + line) == ["ok"])
        }
    }

    @Test func nothingRunsBeforeTheStart() {
        for request in ["status", "text", "screen x.ppm", "key a", "insert a x", "mouse 1 1 -", "serial"] {
            #expect(isError(request, "not been started"))
        }
        #expect(session.catchUp() == nil)
    }

    @Test func badRequests() throws {
        #expect(isError("", "empty"))
        #expect(isError("dance", "no such request"))
        #expect(isError("machine colour red", "no such line"))
        #expect(isError("machine cpu z80", "must be"))
        #expect(isError("machine ram lots", "must be"))
        #expect(isError("machine ram 99G", "addresses"))
        #expect(isError("machine boot tape", "must be"))
        #expect(isError("machine cdrom \(folder.path("none"))", "No such file"))
        #expect(isError("machine cdrom \(try folder.file("short.iso", [1, 2, 3]))", "sectors of a CD"))
        #expect(isError("machine initrd x", "name the kernel first"))
        #expect(isError("machine floppya \(folder.path("none"))", "No such file"))
        #expect(isError("machine floppya \(try folder.file("odd", [1, 2, 3]))", "no size of a floppy"))
    }

    @Test func theMachineStartsOnce() throws {
        let floppy = try folder.file("with a blank.img", [UInt8](repeating: 0, count: 163_840))
        #expect(session.answer("machine floppya \(floppy)") == ["ok"])
        #expect(session.answer("machine boot floppy") == ["ok"])
        #expect(session.answer("start") == ["ok"])
        #expect(isError("start", "has been started"))
        #expect(isError("machine ram 4M", "has been started"))
        #expect(session.answer("status").last == "ok")
        #expect(session.answer("text").last == "ok")
        #expect(isError("key nosuchkey", "no such key"))
        #expect(isError("insert c x", "needs a, b or cd"))
        #expect(isError("insert cd \(floppy)", "no CD-ROM drive"))
        #expect(isError("eject cd", "no CD-ROM drive"))
        #expect(isError("eject x", "needs a, b or cd"))
        for line in ["", "1 1", "a 1 -", "1 1 32", "1 1 - -", "1 99999999999999999999 -"] {
            #expect(isError("mouse " + line, "mouse: "))
        }
        let before = try #require(session.pc).now
        #expect(session.answer("mouse 20 -10 5") == ["ok"])
        let pc = try #require(session.pc)
        #expect(pc.now - before >= pc.slotsPerSecond / 20)
        #expect(session.answer("mouse 0 \(Int.min) -") == ["ok"])
        #expect(isError("insert a \(folder.path("none"))", "No such file"))
        let other = try folder.file("other.img", [UInt8](repeating: 0, count: 184_320))
        #expect(session.answer("insert a \(other)") == ["ok"])
        // Putting the same disk in again is no conflict with its own lock.
        #expect(session.answer("insert a \(other)") == ["ok"])
        // The first disk is free again.
        _ = try DiskImage(path: floppy, access: .written)
        #expect(session.answer("eject a") == ["ok"])
        _ = try DiskImage(path: other, access: .written)
        session.close()
    }

    @Test func discsComeAndGo() throws {
        let first = try folder.file("first.iso", CDSample.plain(sectors: 20))
        let second = try folder.file("second.iso", CDSample.plain(sectors: 30))
        #expect(session.answer("machine cdrom \(first)") == ["ok"])
        let disk = try folder.file("disk.img", [UInt8](repeating: 0, count: 1 << 20))
        #expect(isError("machine disk2 \(disk)", "taken"))
        #expect(session.answer("machine boot cdrom") == ["ok"])
        #expect(session.answer("start") == ["ok"])
        #expect(throws: BadInput.self) { try DiskImage(path: first, access: .written) }
        #expect(isError("insert cd \(folder.path("none"))", "No such file"))
        #expect(session.answer("insert cd \(second)") == ["ok"])
        #expect(session.answer("insert cd \(second)") == ["ok"])
        _ = try DiskImage(path: first, access: .written)
        #expect(session.answer("eject cd") == ["ok"])
        #expect(session.answer("eject cd") == ["ok"])
        _ = try DiskImage(path: second, access: .written)
        #expect(session.answer("insert cd \(first)") == ["ok"])
        session.close()
        _ = try DiskImage(path: first, access: .written)
    }

    @Test func aDriveCanStartWithoutADisc() throws {
        let disc = try folder.file("disc.iso", CDSample.plain(sectors: 20))
        #expect(session.answer("machine cdrom") == ["ok"])
        #expect(session.answer("start") == ["ok"])
        #expect(session.answer("insert cd \(disc)") == ["ok"])
        session.close()
    }
}
