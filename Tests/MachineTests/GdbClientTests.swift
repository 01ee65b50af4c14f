import Foundation
import Testing

/// `--gdb` and its clients, without gdb.
@Suite struct GdbClientTests {
    private let folder: Folder
    private let rom: String

    init() throws {
        folder = try Folder()
        rom = try folder.file("bios.bin", TinyBIOS(TinyBIOS.work).image)
    }

    private func start(_ arguments: String...) throws -> GdbRun {
        try GdbRun(["--bios", rom] + arguments, folder: folder)
    }

    @Test func theMachineWaits() throws {
        let run = try start()
        let client = try RawClient(port: run.port)
        #expect(try client.ask("?") == "T05thread:1;")
        #expect(try client.ask("p8") == "f0ffffff")
        #expect(try client.ask("s") == "T05thread:1;")
        #expect(try client.ask("p8") == "00000f00")
    }

    @Test func aBreakpointStopsIt() throws {
        let run = try start()
        let client = try RawClient(port: run.port)
        #expect(try client.ask("Z0,f0006,1") == "OK")
        #expect(try client.ask("c") == "T05thread:1;")
        #expect(try client.ask("p8") == "06000f00")
        // From there it goes on.
        #expect(try client.ask("c") == "T05thread:1;")
        #expect(try client.ask("p8") == "06000f00")
        #expect(try client.ask("p3") == "01000000")
    }

    /// As fast as a person wants it.
    @Test func controlCInterrupts() throws {
        let run = try start()
        let client = try RawClient(port: run.port)
        for _ in 0..<3 {
            client.send(RawClient.frame("c"))
            usleep(100_000)
            let asked = Date()
            client.send([3])
            #expect(try client.answer() == "T02thread:1;")
            #expect(Date().timeIntervalSince(asked) < 0.5)
        }
    }

    @Test func aClientComesBack() throws {
        let run = try start()
        var client: RawClient? = try RawClient(port: run.port)
        #expect(try client?.ask("s") == "T05thread:1;")
        #expect(try client?.ask("Z0,f0006,1") == "OK")
        let place = try client?.ask("p8")
        // It goes away half-way through a packet; the machine stays.
        client?.send(Array("$m0,".utf8))
        client = nil
        client = try RawClient(port: run.port)
        #expect(try client?.ask("p8") == place)
        // Its breakpoint is gone: this runs until it is interrupted.
        client?.send(RawClient.frame("c"))
        #expect(client?.receive(seconds: 1) == Array("+".utf8))
        client?.send([3])
        #expect(try client?.answer() == "T02thread:1;")
        let before = try client?.ask("g")
        // Detached, it runs; the next client stops it.
        #expect(try client?.ask("D") == "OK")
        client = nil
        usleep(200_000)
        client = try RawClient(port: run.port)
        #expect(try client?.ask("?") == "T05thread:1;")
        #expect(try client?.ask("g") != before)
        #expect(run.isRunning)
    }

    /// Gone while the machine runs.
    @Test func aClientGoesAwayWhileItRuns() throws {
        let run = try start()
        var client: RawClient? = try RawClient(port: run.port)
        client?.send(RawClient.frame("c"))
        usleep(50_000)
        client = nil
        let next = try RawClient(port: run.port)
        #expect(try next.ask("?") == "T05thread:1;")
    }

    @Test func oneClientAtATime() throws {
        let run = try start()
        let client = try RawClient(port: run.port)
        #expect(try client.ask("?") == "T05thread:1;")
        let other = try RawClient(port: run.port)
        #expect(other.receive(seconds: 10) == nil)
        #expect(try client.ask("?") == "T05thread:1;")
        client.send(RawClient.frame("c"))
        let third = try RawClient(port: run.port)
        #expect(third.receive(seconds: 10) == nil)
        client.send([3])
        #expect(try client.answer() == "T02thread:1;")
    }

    @Test func garbage() throws {
        let run = try start()
        var state: UInt64 = 1
        for round in 0..<20 {
            let client = try RawClient(port: run.port)
            var bytes: [UInt8] = []
            for _ in 0..<round * 500 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                // Nothing runs and nobody leaves, so that the next round finds the machine.
                let byte = UInt8(truncatingIfNeeded: state >> 40)
                bytes.append("cCsSvDkb".utf8.contains(byte) ? 0x24 : byte)
            }
            client.send(bytes)
        }
        let client = try RawClient(port: run.port)
        client.send(Array("$?#00".utf8))
        #expect(client.receive(seconds: 10) == Array("-".utf8))
        #expect(try client.ask("p8") == "f0ffffff")
        // The last packet again.
        client.send(Array("-".utf8))
        #expect(try client.answer() == "f0ffffff")
        #expect(try client.ask("QStartNoAckMode") == "OK")
        client.send(RawClient.frame("qC"))
        #expect(client.receive(seconds: 10) == RawClient.frame("QC1"))
    }

    @Test func killEndsTheMachine() throws {
        let run = try start()
        let client = try RawClient(port: run.port)
        client.send(RawClient.frame("k"))
        #expect(try run.status() == 0)
        #expect(try folder.text("errors").split(separator: "\n").count == 1)
    }

    /// What the guest ends with reaches the client and the shell.
    @Test func theGuestEndsTheMachine() throws {
        let rom = try folder.file("exit.bin", TinyBIOS(TinyBIOS.exit(7) + TinyBIOS.loop).image)
        let run = try GdbRun(["--bios", rom, "--debug-exit"], folder: folder)
        let client = try RawClient(port: run.port)
        #expect(try client.ask("c") == "W07")
        #expect(try run.status() == 7)
    }

    /// A CPU that cannot go on can be looked at.
    @Test func theGuestHaltsForEver() throws {
        let rom = try folder.file("halt.bin", TinyBIOS(TinyBIOS.halt).image)
        let run = try GdbRun(["--bios", rom], folder: folder)
        let client = try RawClient(port: run.port)
        #expect(try client.ask("c").hasPrefix("O"))
        #expect(try client.answer() == "T06thread:1;")
        #expect(try client.ask("p8") == "02000f00")
        #expect(try client.ask("D") == "OK")
        #expect(try run.status() == 3)
    }

    @Test func signalsEndIt() throws {
        for waits in [true, false] {
            let run = try start()
            let client = try RawClient(port: run.port)
            if !waits { client.send(RawClient.frame("c")) }
            usleep(50_000)
            run.signal(SIGTERM)
            #expect(try run.status() == 128 + SIGTERM)
        }
    }

    @Test func thePortIsTaken() throws {
        let run = try start()
        let outcome = try Tool.run(["--headless", "--bios", rom, "--gdb", "\(run.port)"])
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("--gdb \(run.port): the port is taken"))
        #expect(outcome.output == "")
    }

    @Test(arguments: ["", "x", "-1", "65536", "1234 ", "localhost:1"])
    func badPorts(_ port: String) throws {
        let outcome = try Tool.run(["--headless", "--bios", rom, "--gdb=\(port)"])
        #expect(outcome.status == 2)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("--gdb"), "\(outcome.errors)")
    }

    /// Nobody from outside can connect.
    @Test func itListensOnTheLoopbackInterface() throws {
        let run = try start()
        let port = String(format: "%04X", run.port)
        let listening = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n").filter {
            $0.contains(":\(port) ") && $0.contains(" 0A ")
        }
        #expect(listening.count == 1 && listening.allSatisfy { $0.contains("0100007F:\(port)") })
    }
}
