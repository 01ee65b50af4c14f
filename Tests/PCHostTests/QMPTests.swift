import PCCore
import Testing

@testable import PCHost

/// Requests and answers beside those of QEMU 7.2.22, which were recorded with `qemu-system-i386 -qmp`.
@Suite struct QMPTests {
    private let session = ControlSession(clock: HandClock().clock)
    private let language: QMPLanguage

    init() { language = QMPLanguage(session) }

    /// Everything that one text is answered with, events first.
    private func ask(_ text: String) -> String {
        language.take(Array(text.utf8)[...])
        var lines = ""
        while let answer = language.answerNext() {
            for event in session.takeEvents() {
                lines += language.told(event).map { String(decoding: $0, as: UTF8.self) } ?? ""
            }
            lines += String(decoding: answer, as: UTF8.self)
        }
        return lines.replacing("\r\n", with: "\n")
            .replacing(/{"seconds": \d+, "microseconds": \d+}/, with: "TIME")
    }

    private func agree() {
        _ = ask("{\"execute\": \"qmp_capabilities\"}\n")
        _ = session.answer("start")
    }

    private func refusal(_ text: String, _ kind: String = "GenericError") -> String {
        "{\"error\": {\"class\": \"\(kind)\", \"desc\": \"\(text)\"}}\n"
    }

