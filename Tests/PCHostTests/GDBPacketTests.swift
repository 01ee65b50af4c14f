import Testing

@testable import PCHost

@Suite struct GDBPacketTests {
    private func events(_ bytes: some Sequence<UInt8>) -> [GDBPacketReader.Event] {
        var reader = GDBPacketReader()
        return bytes.compactMap { reader.take($0) }
    }

    private func events(_ text: String) -> [GDBPacketReader.Event] { events(text.utf8) }

    private func packet(_ text: String) -> GDBPacketReader.Event { .packet(Array(text.utf8)) }

    @Test func theFrameHasAChecksum() {
        #expect(GDBPacket.frame(Array("OK".utf8)) == Array("$OK#9a".utf8))
        #expect(GDBPacket.frame([]) == Array("$#00".utf8))
    }

    @Test func packetsAreFound() {
        #expect(events("+$OK#9a+$#00") == [packet("OK"), packet("")])
        #expect(events("$OK#9A") == [packet("OK")])
    }

    @Test func whatIsDamagedIsTold() {
        #expect(events("$OK#9b$OK#9a") == [.damaged, packet("OK")])
        #expect(events("$OK#x9$OK#9z") == [.damaged, .damaged])
    }

    /// A packet that broke off does not take the next one with it.
    @Test func aPacketBreaksOff() { #expect(events("$qSupp$OK#9a") == [packet("OK")]) }

    @Test func controlBytesCountBetweenPackets() {
        #expect(events([3, 45]) == [.interrupt, .rejected])
        #expect(events(GDBPacket.frame([3, 45])) == [.packet([3, 45])])
    }

    @Test func aLongPacketIsRefused() {
        let most = GDBPacket.frame(Array(repeating: 65, count: GDBPacket.limit))
        let more = GDBPacket.frame(Array(repeating: 65, count: GDBPacket.limit + 1))
        #expect(events(most).map { $0 == .damaged } == [false])
        #expect(events(more) == [.damaged])
        #expect(events(more + Array("$OK#9a".utf8)) == [.damaged, packet("OK")])
        #expect(events(Array(repeating: UInt8(ascii: "A"), count: 100_000) + Array("$OK#9a".utf8)) == [packet("OK")])
    }

    @Test func binaryDataIsEscaped() {
        let all = Array(UInt8.min...UInt8.max)
        let escaped = GDBPacket.escaped(all)
        #expect(escaped.count == 256 + 4)
        #expect(GDBPacket.unescaped(escaped) == all)
        #expect(events(GDBPacket.frame(escaped)) == [.packet(escaped)])
        // An escape without a byte.
        #expect(GDBPacket.unescaped([65, 0x7D]) == [65])
    }

    @Test func fieldsAreRead() {
        var text = GDBPacketText("1F,abc:00ff".utf8)
        #expect(text.number() == 0x1F)
        #expect(text.number() == nil)
        #expect(text.skip(",") == true)
        #expect(text.skip(",") == false)
        #expect(text.number(UInt8.self) == nil)
        #expect(text.number(UInt16.self) == 0xABC)
        #expect(text.skip(":") == true)
        #expect(text.hexBytes() == [0, 0xFF])
        #expect(text.isAtEnd)
        var bad = GDBPacketText("0g".utf8)
        #expect(bad.hexBytes() == nil)
        var odd = GDBPacketText("012".utf8)
        #expect(odd.hexBytes() == nil)
        var large = GDBPacketText("123456789".utf8)
        #expect(large.number() == nil)
        var sign = GDBPacketText("-1".utf8)
        #expect(sign.number() == nil)
    }
}
