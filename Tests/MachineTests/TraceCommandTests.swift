import Foundation
import PCHost
import Testing

@testable import PCCore

/// `boot --trace` and `swift86 compare`.
@Suite struct TraceCommandTests {
    private let folder: Folder
    private let rom: String

    init() throws {
        folder = try Folder()
        rom = try folder.file("bios.bin", TinyBIOS(TinyBIOS.work).image)
    }

    private func boot(_ arguments: String..., limit: String = "1000") throws -> Tool.Outcome {
        try Tool.run(["--headless", "--bios", rom, "--max-instructions", limit, "--hash"] + arguments)
    }

    private func lines(_ name: String) throws -> [String] {
        try folder.text(name).split(separator: "\n").map(String.init)
    }

    @Test func theLineHasItsFields() throws {
        let outcome = try boot("--trace", folder.path("a.txt"))
        #expect(outcome.status == 124)
        let lines = try lines("a.txt")
        #expect(lines.count == 1001)
        #expect(lines[0] == "# swift86 trace 1: count, CS:EIP, bytes, instruction, changes")
        let fields = lines[2].split(separator: "\t", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        #expect(fields == ["2", "F000:0000", "31C0", "xor ax, ax", "eflags=00000046"])
    }

    @Test func theHashIsTheSame() throws {
        let plain = try boot(limit: "300000")
        let traced = try boot("--trace", "/dev/null", limit: "300000")
        let some = try boot("--trace", "/dev/null", "--trace-from", "1000", "--trace-count", "77", limit: "300000")
        #expect(plain.output == traced.output)
        #expect(plain.output == some.output)
    }

    /// Boots with interrupts, REP and device time.
    @Test(arguments: Guest.present, [CPUModel.i8086, .i80286, .pentiumII])
    func tracedMachinesAreEqual(_ guest: Guest, cpu: CPUModel) {
        let plain = BootRun(guest, cpu: cpu, length: 0.05)
        let traced = BootRun(guest, cpu: cpu, length: 0.05)
        let trace = InstructionTrace(model: cpu) { _ in }
        traced.pc.trace(to: trace)
        plain.finish()
        traced.finish()
        trace.finish()
        #expect(trace.lineCount > 1000)
        #expect(trace.count == traced.pc.instructionCount)
        #expect(plain.pc.canonicalState() == traced.pc.canonicalState())
    }

    @Test func slicesDoNotMatter() {
        var texts: [[Substring]] = []
        for seed: UInt64 in 0...2 {
            let run = BootRun(.demoDisk, length: 0.02)
            var bytes: [UInt8] = []
            let trace = InstructionTrace(model: .i80486) { bytes += $0 }
            run.pc.trace(to: trace)
            if seed == 0 { run.finish() } else { run.finishInSlices(seed: seed) }
            trace.finish()
            texts.append(String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
        }
        for text in texts.dropFirst() {
            let difference = zip(texts[0], text).first { $0 != $1 }
            #expect(difference == nil)
            #expect(text.count == texts[0].count, "\(texts[0].last ?? "") \(text.last ?? "")")
        }
        #expect(texts[0].contains { $0.contains("rep ") })
    }

    @Test func filters() throws {
        _ = try boot("--trace", folder.path("a.txt"), "--trace-from", "11", "--trace-count", "5")
        #expect(try lines("a.txt").dropFirst().compactMap { Int($0.prefix(10).filter(\.isNumber)) } == Array(11...15))
        _ = try boot("--trace", folder.path("b.txt"), "--trace-range", "F000:0006-0007", "--trace-range", "0xF0009")
        #expect(
            Set(try lines("b.txt").dropFirst().map { $0.split(separator: "\t")[1] }) == ["F000:0006", "F000:0009"])
        let outcome = try Tool.run([
            "--headless", "--bios", rom, "--max-instructions", "3", "--trace", "-", "--trace-range",
            "F000:0000-F000:FFEF",
        ])
        #expect(outcome.output.split(separator: "\n").count == 3)
    }

    @Test(arguments: [
        (["--trace", "/nowhere/x"], "/nowhere/x"), (["--trace", ""], "--trace"),
        (["--trace-count", "5"], "give --trace FILE"), (["--trace", "-", "--serial", "stdio"], "taken by --serial"),
        (["--trace", "/dev/null", "--trace-from", "0"], "--trace-from 0"),
        (["--trace", "/dev/null", "--trace-count", "x"], "--trace-count x"),
        (["--trace", "/dev/null", "--trace-range", "here"], "--trace-range here"),
        (["--trace", "/dev/null", "--trace-range", "5-3"], "ends before"),
        (["--trace", "/dev/null", "--trace-range", "F000:0-E000:0"], "one segment"),
    ])
    func badInput(arguments: [String], part: String) throws {
        let outcome = try Tool.run(["--headless", "--bios", rom, "--max-instructions", "5"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(part), "\(outcome.errors)")
    }

    @Test func aFullDiskIsTold() throws {
        let outcome = try boot("--trace", "/dev/full")
        #expect(outcome.status == 124)
        #expect(outcome.errors.contains("--trace"))
    }

    // MARK: compare

    private func trace(_ name: String, _ code: [UInt8], _ limit: String = "100") throws -> String {
        let rom = try folder.file("\(name).bin", TinyBIOS(code).image)
        let path = folder.path(name)
        _ = try Tool.run(["--headless", "--bios", rom, "--max-instructions", limit, "--trace", path])
        return path
    }

    @Test func equalTraces() throws {
        let (a, b) = (try trace("a", TinyBIOS.work), try trace("b", TinyBIOS.work))
        let outcome = try Tool.run(["compare", a, b])
        #expect(outcome.status == 0)
        #expect(outcome.output == "same: 100 lines\n")
    }

    @Test func theFirstDifferenceIsNamed() throws {
        let a = try trace("a", [0xB8, 0x01, 0x00, 0x40, 0x40] + TinyBIOS.loop)
        let b = try trace("b", [0xB8, 0x02, 0x00, 0x48, 0x40] + TinyBIOS.loop)
        let outcome = try Tool.run(["compare", "--context", "1", a, b])
        #expect(outcome.status == 1)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "different: line 3, count 2: the bytes are B80100 and B80200", "\(lines)")
        #expect(lines.dropFirst().map { $0.prefix(2) } == ["  ", "< ", "< ", "> ", "> "])
        // inc ax at another value
        let c = try trace("c", [0xB8, 0x01, 0x00, 0x40] + TinyBIOS.loop)
        let text = try folder.text("c")
        let other = try folder.file("d", Array(text.replacing("eax=00000002", with: "eax=00000003").utf8))
        let changed = try Tool.run(["compare", c, other])
        #expect(
            changed.output.hasPrefix(
                "different: line 4, count 3: eax=00000002 in the first, eax=00000003 in the second\n"),
            "\(changed.output)")
        #expect(try Tool.run(["compare", "--ignore", "eax,eflags", c, other]).status == 0)
        #expect(try Tool.run(["compare", "--ignore", "ebx", c, other]).status == 1)
    }

    @Test func aShorterTraceDiffers() throws {
        let (a, b) = (try trace("a", TinyBIOS.work, "50"), try trace("b", TinyBIOS.work, "60"))
        let outcome = try Tool.run(["compare", a, b])
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("different: line 52, the first ends after 50 lines\n"), "\(outcome.output)")
        // The count alone may differ.
        let text = try folder.text("a").replacing(" 1\tF000", with: " 7\tF000")
        let c = try folder.file("c", Array(text.utf8))
        #expect(try Tool.run(["compare", a, c]).status == 1)
        #expect(try Tool.run(["compare", "--ignore", "count", a, c]).status == 0)
    }

    @Test func badTraces() throws {
        let good = try trace("a", TinyBIOS.work)
        let text = try folder.file("text", Array("no trace\n".utf8))
        let empty = try folder.file("empty", [])
        for (arguments, part) in [
            ([good, "/nowhere/x"], "No such file"), ([good, folder.url.path], "directory"), ([good, text], "line 1"),
            ([empty, empty], "empty"), (["-", "-"], "only one"), ([good, good, "--context", "x"], "--context x"),
            ([good, good, "--ignore", "zmm0"], "--ignore zmm0"), ([good], "second"),
        ] {
            let outcome = try Tool.run(["compare"] + arguments)
            #expect(outcome.status == 2)
            #expect(outcome.errorLines.count == 1 && outcome.errors.contains(part), "\(outcome.errors)")
        }
    }
}