    @Test func negotiation() {
        #expect(String(decoding: language.greeting, as: UTF8.self).hasPrefix("{\"QMP\": {\"version\": {\"qemu\": {"))
        #expect(
            ask("{\"execute\":\"query-status\",\"id\":1}\n")
                == "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", "
                + "\"desc\": \"Expecting capabilities negotiation with 'qmp_capabilities'\"}}\n")
        #expect(
            ask("{\"execute\":\"qmp_capabilities\",\"id\":{\"a\":[1,2]}}")
                == "{\"return\": {}, \"id\": {\"a\": [1, 2]}}\n")
        #expect(
            ask("{\"execute\":\"qmp_capabilities\"}\n")
                == refusal("Capabilities negotiation is already complete, command ignored", "CommandNotFound"))
        #expect(
            ask("{\"execute\":\"query-status\"}\r\n")
                == "{\"return\": {\"status\": \"prelaunch\", \"singlestep\": false, \"running\": false}}\n")
        #expect(ask("{\"execute\":\"cont\"}\n") == "{\"return\": {}}\n")
        #expect(
            ask("{\"execute\":\"query-status\"}")
                == "{\"return\": {\"status\": \"running\", \"singlestep\": false, \"running\": true}}\n")
    }

    @Test func errorsAreThoseOfQEMU() {
        agree()
        let shapes: [(String, String)] = [
            ("[1]", "QMP input must be a JSON object"),
            ("\"a\"", "QMP input must be a JSON object"),
            ("{\"x\":1}", "QMP input member 'x' is unexpected"),
            ("{\"execute\":5}", "QMP input member 'execute' must be a string"),
            ("{\"execute\":\"stop\",\"arguments\":[]}", "QMP input member 'arguments' must be an object"),
            ("{\"execute\":\"stop\",\"arguments\":{\"a\":1}}", "Parameter 'a' is unexpected"),
            ("{\"execute\":\"send-key\"}", "Parameter 'keys' is missing"),
            (
                "{\"execute\":\"send-key\",\"arguments\":{\"keys\":5}}",
                "Invalid parameter type for 'keys', expected: array"
            ),
            (
                "{\"execute\":\"send-key\",\"arguments\":{\"keys\":[{\"type\":\"qcode\",\"data\":\"zzz\"}]}}",
                "Parameter 'data' does not accept value 'zzz'"
            ),
            ("{\"execute\":\"screendump\"}", "Parameter 'filename' is missing"),
        ]
        for (request, text) in shapes { #expect(ask(request + "\n") == refusal(text)) }
        #expect(ask("{\"execute\":\"nope\"}\n") == refusal("The command nope has not been found", "CommandNotFound"))
        #expect(
            ask("{\"execute\":\"eject\",\"arguments\":{\"device\":\"nodev\"}}\n")
                == refusal("Device 'nodev' not found", "DeviceNotFound"))
    }

    @Test func eventsComeBeforeTheAnswer() {
        agree()
        let done = "{\"return\": {}}\n"
        #expect(ask("{\"execute\":\"stop\"}\n") == "{\"timestamp\": TIME, \"event\": \"STOP\"}\n" + done)
        #expect(ask("{\"execute\":\"stop\"}\n") == done)
        #expect(ask("{\"execute\":\"cont\"}\n") == "{\"timestamp\": TIME, \"event\": \"RESUME\"}\n" + done)
        #expect(
            ask("{\"execute\":\"system_reset\"}\n") == "{\"timestamp\": TIME, \"event\": \"RESET\", \"data\": "
                + "{\"guest\": false, \"reason\": \"host-qmp-system-reset\"}}\n" + done)
        #expect(
            ask("{\"execute\":\"system_powerdown\"}\n") == "{\"timestamp\": TIME, \"event\": \"POWERDOWN\"}\n" + done)
    }

    /// Nobody is told of anything before it has agreed.
    @Test func eventsComeAfterTheAgreement() {
        #expect(language.told(.paused) == nil)
        agree()
        #expect(language.told(.paused) != nil)
        #expect(language.putsEventsFirst)
    }

    private var inputs: [String] { session.session?.timeline.inputs.map { "\($0.input)" } ?? [] }

    private func send(_ events: String...) -> String {
        ask("{\"execute\":\"input-send-event\",\"arguments\":{\"events\":[\(events.joined(separator: ","))]}}\n")
    }

    private func button(_ name: String, _ isDown: Bool) -> String {
        "{\"type\":\"btn\",\"data\":{\"button\":\"\(name)\",\"down\":\(isDown)}}"
    }

    @Test func inputReachesTheMachine() {
        agree()
        let press = "{\"type\":\"key\",\"data\":{\"key\":{\"type\":\"qcode\",\"data\":\"a\"},\"down\":true}}"
        // One that is wrong: none happens.
        #expect(send(press, button("nose", true)) == refusal("Parameter 'button' does not accept value 'nose'"))
        #expect(inputs == [])
        let move = "{\"type\":\"rel\",\"data\":{\"axis\":\"y\",\"value\":-7}}"
        let done = "{\"return\": {}}\n"
        #expect(send(press, move, button("left", true), button("right", true), button("left", false)) == done)
        let hold = { (buttons: MouseButtons) in "\(MachineInput.holdMouseButtons(buttons))" }
        let moved = { (dy: Int, wheel: Int) in "\(MachineInput.moveMouse(dx: 0, dy: dy, wheel: wheel))" }
        #expect(
            inputs == [
                "\(MachineInput.press(Key(named: "a") ?? .esc))", moved(-7, 0), hold(.left), hold([.left, .right]),
                hold(.right),
            ])
        #expect(send(button("wheel-up", true), button("wheel-up", false), button("wheel-down", true)) == done)
        #expect(inputs.suffix(2) == [moved(0, -1), moved(0, 1)])
    }

    @Test func theHumanMonitor() {
        agree()
        let monitor = HumanMonitor(session)
        #expect(monitor.answer("info status") == "VM status: running\r\n")
        #expect(monitor.answer("xp /4xb 0xffff0").hasPrefix("00000000000ffff0: 0xea 0x"))
        #expect(monitor.answer("xp /2xw 0xffff0").split(separator: " ").count == 3)
        #expect(monitor.answer("x/3c 0xffff0").hasPrefix("000ffff0: '\\xea' "))
        #expect(monitor.answer("xp /1dg 0xfffffffff") == "xp: an address such as 0x7c00 is expected\r\n")
        #expect(monitor.answer("xp /1dg 0xfffffffc").hasPrefix("00000000fffffffc: "))
        #expect(monitor.answer("nope") == "unknown command: 'nope'\r\n")
        #expect(monitor.answer("info nope") == "unknown command: 'info nope'\r\n")
        #expect(monitor.answer("sendkey zz") == "invalid parameter: zz\r\n")
        #expect(monitor.answer("sendkey ctrl-a 20") == "")
        #expect(monitor.answer("info registers").contains("CS =f000"))
        #expect(monitor.answer("savevm x").contains("--states"))
    }

    @Test func garbageIsToldOfAndDone() {
        agree()
        let good = "{\"execute\":\"query-name\",\"id\":7}\n"
        let bad = [
            "{\"execute\":\"query-status\" garbage}\n", "\u{1}\u{2}\n", "{\"execute\":\"a\nb\"}\n",
            String(repeating: "[", count: 1200) + "\n", "{{{{\n", "]\n", "{\"id\":1e999,\"execute\":\"stop\"}\n",
            "{\"id\":123456789012345678901234567890}\n", "{\"a\":1,\"a\":2}\n", "nonsense\n", "{\"a\":\"\\ud800\"}\n",
        ]
        for text in bad {
            let answer = ask(text)
            #expect(answer.hasPrefix("{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, "))
            #expect(ask(good).hasSuffix("\"id\": 7}\n"))
        }
        language.take([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D, 0x0A][...])
        #expect(ask("").contains("not UTF-8"))
        // A request may go over several lines, and two may stand on one.
        #expect(ask("{\n \"execute\":\n \"query-name\"\n}").hasPrefix("{\"return\""))
        #expect(ask(good.dropLast() + good).split(separator: "\n").count == 2)
        for _ in 0..<20 { language.take([UInt8](repeating: 0x20, count: 65536)[...]) }
        #expect(ask(good).hasSuffix("\"id\": 7}\n"))
        language.take(Array("{\"a\":\"".utf8)[...])
        for _ in 0..<17 { language.take([UInt8](repeating: 0x61, count: 65536)[...]) }
        #expect(ask("\n").contains("longer than 1 MB"))
        #expect(ask(good).hasSuffix("\"id\": 7}\n"))
    }

    @Test func mutatedRequestsNeverTrap() {
        agree()
        let seeds = [
            "{\"execute\":\"send-key\",\"arguments\":{\"keys\":[{\"type\":\"qcode\",\"data\":\"a\"}],"
                + "\"hold-time\":-1e3}}\n",
            "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":[{\"type\":\"rel\",\"data\":"
                + "{\"axis\":\"x\",\"value\":-9223372036854775808}}]}}\n",
            "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"xp /8xg 0xfffffff9\"}}\n",
            "{\"a\":[true,false,null,\"\\u00e9\\ud83d\\ude00\",0.5E-3,{}]}\n",
        ].map { Array($0.utf8) }
        var state: UInt64 = 88_172_645_463_325_252
        func random(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        for round in 0..<4000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...random(4) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(random(256))
                case 1: bytes.remove(at: random(bytes.count))
                default: bytes.insert(bytes[random(bytes.count)], at: random(bytes.count))
                }
            }
            // A file must not come from a test: no mutation makes these names of one.
            language.take(bytes[...])
            while language.answerNext() != nil {}
        }
        for _ in 0..<70 { _ = ask("]}\"\n") }
        #expect(ask("\n{\"execute\":\"query-version\"}\n").contains("\"major\": 7"))
    }
}
