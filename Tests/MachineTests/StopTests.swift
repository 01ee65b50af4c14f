import Testing

@testable import PCCore

/// What ends a machine ends it after the instruction, however far away the next deadline is.
@Suite struct StopTests {
    private final class Listener: PCCore.Host {
        var text = ""
        func debugConsole(_ byte: UInt8) { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    }

    /// Runs code for a second of guest time in one piece.
    private func run(
        _ code: [UInt8], _ change: (inout PCConfiguration) -> Void = { _ in }
    ) -> (StopReason, text: String, instructions: UInt64) {
        let host = Listener()
        let pc = TinyBIOS(code).machine(change)
        pc.host = host
        let reason = pc.run(until: pc.slotsPerSecond)
        return (reason, host.text, pc.instructionCount)
    }

    @Test func debugExit() {
        let (reason, text, count) = run(TinyBIOS.exit(5) + TinyBIOS.say("A") + TinyBIOS.exit(7) + TinyBIOS.loop) {
            $0.debugExit = true
        }
        #expect(reason == .debugExit(5))
        #expect(text == "")
        // The jump to F000:0000, MOV and OUT.
        #expect(count == 3)
    }

    @Test func powerOff() {
        let (reason, text, _) = run(
            TinyBIOS.powerOff.dropLast(TinyBIOS.halt.count) + TinyBIOS.say("A") + TinyBIOS.loop)
        #expect(reason == .poweredOff)
        #expect(text == "")
    }

    /// Port 92h pulls the reset line.
    @Test func reset() {
        let (reason, text, _) = run([0xB0, 0x01, 0xE6, 0x92] + TinyBIOS.say("A") + TinyBIOS.loop) { $0.noReboot = true }
        #expect(reason == .shutdown)
        #expect(text == "")
    }
}
