import Testing

@testable import PCCore
@testable import PCHost

/// The protocol without gdb: a session on a machine that stands at its reset vector.
@Suite struct GDBSessionTests {
    private let session: GDBSession
    private let pc: PC

    init() throws {
        let machine = try MachineSession(BootPlan())
        session = GDBSession(DebugTarget(machine), isInterrupted: { _ in true })
        pc = machine.pc
    }

    private func ask(_ packet: String) -> String { Self.text(session.answer(Array(packet.utf8))) }

    private static func text(_ answer: GDBSession.Answer) -> String {
        switch answer {
        case .none: "nothing"
        case .data(let data): String(decoding: data, as: UTF8.self)
        }
    }

    private func monitor(_ line: String) -> String {
        let answer = ask("qRcmd," + GDBPacket.hex(line.utf8))
        var text = GDBPacketText(answer.utf8)
        return answer == "OK" ? "" : String(decoding: text.hexBytes() ?? [], as: UTF8.self)
    }

    private func number(_ name: String) -> String {
        String(GDBRegister.all.firstIndex { $0.name == name } ?? -1, radix: 16)
    }

    // MARK: Who is there

    @Test func theFeatures() {
        let features = ask("qSupported:multiprocess+;swbreak+;hwbreak+;vContSupported+").split(separator: ";")
        for feature in [
            "PacketSize=4000", "qXfer:features:read+", "ReverseStep+", "ReverseContinue+", "QStartNoAckMode+",
            "swbreak+",
            "hwbreak+", "vContSupported+",
        ] { #expect(features.contains(feature[...])) }
        #expect(session.knowsBreakFields)
        #expect(ask("qSupported") != "")
        #expect(!session.knowsBreakFields)
    }

    @Test func theThread() {
        #expect(ask("?") == "T05thread:1;")
        #expect(ask("qC") == "QC1")
        #expect(ask("qfThreadInfo") == "m1")
        #expect(ask("qsThreadInfo") == "l")
        #expect(ask("qAttached") == "1")
        for packet in ["Hg0", "Hc-1", "T1"] { #expect(ask(packet) == "OK") }
    }

    @Test func whatIsNotKnownIsNotAnswered() {
        for packet in ["vMustReplyEmpty", "", "!", "qTStatus", "QNonStop:1", "vRun;", "A", "Z5,0,1", "bx"] {
            #expect(ask(packet) == "", "\(packet)")
        }
    }

    @Test func noAcknowledgements() {
        #expect(session.acknowledges)
        #expect(ask("QStartNoAckMode") == "OK")
        #expect(!session.acknowledges)
    }

    // MARK: Registers

    /// CS base FFFF0000h + FFF0h.
    @Test func addressesAreLinear() {
        #expect(ask("p8") == "f0ffffff")
        #expect(ask("p" + number("cs_ip")) == "f0ff0000")
        #expect(ask("p" + number("cs_base")) == "0000ffff")
        pc.cpu[.ss] = 0x1234
        pc.cpu[.esp] = 0xABCD_0010
        #expect(ask("p4") == "50230100")
        #expect(ask("p" + number("ss_sp")) == "1000cdab")
    }

    @Test func addressesAreTakenAsLinearOnes() {
        pc.cpu[.cs] = 0x7C0
        pc.cpu[.ss] = 0x1234
        pc.cpu[.esp] = 0xABCD_0000
        #expect(ask("P8=107c0000") == "OK")
        #expect(pc.cpu[.eip] == 0x10)
        #expect(ask("P4=42230100") == "OK")
        #expect(pc.cpu[.esp] == 0xABCD_0002)
        // The segments do not lead there.
        #expect(ask("P8=007c0100") == "E22")
        #expect(ask("P8=ff7b0000") == "E22")
        #expect(ask("P4=00000000") == "E22")
        #expect(pc.cpu[.eip] == 0x10)
    }

    @Test func allRegistersAtOnce() {
        let all = ask("g")
        #expect(all.utf8.count == GDBRegister.all.map(\.size).reduce(0, +) * 2)
        #expect(ask("G" + all) == "OK")
        #expect(ask("g") == all)
        #expect(ask("G" + all.dropLast(2)) == "E22")
        // CS and EIP together: the new CS comes first.
        var bytes = Array(all.utf8)
        bytes.replaceSubrange(8 * 8..<8 * 9, with: "207c0000".utf8)
        bytes.replaceSubrange(8 * 10..<8 * 11, with: "c0070000".utf8)
        #expect(ask("G" + String(decoding: bytes, as: UTF8.self)) == "OK")
        #expect(pc.cpu[.cs] == 0x7C0)
        #expect(pc.cpu[.eip] == 0x20)
    }

    @Test func registersOneByOne() {
        #expect(ask("P0=78563412") == "OK")
        #expect(pc.cpu[.eax] == 0x1234_5678)
        #expect(ask("p0") == "78563412")
        #expect(ask("p10").count == 20)
        #expect(ask("p" + number("cr0")) == "10000060")
        for packet in [
            "p", "pff", "p0x", "P0=1234", "P0", "P0=", "Pff=00000000", "P" + number("cs_base") + "=01000000",
        ] {
            #expect(ask(packet) == "E22" || packet == "p0x", "\(packet)")
        }
    }

    // MARK: Memory

    @Test func memory() {
        #expect(ask("M500,4:01020304") == "OK")
        #expect(ask("m500,4") == "01020304")
        #expect(ask("m501,2") == "0203")
        #expect(session.answer(Array("X600,3:".utf8) + [0x7D, 0x03, 0x41, 0x42]) == .ok)
        #expect(ask("m600,3") == "234142")
        #expect(ask("X600,0:") == "OK")
        // The BIOS at the top.
        #expect(ask("mfffffff0,1") == "ea")
    }

    @Test func noMemory() {
        #expect(ask("mc0000000,1") == "E14")
        #expect(ask("Mc0000000,1:00") == "E14")
        // ROM does not change.
        #expect(ask("Mffff0,1:00") == "E14")
        // What is there up to the end of memory.
        #expect(ask("mfffffe,10") == "0000")
    }

    @Test(arguments: [
        "m", "m0", "m0,", "mg,1", "m0,1x", "m123456789,1", "M0,1", "M0,1:", "M0,2:00", "M0,1:0g", "X0,5:ab", "X0",
    ])
    func badMemoryPackets(_ packet: String) { #expect(ask(packet) == "E22") }

    @Test func aReadIsBounded() {
        #expect(ask("m0,ffffffff").utf8.count <= GDBPacket.limit)
    }

    // MARK: Stops

    @Test func points() {
        for packet in ["Z0,7c00,1", "Z1,7c10,1", "Z2,500,1", "Z3,600,2", "Z4,700,4", "Z2,500,1"] {
            #expect(ask(packet) == "OK")
        }
        var wanted = StopSet()
        wanted.breakpoints = [0x7C00, 0x7C10]
        wanted.memory = [
            MemoryWatch(first: 0x500, count: 1, isPhysical: false, kinds: .write),
            MemoryWatch(first: 0x600, count: 2, isPhysical: false, kinds: .read),
            MemoryWatch(first: 0x700, count: 4, isPhysical: false, kinds: [.read, .write]),
        ]
        #expect(session.target.stops == wanted)
        // The other kind at the same address stays.
        #expect(ask("Z1,7c00,1") == "OK")
        #expect(ask("z0,7c00,1") == "OK")
        #expect(ask("z2,500,1") == "OK")
        wanted.memory.removeFirst()
        #expect(session.target.stops == wanted)
        #expect(session.points.watch(0)?.stopField(0x601) == "rwatch:601;")
    }

    @Test(arguments: ["Z", "Z0", "Z0,", "Z0,g,1", "Z2,500,0", "Z2,ffffffff,2", "Z0,7c00", "Z0,7c00,1;X1,0", "z2,500,"])
    func badPoints(_ packet: String) {
        #expect(["E22", ""].contains(ask(packet)))
        #expect(session.target.stops.isEmpty)
    }

    @Test func thereAreNotTooManyPoints() {
        for number in 0..<GDBPoints.limit { #expect(ask("Z0,\(String(number, radix: 16)),1") == "OK") }
        #expect(ask("Z0,ffffff,1") == "E28")
        #expect(ask("Z0,5,1") == "OK")
    }

    /// A word at 4FFh changes the watched byte at 500h: gdb looks for its own address.
    @Test func aWideAccessIsToldAtTheWatchedByte() {
        var text = GDBPacketText("2,500,1".utf8)
        #expect(GDBPoint(&text)?.stopField(0x4FF) == "watch:500;")
    }

    // MARK: Movement

    @Test func stepping() {
        #expect(ask("s") == "T05thread:1;")
        #expect(ask("p8") == "5be00f00")
        #expect(ask("vCont?") == "vCont;c;C;s;S")
        #expect(ask("vCont;s:1") == "T05thread:1;")
        #expect(ask("p8") == "0d000f00")
        #expect(ask("S05") == "T05thread:1;")
        for packet in ["vCont", "vCont;", "vCont;x", "C", "Sx", "cg", "s123456789"] {
            #expect(ask(packet) == "E22", "\(packet)")
        }
    }

    /// The client's Ctrl-C.
    @Test func running() {
        for packet in ["c", "C05", "vCont;c", "vCont;c:1;s:2"] { #expect(ask(packet) == "T02thread:1;") }
    }

    @Test func leaving() {
        #expect(ask("Z0,7c00,1") == "OK")
        #expect(ask("D") == "OK")
        #expect(session.state == .detached)
        #expect(session.target.stops.isEmpty)
        #expect(ask("k") == "nothing")
        #expect(session.state == .killed)
    }

    // MARK: The description

    @Test func theDescriptionComesInParts() {
        var description = ""
        var part = ""
        repeat {
            part = ask("qXfer:features:read:target.xml:\(String(description.utf8.count, radix: 16)),64")
            description += part.dropFirst()
        } while part.first == "m"
        #expect(part.first == "l")
        #expect(description.contains("<architecture>i8086</architecture>"))
        #expect(description == GDBTargetDescription(architecture: .i8086).xml)
        #expect(ask("qXfer:features:read:target.xml:fffff,64") == "l")
        #expect(ask("qXfer:features:read:other.xml:0,64") == "E00")
        for packet in ["", "0", "0,", "g,1", "0,1x"] {
            #expect(ask("qXfer:features:read:target.xml:" + packet) == "E22")
        }
    }

    @Test func theCodeDecidesWhatIsOffered() {
        pc.cpu.enterFlatProtectedMode()
        #expect(ask("qXfer:features:read:target.xml:0,fff").contains(">i386<"))
        #expect(monitor("arch i8086") == "")
        #expect(ask("qXfer:features:read:target.xml:0,fff").contains(">i8086<"))
        #expect(monitor("arch auto") == "")
        #expect(ask("qXfer:features:read:target.xml:0,fff").contains(">i386<"))
    }

    // MARK: monitor

    @Test func monitorCommands() {
        for command in session.commands { #expect(monitor("help").contains(command.name), "\(command.name)") }
        #expect(monitor("") == monitor("help"))
        #expect(monitor("info registers").contains("eip 0000fff0"))
        #expect(monitor("info segments").contains("cs    f000  base ffff0000  limit 0000ffff"))
        #expect(monitor("instructions") == "0\n")
        #expect(monitor("info time").contains("guest time   0.000000 s"))
        #expect(monitor("screen") == session.target.session.screenText)
        #expect(monitor("stop-on int 0x13") == "")
        #expect(monitor("stop-on port 0x60") == "")
        #expect(session.target.stops.interrupts == [0x13])
        #expect(session.target.stops.ports == [PortWatch(ports: 0x60...0x60, kinds: [.read, .write])])
        #expect(monitor("stop-on nothing") == "")
        #expect(session.target.stops.isEmpty)
    }

    @Test(arguments: [
        "x", "info", "arch", "arch z80", "stop-on", "stop-on int 256", "stop-on int", "last-writer",
        "last-writer nowhere",
        "last-writer port 65536", "last-writer sector 1 2",
    ])
    func badMonitorCommands(_ line: String) {
        let answer = monitor(line)
        #expect(answer.hasSuffix("\n") && answer.split(separator: "\n").count == 1, "\(answer)")
        #expect(session.target.stops.isEmpty)
    }

    @Test(arguments: [
        ("stop-on int 256", "256: must be a vector from 0 to 255"),
        ("stop-on int -1", "-1: must be a vector from 0 to 255"),
        ("stop-on port 0x10000", "0x10000: must be a port from 0 to 0xFFFF"),
        ("stop-on port x", "x: must be a port from 0 to 0xFFFF"),
        ("last-writer 0x100000000", "0x100000000: must be an address from 0 to 0xFFFFFFFF, or such as 07C0:0010"),
        ("last-writer physical -1", "-1: must be an address from 0 to 0xFFFFFFFF, or such as 07C0:0010"),
        ("last-writer port 65536", "65536: must be a port from 0 to 0xFFFF"),
        ("last-writer sector 9 0", "last-writer sector: needs a drive from 0 to 5 with a disk, and a sector of it"),
        ("last-writer sector 1 0", "last-writer sector: needs a drive from 0 to 5 with a disk, and a sector of it"),
        ("last-writer sector 0 320", "320: drive 0 has sectors 0 to 319"),
        ("last-writer sector 0 -1", "-1: drive 0 has sectors 0 to 319"),
        ("last-writer sector 0 99999999999", "99999999999: drive 0 has sectors 0 to 319"),
        ("last-writer sector x 0", "x: must be the number of a drive"),
        ("info history 1", "info history: stands alone"),
        ("save", "save: needs a file"),
        ("load", "load: needs a file"),
    ])
    func monitorTellsWhatIsWrong(_ line: String, _ message: String) { #expect(monitor(line) == message + "\n") }

    @Test func monitorSavesAndLoads() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a state")
        #expect(ask("s") == "T05thread:1;")
        #expect(monitor("info history") == "from instruction 0 to 1, now at 1\n0 inputs\n")
        #expect(monitor("save \(path)") == "")
        for _ in 0..<4 { _ = ask("s") }
        #expect(pc.instructionCount == 5)
        #expect(monitor("load \(path)").hasPrefix("the machine stands"))
        #expect(pc.instructionCount == 1)
        #expect(ask("p8") == "5be00f00")
        #expect(monitor("info history") == "from instruction 1 to 1, now at 1\n0 inputs\n")
        let answer = monitor("load \(folder.path("missing"))")
        #expect(answer.hasPrefix(folder.path("missing")) && answer.split(separator: "\n").count == 1)
        #expect(pc.instructionCount == 1)
    }

    @Test func monitorIsNotHex() { #expect(ask("qRcmd,6g") == "E22") }

    @Test func monitorEndsTheMachine() {
        #expect(monitor("quit") == "")
        #expect(session.state == .killed)
    }

    // MARK: Whatever comes

    /// Packets with anything behind a known beginning.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func garbage(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let starts = [
            "g", "G", "p", "P", "m", "M", "X", "Z", "z", "Z2,", "H", "T", "qXfer:features:read:target.xml:", "qRcmd,",
            "vCont;", "c", "C", "q", "Q", "v", "b", "m0,", "M0,1:", "P8=", "Z0,7c00,", "?", "",
        ]
        let letters = Array("0123456789abcdefg,:;=*}#$\u{0}~-".utf8)
        for _ in 0..<2000 {
            var packet = Array(starts[random(starts.count)].utf8)
            for _ in 0..<random(12) {
                packet.append(random(4) == 0 ? UInt8(random(256)) : letters[random(letters.count)])
            }
            if case .data(let data) = session.answer(packet) { #expect(data.count <= GDBPacket.limit) }
        }
    }
}
