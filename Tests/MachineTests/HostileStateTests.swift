import Foundation
import PCCore
import PCHost
import Testing

/// States that no machine has saved: each is refused, or the machine runs on, shows a picture and can be saved again.
///
/// `SWIFT86_HOSTILE=N swift test -c release --filter HostileStateTests` tries N of each machine and tells their numbers.
@Suite(.timeLimit(.minutes(20))) struct HostileStateTests {
    /// A machine, and what it is busy with when it is saved.
    enum Subject: String, CaseIterable, CustomTestStringConvertible {
        case i8086 = "an 8086 with the demo disk"
        case i386 = "a 386 with the demo disk"
        case pentiumII = "a Pentium II with PCI"
        case planar = "mode 12h"
        case vbe = "a VBE mode"
        case packet = "a CD command under way"
        case floppy = "a floppy command under way, in real time"

        var testDescription: String { rawValue }

        var machine: PC {
            var configuration = PCConfiguration()
            configuration.cpu = self == .i8086 ? .i8086 : self == .i386 ? .i80386 : .pentiumII
            configuration.memory = 1 << 20
            configuration.rate = 30_000_000
            configuration.bios = Firmware.bios
            configuration.vgaBIOS = Firmware.vgaBIOS
            configuration.hasPrinter = true
            configuration.mouse = self == .i386 ? .com1 : .ps2
            configuration.realDiskTiming = self == .floppy
            var disk = Firmware.demoDisk
            if let code {
                let sector = code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
                disk = MemoryDisk(sector + [UInt8](repeating: 0, count: 163_840 - 512))
            }
            configuration.floppies[0] = ChangeTrackingDisk(disk, discardsWrites: true)
            configuration.disks[0] = ChangeTrackingDisk(
                MemoryDisk([UInt8](repeating: 0, count: 516_096)), discardsWrites: true)
            configuration.cdroms[2] = CDROMDrive(Disc())
            return PC(configuration)
        }

        /// What the boot sector does in place of the demo.
        private var code: [UInt8]? {
            switch self {
            case .i8086, .i386, .pentiumII: nil
            // MOV AX,12h; INT 10h; STI; HLT; JMP $-1
            case .planar: [0xB8, 0x12, 0x00, 0xCD, 0x10, 0xFB, 0xF4, 0xEB, 0xFD]
            // MOV AX,4F02h; MOV BX,4101h; INT 10h; STI; HLT; JMP $-1
            case .vbe: [0xB8, 0x02, 0x4F, 0xBB, 0x01, 0x41, 0xCD, 0x10, 0xFB, 0xF4, 0xEB, 0xFD]
            // PACKET at the second channel, READ(10) of four sectors in blocks of 2,048 bytes, of which none is taken.
            case .packet:
                [
                    0x31, 0xC0, 0x8E, 0xD8, 0xBA, 0x76, 0x01, 0xB0, 0x00, 0xEE, 0xBA, 0x74, 0x01, 0xB0, 0x00, 0xEE,
                    0xBA, 0x75, 0x01, 0xB0, 0x08, 0xEE, 0xBA, 0x77, 0x01, 0xB0, 0xA0, 0xEE, 0xEC, 0xA8, 0x08, 0x74,
                    0xFB, 0xBA, 0x70, 0x01, 0xBE, 0x2E, 0x7C, 0xB9, 0x06, 0x00, 0xF3, 0x6F, 0xEB, 0xFE,
                    0x28, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0,
                ]
            // Reads cylinder 0 and cylinder 30 by turns: XOR SI,SI; ES=0; MOV AX,0208h; MOV BX,8000h; XOR SI,1E00h;
            // MOV CX,SI; INC CX; XOR DX,DX; INT 13h; again.
            case .floppy:
                [
                    0x31, 0xF6, 0x8E, 0xC6, 0xB8, 0x08, 0x02, 0xBB, 0x00, 0x80, 0x81, 0xF6, 0x00, 0x1E, 0x89, 0xF1,
                    0x41, 0x31, 0xD2, 0xCD, 0x13, 0xEB, 0xED,
                ]
            }
        }
    }

    /// A small CD.
    private final class Disc: BlockDevice {
        let sectorSize = 2048
        let sectorCount = 64
        let isReadOnly = true
        func read(sector: Int) throws(BlockError) -> [UInt8] {
            guard (0..<sectorCount).contains(sector) else { throw .outOfRange }
            return [UInt8](repeating: UInt8(sector), count: 2048)
        }
        func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .writeProtected }
        func flush() throws(BlockError) {}
    }

    private static let asked = ProcessInfo.processInfo.environment["SWIFT86_HOSTILE"].flatMap { Int($0) }

    /// `SWIFT86_HOSTILE_FROM`: the first that is tried.
    private static let first = ProcessInfo.processInfo.environment["SWIFT86_HOSTILE_FROM"].flatMap { Int($0) }

    @Test(arguments: Subject.allCases) func nothingTraps(_ subject: Subject) throws {
        let pc = subject.machine
        _ = pc.run(until: 45_000_000)
        let good = pc.save()
        let count = Self.asked ?? 60
        var taken = 0
        for number in (Self.first ?? 0)..<count {
            var random = SeededGenerator(seed: UInt64(number) &* 7919 &+ UInt64(subject.rawValue.utf8.count))
            var state = good
            for _ in 0..<Int.random(in: 1...16, using: &random) {
                let place = Int.random(in: 0..<state.board.count, using: &random)
                let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &random)]
                state.board[place] = values.randomElement(using: &random) ?? 0
            }
            if Self.asked != nil { FileHandle.standardError.write(Data("\(subject.rawValue) \(number)\n".utf8)) }
            do {
                try pc.load(state)
            } catch {
                continue
            }
            taken += 1
            _ = pc.run(until: pc.now &+ 3_000_000, atMost: 200_000)
            _ = pc.frame()
            _ = pc.textScreen
            // What it has come to is a state that a machine has.
            let again = pc.save()
            #expect(throws: Never.self, "\(number)") { try pc.load(again) }
        }
        if Self.first == nil { #expect(taken > count / 4) }
    }
}
