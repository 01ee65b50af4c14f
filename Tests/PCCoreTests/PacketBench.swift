import Testing

@testable import PCCore

/// A host that speaks to a CD-ROM drive by the registers, step by step as [ATA-4 9.10] has it.
extension IDEBench {
    /// What one packet led to.
    struct Answer {
        var status: UInt8
        var error: UInt8
        var data: [UInt8] = []
        /// The sizes of the blocks in which the data came.
        var blocks: [Int] = []

        var isGood: Bool { status & 0x01 == 0 }
        var senseKey: UInt8 { error >> 4 }
    }

    /// A channel with a CD-ROM drive as drive 0. Its reset has been seen unless `isFresh`.
    convenience init(disc: (any BlockDevice)?, isFresh: Bool = false, realTiming: Bool = false) {
        self.init(realTiming: realTiming)
        channel.attachCDROM(disc, drive: 0)
        if !isFresh { _ = packet([0x03, 0, 0, 0, 18]) }
    }

    /// A disc on which each byte of a sector is its number.
    static func disc(_ sectors: Int) -> MemoryDisk {
        MemoryDisk((0..<sectors).flatMap(discContent), sectorSize: 2048, isReadOnly: true)
    }

    static func discContent(_ sector: Int) -> [UInt8] {
        (0..<2048).map { UInt8(truncatingIfNeeded: sector &* 31 &+ $0 &+ $0 >> 8) }
    }

    /// Sends a packet up to the end of the packet phase.
    func send(_ bytes: [UInt8], limit: Int = 0xFFFE, features: UInt8 = 0) {
        out(6, 0xA0)
        out(1, features)
        out(2, 0)
        out(4, UInt8(limit & 0xFF))
        out(5, UInt8(limit >> 8))
        let before = edges
        out(7, 0xA0)
        wait()
        guard alternate & 0x08 != 0 else { return }
        #expect(input(2) & 0x03 == 0x01)
        // The drive said so in word 0 of IDENTIFY: no interrupt for the packet.
        #expect(edges == before)
        writeWords(bytes + [UInt8](repeating: 0, count: 12 - bytes.count))
    }

    /// Sends a packet, gives it `parameters`, and takes what comes.
    func packet(_ bytes: [UInt8], limit: Int = 0xFFFE, features: UInt8 = 0, parameters: [UInt8] = []) -> Answer {
        send(bytes, limit: limit, features: features)
        var answer = Answer(status: 0, error: 0)
        var given = 0
        // More blocks than any test has: a drive that never ends is a failure, not a test without an end.
        for _ in 0..<2000 {
            wait()
            #expect(irq)
            answer.status = status
            #expect(!irq)
            guard answer.status & 0x08 != 0 else { break }
            let count = Int(input(4)) | Int(input(5)) << 8
            answer.blocks.append(count)
            if input(2) & 0x03 == 0x02 {
                answer.data += readWords((count + 1) / 2).prefix(count)
            } else {
                #expect(input(2) & 0x03 == 0x00)
                writeWords(Array(parameters[given..<given + count]) + (count & 1 == 0 ? [] : [0]))
                given += count
            }
        }
        answer.error = input(1)
        #expect(input(2) & 0x03 == 0x03)
        return answer
    }

    /// Sense key, code and qualifier of the last failure.
    var sense: [UInt8] {
        let data = packet([0x03, 0, 0, 0, 18]).data
        return data.count == 18 ? [data[2], data[12], data[13]] : []
    }
}
