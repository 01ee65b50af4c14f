import Foundation
import PCCore
import Testing

@testable import PCHost

/// Machines that are killed while the guest writes to a disk with an overlay.
@Suite struct OverlayKillTests {
    /// Writes to sectors 1 to 2879 of drive A over and over; the n-th write fills its sector with n, a 16-bit number.
    /// Halts after 65,535 writes.
    static let writer: [UInt8] = [
        0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xD0,  // xor ax, ax; mov ds, es, ss, ax
        0xBC, 0x00, 0x7C, 0xFC, 0x31, 0xED,  // mov sp, 7C00h; cld; xor bp, bp
        0xBE, 0x01, 0x00,  // pass: mov si, 1
        0x45, 0x74, 0x36,  // next: inc bp; jz stop
        0x89, 0xE8, 0xB9, 0x00, 0x01, 0xBF, 0x00, 0x80, 0xF3, 0xAB,  // mov ax, bp; cx, 256; di, 8000h; rep stosw
        0x89, 0xF0, 0x31, 0xD2, 0xBB, 0x12, 0x00, 0xF7, 0xF3,  // mov ax, si; xor dx, dx; mov bx, 18; div bx
        0x42, 0x88, 0xD1, 0x31, 0xD2, 0xBB, 0x02, 0x00, 0xF7, 0xF3,  // inc dx; mov cl, dl; xor dx, dx; div by 2
        0x88, 0xC5, 0x88, 0xD6, 0xB2, 0x00,  // mov ch, al; mov dh, dl; mov dl, 0
        0xBB, 0x00, 0x80, 0xB8, 0x01, 0x03, 0xCD, 0x13,  // mov bx, 8000h; mov ax, 0301h; int 13h
        0x72, 0x09, 0x46, 0x81, 0xFE, 0x40, 0x0B,  // jc stop; inc si; cmp si, 2880
        0x72, 0xC9, 0xEB, 0xC4, 0xFA, 0xF4,  // jb next; jmp pass; stop: cli; hlt
    ]

    /// Of some number of writes, all are there and nothing else.
    private func check(_ disk: DiskImage) throws -> Int {
        let bytes = try disk.read(sectors: 0..<2880)
        let words = (1..<2880).map { Int(bytes[$0 * 512]) | Int(bytes[$0 * 512 + 1]) << 8 }
        let last = words.max() ?? 0
        for (index, word) in words.enumerated() {
            // The last of the writes up to `last` that went there.
            let expected = last > index ? last - (last - 1 - index) % 2879 : 0
            #expect(word == expected, "sector \(index + 1) after \(last) writes")
            let sector = bytes[(index + 1) * 512..<(index + 2) * 512]
            #expect(zip(sector, sector.dropFirst(2)).allSatisfy { $0 == $1 }, "sector \(index + 1) is mixed")
        }
        return last
    }

    @Test func killedWhileWriting() throws {
        let folder = try Folder()
        var content = Self.writer + [UInt8](repeating: 0, count: 1_474_560 - Self.writer.count)
        content.replaceSubrange(510..<512, with: [0x55, 0xAA])
        let image = try folder.file("a.img", content)
        let overlay = folder.path("a.ovl")
        var reached: [Int] = []
        for round in 0..<8 {
            try? FileManager.default.removeItem(atPath: overlay)
            let process = Process()
            process.executableURL = Tool.url
            process.arguments = ["boot", image, "--overlay", overlay, "--headless"]
            process.environment = Tool.base
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.launchUnblocked()
            // Until the first writes are there, then a while that differs.
            for _ in 0..<1000 where (try? folder.content("a.ovl").count) ?? 0 <= 96 { usleep(10_000) }
            usleep(UInt32(round * round * 9000 + round * 137))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let disk = try DiskImage(path: image, access: .overlay(overlay))
            reached.append(try check(disk))
            #expect(try folder.content("a.img") == content)
            if round == 7 {
                // All of it, committed in a process of its own.
                let expected = try disk.read(sectors: 0..<2880)
                try disk.close()
                let commit = try Tool.run(["overlay", "commit", overlay, image])
                #expect(commit.status == 0 && commit.errors.isEmpty, "\(commit.errors)")
                #expect(try folder.content("a.img") == expected)
            }
        }
        #expect(reached.contains { $0 > 100 }, "\(reached)")
    }

    @Test func theCommandLine() throws {
        let folder = try Folder()
        let image = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        let copy = try folder.file("b.img", [UInt8](repeating: 0, count: 163_840))
        let overlay = folder.path("a.ovl")
        do {
            let disk = try DiskImage(path: image, access: .overlay(overlay))
            try disk.write(sector: 5, [UInt8](repeating: 5, count: 512))
            let used = try Tool.run(["boot", image, "--overlay", overlay, "--headless", "--max-instructions", "10"])
            #expect(used.status == 2 && used.errorLines.count == 1 && used.errors.contains("\(overlay): is in use"))
            try disk.close()
        }
        let info = try Tool.run(["overlay", "info", overlay])
        #expect(info.status == 0 && info.output.contains(" 1 changed\n"))
        let wrong = try Tool.run(["overlay", "commit", copy, image])
        #expect(wrong.status == 2 && wrong.errors == "swift86: \(copy): is no overlay of swift86\n")
        let discard = try Tool.run(["overlay", "discard", overlay])
        #expect(discard.status == 0 && discard.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: overlay))
        #expect(try folder.content("a.img") == [UInt8](repeating: 0, count: 163_840))
    }
}
