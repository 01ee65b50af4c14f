import Testing

@testable import PCCore
@testable import PCHost

/// What gdb is told of a stop, and what its user reads.
@Suite struct GDBStopTests {
    /// A session on a machine that is about to run a program at 7C00h.
    private final class Bench {
        private(set) var session: GDBSession!
        private(set) var said = ""
        let pc: PC

        init(_ code: [UInt8], display: DisplayKind = .none) throws {
            var plan = BootPlan()
            plan.display = display
            let machine = try MachineSession(plan)
            pc = machine.pc
            session = GDBSession(DebugTarget(machine), say: { [unowned self] in said += $0 })
            // As inputs, which a way back meets again.
            for register in [Register.cs, .ds, .ss] { session.target.set(register, 0) }
            session.target.set(.esp, 0x7000)
            session.target.set(.eip, 0x7C00)
            #expect(ask("M7c00,\(String(code.count, radix: 16)):\(GDBPacket.hex(code))") == "OK")
        }

        func ask(_ packet: String) -> String {
            guard case .data(let data) = session.answer(Array(packet.utf8)) else { return "nothing" }
            return String(decoding: data, as: UTF8.self)
        }
    }

    @Test func theStartOfHistory() throws {
        let bench = try Bench([0x90])
        #expect(bench.ask("bs") == "T05replaylog:begin;thread:1;")
        #expect(bench.ask("s") == "T05thread:1;")
        #expect(bench.ask("bc") == "T05replaylog:begin;thread:1;")
    }

    /// INC BYTE [602h] / MOV [5FFh], AX: the byte that was touched, or the first that is watched.
    @Test func theAddressOfAWatch() throws {
        let bench = try Bench([0xFE, 0x06, 0x02, 0x06, 0xA3, 0xFF, 0x05])
        #expect(bench.ask("Z2,600,4") == "OK")
        #expect(bench.ask("s") == "T05watch:602;thread:1;")
        #expect(bench.ask("s") == "T05watch:600;thread:1;")
    }

    /// Older gdbs do not know why they stop.
    @Test func breakpoints() throws {
        let bench = try Bench([0x90, 0x90, 0x90])
        #expect(bench.ask("Z0,7c01,1") == "OK")
        #expect(bench.ask("Z1,7c02,1") == "OK")
        #expect(bench.ask("s") == "T05thread:1;")
        _ = bench.ask("qSupported:swbreak+;hwbreak+")
        #expect(bench.ask("bs") == "T05thread:1;")
        #expect(bench.ask("c") == "T05swbreak:;thread:1;")
        #expect(bench.ask("c") == "T05hwbreak:;thread:1;")
    }

    /// A way back may end at a breakpoint: who goes on from there has seen it.
    @Test func aBreakpointThatOneStandsAt() throws {
        let bench = try Bench([0x90, 0x90, 0x90, 0x90])
        for address in ["7c01", "7c03"] { #expect(bench.ask("Z1,\(address),1") == "OK") }
        for movement in ["s", "s", "bs"] { #expect(bench.ask(movement) == "T05thread:1;") }
        #expect(bench.pc.cpu[.eip] == 0x7C01)
        #expect(bench.ask("c") == "T05thread:1;")
        #expect(bench.pc.cpu[.eip] == 0x7C03)
        #expect(bench.ask("bs") == "T05thread:1;" && bench.pc.cpu[.eip] == 0x7C02)
        #expect(bench.ask("bs") == "T05thread:1;" && bench.pc.cpu[.eip] == 0x7C01)
        #expect(bench.ask("s") == "T05thread:1;")
        #expect(bench.pc.cpu[.eip] == 0x7C02)
    }

    /// MOV DX, 610h / OUT DX, AL, at which a device writes.
    @Test func devices() throws {
        let bench = try Bench([0xBA, 0x10, 0x06, 0xEE])
        bench.pc.bus.attach(Writer(bench.pc.bus), ports: 0x610...0x610)
        #expect(bench.ask("Z2,600,4") == "OK")
        #expect(bench.ask("c") == "T05watch:600;thread:1;")
        #expect(bench.said == "a device has written there\n")
    }

    /// OUT 80h, AL / INT 21h / MOV AL, 1 / OUT 92h, AL
    @Test func monitorsStops() throws {
        let bench = try Bench([0xE6, 0x80, 0xCD, 0x21, 0xB0, 0x01, 0xE6, 0x92])
        for line in ["stop-on port 0x80", "stop-on int 0x21", "stop-on reset"] {
            #expect(bench.ask("qRcmd," + GDBPacket.hex(line.utf8)) == "OK")
        }
        #expect(bench.ask("M84,4:0400c007") == "OK")
        for _ in 0..<3 { #expect(bench.ask("c") == "T05thread:1;") }
        #expect(
            bench.said == """
                wrote 0x0 to port 0x80
                interrupt 0x21
                reset asked for at 7c06; this is the reset vector

                """)
        #expect(bench.ask("qRcmd," + GDBPacket.hex("stop-on nothing".utf8)) == "OK")
        #expect(bench.session.target.stops.isEmpty)
    }

    /// CLI / HLT: headless it is the end, with a window the user can press the button; both times there is a way back.
    @Test(arguments: [DisplayKind.none, .window]) func haltedForEver(display: DisplayKind) throws {
        let bench = try Bench([0xFA, 0xF4], display: display)
        #expect(bench.ask("c") == "T06thread:1;")
        #expect(bench.said.split(separator: "\n").count == 1)
        #expect(bench.session.state == .attached)
        #expect(bench.ask("bs") == "T05thread:1;")
        // What has ended it there has not happened.
        #expect(bench.ask("s").hasPrefix("T"))
    }

    private final class Writer: PortDevice {
        private unowned let bus: Bus

        init(_ bus: Bus) { self.bus = bus }

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { 0 }
        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) { bus.writeByte(0x601, 7) }
    }
}
