import Glibc
import PCCore
import Synchronization
import Testing

@testable import PCHost

@Suite struct ControlServerTests {
    private let folder: TemporaryFolder
    private let session = ControlSession(clock: HandClock().clock)
    private let server: ControlServer
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("s")
        server = ControlServer(session)
        try server.listen(at: path)
    }

    private func turns(_ count: Int = 6) { for _ in 0..<count { server.turn() } }

    private func peer() throws -> SocketPeer {
        let peer = try #require(SocketPeer(path))
        turns(2)
        return peer
    }

    @Test func twoClientsDriveOneMachine() throws {
        let (a, b) = (try peer(), try peer())
        a.send("start\nstatus\n")
        turns()
        #expect(a.read() == "ok\n|running\nok\n")
        b.send("events on\nsta")
        turns()
        b.send("tus\n")
        a.send("stop\n")
        turns()
        #expect(a.read() == "ok\n")
        let told = b.read()
        #expect(["ok\n|running\nok\n*stopped paused\n", "ok\n*stopped paused\n|paused\nok\n"].contains(told))
        a.close()
        turns()
        b.send("cont\nreset\n")
        turns()
        #expect(b.read() == "ok\n*running\nok\n*reset\n")
    }

    @Test func aClientThatGoesAwayHarmsNobody() throws {
        let (a, b) = (try peer(), try peer())
        a.send("start\nstat")
        a.close()
        turns()
        b.send("status\n")
        turns()
        #expect(b.read() == "|running\nok\n")
        // Gone while an answer of 200 KB is on its way.
        let c = try peer()
        c.send("memory 0 65536\nmemory 0 65536\nmemory 0 65536\n")
        turns(1)
        c.close()
        turns()
        b.send("status\n")
        turns()
        #expect(b.read() == "|running\nok\n")
    }

    @Test func garbageIsAnsweredAndDone() throws {
        let (a, b) = (try peer(), try peer())
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        for seed in 1...40 as ClosedRange<UInt64> {
            state ^= seed
            var bytes = (0..<500).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            bytes.append(10)
            a.send(bytes)
            turns()
            let answers = a.read().split(separator: "\n")
            #expect(!answers.isEmpty && answers.allSatisfy { $0.hasPrefix("error ") })
        }
        b.send("status\n")
        turns()
        #expect(b.read() == "error the machine has not been started\n")
    }

    @Test func whoDoesNotReadIsCutOff() throws {
        let (slow, quick) = (try peer(), try peer())
        slow.send("start\nevents on\n")
        turns()
        var sent = 0
        while sent < 400_000 {
            for _ in 0..<1000 { quick.send("stop\ncont\n") }
            turns(40)
            let read = quick.read()
            if read.isEmpty { break }
            sent += 1000
            if slow.isAtEnd { break }
            if sent > 300_000 { break }
        }
        quick.send("status\n")
        turns(40)
        #expect(quick.read().hasSuffix("|running\nok\n"))
        // What was sent before the end is still there to be read; then the server has hung up.
        _ = slow.read()
        #expect(slow.isAtEnd)
    }

    @Test func clientsAreCounted() throws {
        let peers = try (0..<ControlServer.clientLimit).map { _ in try peer() }
        let tooMany = try peer()
        turns()
        #expect(tooMany.read() == "error too many clients: at most 32\n")
        #expect(tooMany.isAtEnd)
        peers[0].close()
        turns()
        let next = try peer()
        next.send("status\n")
        turns()
        #expect(next.read().hasPrefix("error the machine"))
    }

    /// In the language that they speak.
    @Test func clientsOfQMPAreCounted() throws {
        let other = folder.path("q")
        try server.listen(at: other, .qmp)
        let peers = try (0..<ControlServer.clientLimit).map { _ in try peer() }
        let tooMany = try #require(SocketPeer(other))
        turns()
        #expect(
            tooMany.read()
                == "{\"error\": {\"class\": \"GenericError\", \"desc\": \"too many clients: at most 32\"}}\r\n")
        #expect(tooMany.isAtEnd)
        peers[0].close()
        turns()
        let next = try #require(SocketPeer(other))
        turns()
        #expect(next.read().hasPrefix("{\"QMP\""))
    }

    @Test func quitEndsTheServerAndTakesTheSocketAway() throws {
        let a = try peer()
        a.send("quit\n")
        server.serve()
        #expect(a.read() == "ok\n")
        #expect(a.isAtEnd)
        #expect(access(path, F_OK) != 0)
    }

    // MARK: The name of the socket

    /// What another program has put in the socket's place is not taken away at the end.
    @Test func whatIsThereInsteadStays() throws {
        #expect(unlink(path) == 0)
        _ = try folder.file("s", [7])
        server.close(.request)
        #expect(try folder.content("s") == [7])
    }

    @Test func onlyTheOwnerMayConnect() {
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func aSocketInUseIsLeftAlone() throws {
        let error = #expect(throws: BadInput.self) { try SocketListener(path) }
        #expect(error?.message == "\(path): another program listens there; end it or choose another name")
        turns()
        _ = try peer()
    }

    @Test func aSocketOfTheDeadIsTakenOver() throws {
        let stale = try staleSocket()
        let listener = try SocketListener(stale)
        #expect(SocketPeer(stale) != nil)
        listener.close()
        #expect(access(stale, F_OK) != 0)
    }

    private final class Winners: @unchecked Sendable {
        private let lock = Mutex(())
        private(set) var all: [SocketListener] = []
        func add(_ listener: SocketListener) { lock.withLock { _ in all.append(listener) } }
    }

    /// Two programs that find the socket of one that is gone: the second must not take away the first one's.
    @Test func oneAtATimeTakesOver() throws {
        let stale = try staleSocket()
        let lock = open(stale + ".lock", O_RDWR | O_CREAT, 0o600)
        #expect(flock(lock, LOCK_EX) == 0)
        let error = #expect(throws: BadInput.self) { try SocketListener(stale) }
        #expect(error?.message == "\(stale): is in use by another program that starts now; choose another name")
        #expect(access(stale, F_OK) == 0)
        close(lock)
        let listener = try SocketListener(stale)
        #expect(access(stale + ".lock", F_OK) != 0)
        #expect(throws: BadInput.self) { try SocketListener(stale) }
        #expect(access(stale + ".lock", F_OK) != 0)
        listener.close()
    }

    @Test func ofManyOneTakesOver() throws {
        for _ in 0..<50 {
            let stale = try staleSocket()
            let winners = Winners()
            HostThreads.run(count: 4) {
                if let listener = try? SocketListener(stale) { winners.add(listener) }
            }
            #expect(winners.all.count == 1)
            #expect(SocketPeer(stale) != nil && winners.all.first?.accept() != nil)
            winners.all.first?.close()
        }
    }

    private func staleSocket() throws -> String {
        let stale = folder.path("stale")
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: stale.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(status == 0)
        close(file)
        return stale
    }

    @Test func anotherFileIsLeftAlone() throws {
        let file = try folder.file("file", [1, 2, 3])
        let error = #expect(throws: BadInput.self) { try SocketListener(file) }
        #expect(error?.message == "\(file): is there already and is no socket; choose another name")
        #expect(try folder.content("file") == [1, 2, 3])
        #expect(throws: BadInput.self) { try SocketListener(folder.path(String(repeating: "x", count: 200))) }
        #expect(throws: BadInput.self) { try SocketListener("") }
        #expect(throws: BadInput.self) { try SocketListener("/nowhere/at/all") }
    }
}
