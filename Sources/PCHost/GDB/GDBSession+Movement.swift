import PCCore

/// Running, forwards and backwards, and how it is told that the machine has stopped.
extension GDBSession {
    private enum Signal {
        static let interrupt: UInt8 = 2
        static let trap: UInt8 = 5
        /// The CPU can do nothing more.
        static let abort: UInt8 = 6
    }

    /// The packet for a stop by `signal`.
    static func stop(_ signal: UInt8, _ field: String = "") -> String {
        "T\(GDBPacket.hex(signal))\(field)thread:1;"
    }

    /// `c` and `s`, after an address to go on from, if one is there.
    func go(_ text: inout GDBPacketText, _ movement: (GDBSession) -> Answer) -> Answer {
        if !text.isAtEnd {
            guard let address = text.number(), text.isAtEnd,
                let pc = GDBRegister.core.first(where: { $0.name == "eip" }),
                pc.write(LittleEndian.bytes(address), target)
            else { return .invalid }
        }
        return movement(self)
    }

    func resume() -> Answer { .text(told(target.resume { [self] in isInterrupted(.forwards) })) }

    func step() -> Answer { .text(told(target.step())) }

    /// `bc` and `bs`.
    func back(_ packet: String) -> Answer {
        switch packet {
        case "s": return .text(told(target.stepBack()))
        case "c":
            // It comes to stand before the access, where gdb finds the value from before it in what it watches.
            return .text(told(target.resumeBack { [self] in isInterrupted(.backwards) }))
        default: return .unknown
        }
    }

    /// `vCont` and its first action; there is one thread only.
    func continueBy(_ actions: GDBPacketText) -> Answer {
        var actions = actions
        guard actions.skip(";") else { return .invalid }
        if actions.skip("c") || actions.skip("C") { return resume() }
        if actions.skip("s") || actions.skip("S") { return step() }
        return .invalid
    }

    /// The packet that tells of an outcome.
    private func told(_ outcome: DebugTarget.Outcome) -> String {
        switch outcome {
        case .stepped: return Self.stop(Signal.trap)
        case .interrupted where target.session.isDead: return told(.ended(.haltedForEver))
        case .interrupted: return Self.stop(Signal.interrupt)
        case .startOfHistory: return Self.stop(Signal.trap, "replaylog:begin;")
        case .stopped(let hit): return told(hit)
        case .ended(let ending) where ending == .haltedForEver || ending == .shutdown:
            // There is something to look at, and a way back.
            if let message = ending.message { say(message + "\n") }
            return Self.stop(Signal.abort)
        case .ended(let ending):
            leave(.killed)
            let code = UInt8(truncatingIfNeeded: ending.status(wasAwaited: target.session.plan.untilText != nil).code)
            return "W\(GDBPacket.hex(code))"
        }
    }

    private func told(_ hit: StopHit) -> String {
        switch hit.cause {
        case .breakpoint(let address):
            guard knowsBreakFields, let point = points.breakpoint(at: address) else { return Self.stop(Signal.trap) }
            return Self.stop(Signal.trap, point.stopField(address))
        case .memory(let address, _, _, _, _, _, let watch):
            guard let point = points.watch(watch) else { return Self.stop(Signal.trap) }
            return Self.stop(Signal.trap, point.stopField(address))
        case .dma(_, let watch):
            guard let point = points.watch(watch) else { return Self.stop(Signal.trap) }
            say("a device has written there\n")
            return Self.stop(Signal.trap, point.stopField(point.address))
        case .port(let port, _, let isWrite, let value, _):
            let (port, value) = (String(port, radix: 16), String(value, radix: 16))
            say(isWrite ? "wrote 0x\(value) to port 0x\(port)\n" : "read 0x\(value) from port 0x\(port)\n")
            return Self.stop(Signal.trap)
        case .interrupt(let vector):
            say("interrupt 0x\(GDBPacket.hex(vector))\n")
            return Self.stop(Signal.trap)
        case .reset(let cause):
            say("\(Debugger.name(cause)) at \(String(hit.linear, radix: 16)); this is the reset vector\n")
            return Self.stop(Signal.trap)
        // Only `lastWriter` tells of sectors.
        case .sector: return Self.stop(Signal.trap)
        }
    }
}
