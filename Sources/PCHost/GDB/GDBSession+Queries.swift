import PCCore

/// The packets with a name: `q`, `Q` and `v`.
extension GDBSession {
    private static let features = [
        "PacketSize=\(String(GDBPacket.limit, radix: 16))", "QStartNoAckMode+", "qXfer:features:read+",
        "vContSupported+",
        "swbreak+", "hwbreak+", "ReverseStep+", "ReverseContinue+",
    ]

    func query(_ packet: GDBPacketText) -> Answer {
        var text = packet
        if text.skip("qSupported") {
            let theirs = text.text.split { $0 == ":" || $0 == ";" }
            knowsBreakFields = theirs.contains("swbreak+") && theirs.contains("hwbreak+")
            return .text(Self.features.joined(separator: ";"))
        }
        if text.skip("qXfer:features:read:") { return describe(&text) }
        if text.skip("qRcmd,") {
            guard let line = text.hexBytes() else { return .invalid }
            let output = monitor(String(decoding: line, as: UTF8.self))
            return output.isEmpty ? .ok : .text(GDBPacket.hex(output.utf8.prefix(GDBPacket.limit / 2)))
        }
        switch packet.text {
        case "QStartNoAckMode":
            acknowledges = false
            return .ok
        case "qC": return .text("QC1")
        case "qfThreadInfo": return .text("m1")
        case "qsThreadInfo": return .text("l")
        case "qThreadExtraInfo,1": return .text(GDBPacket.hex("CPU".utf8))
        // The machine was there before the client, and stays when it leaves.
        case "qAttached": return .text("1")
        default: return .unknown
        }
    }

    func verb(_ packet: GDBPacketText) -> Answer {
        var text = packet
        if packet.text == "vCont?" { return .text("vCont;c;C;s;S") }
        if text.skip("vCont") { return continueBy(text) }
        if text.skip("vKill;") {
            leave(.killed)
            return .ok
        }
        // `vMustReplyEmpty` among them.
        return .unknown
    }

    /// A part of the target description. Which code the machine runs is looked at when its first part is read.
    private func describe(_ text: inout GDBPacketText) -> Answer {
        guard text.skip("target.xml:") else { return .text("E00") }
        guard let offset = text.number(), text.skip(","), let count = text.number(), text.isAtEnd else {
            return .invalid
        }
        if offset == 0 || description.isEmpty {
            let architecture = architecture ?? GDBTargetDescription.Architecture(target.pc.cpu)
            description = Array(GDBTargetDescription(architecture: architecture).xml.utf8)
        }
        let rest = description.dropFirst(Int(offset))
        // Escapes may double a byte.
        let part = rest.prefix(min(Int(count), GDBPacket.limit / 2 - 1))
        return .data([UInt8(ascii: part.count < rest.count ? "m" : "l")] + GDBPacket.escaped(part))
    }
}
