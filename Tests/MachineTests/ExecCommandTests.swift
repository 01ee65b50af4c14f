import Foundation
import Testing

/// `swift86 exec`: what it prints, and what it refuses.
@Suite struct ExecCommandTests {
    private func exec(_ arguments: String..., input: String = "") throws -> Tool.Outcome {
        try Tool.run(["exec"] + arguments, input: input)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let outcome = try Tool.run(["exec", "--json"] + arguments)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func theExampleOfTheIssue() throws {
        let outcome = try exec(
            "--hex", "B8 34 12", "--cpu", "386", "--mode", "real", "--at", "1000:0", "--set", "ax=0,flags=2", "--mem",
            "0x2000=AABB", "--steps", "1")
        #expect(outcome.status == 0)
        #expect(
            outcome.output == """
                end         steps
                steps       1
                eax         00000000 -> 00001234
                eip         00000000 -> 00000003
                eflags      00000002  -

                """)
    }

    @Test func memoryAndFlagsAreTold() throws {
        let outcome = try exec(
            "--cpu", "286", "--hex", "00 06 00 20", "--set", "al=0x56", "--mem", "0x2000=AA", "--show", "ax,0x2000+2")
        #expect(
            outcome.output == """
                end         reached
                steps       1
                ip          1000 -> 1004
                flags       0002 -> 0057  ZF AF PF CF
                memory      00002000  AA -> 00
                show        ax 0056
                show        0x2000+2 0000

                """)
    }

    @Test func jsonHasItsKeys() throws {
        let result = try json(
            "--hex", "8907 F4", "--cpu", "386", "--set", "bx=0x2000,ax=0x1234", "--show", "ax,0x2000+2", "--trace")
        #expect(
            Set(result.keys) == [
                "cpu", "mode", "end", "steps", "exception", "registers", "flags", "changed", "memory", "show", "trace",
            ])
        #expect(result["end"] as? String == "halted")
        #expect(result["steps"] as? Int == 2)
        #expect(result["exception"] is NSNull)
        #expect((result["registers"] as? [String: Any])?["eax"] as? Int == 0x1234)
        let changed = result["changed"] as? [String: [String: Int]]
        #expect(changed == ["eip": ["before": 0x1000, "after": 0x1003]])
        let memory = try #require((result["memory"] as? [[String: Any]])?.first)
        #expect(memory["address"] as? Int == 0x2000)
        #expect(memory["before"] as? String == "0000")
        #expect(memory["after"] as? String == "3412")
        #expect((result["show"] as? [String: Any])?["0x2000+2"] as? String == "3412")
        #expect((result["trace"] as? [String])?.count == 2)
    }

    @Test func exceptionsAreCaught() throws {
        let fault = try exec("--hex", "A1 00 20 00 00", "--mode", "protected32", "--set", "ds.limit=0x1FFF")
        #expect(fault.status == 1)
        #expect(
            fault.output.hasPrefix("end         exception\nsteps       1\nexception   #GP(0000) at 0008:00001000\n"))
        let result = try json("--hex", "CD21")
        let exception = try #require(result["exception"] as? [String: Any])
        #expect(exception["name"] as? String == "INT 21h")
        #expect(exception["vector"] as? Int == 0x21)
        #expect(exception["errorCode"] is NSNull)
        #expect(exception["at"] as? String == "0000:1002")
    }

    /// The gates lead to one HLT each.
    @Test func exceptionsAreDelivered() throws {
        for (mode, place) in [("real", "F000:0007"), ("protected16", "0090:3007"), ("protected32", "0090:00003007")] {
            let outcome = try exec(
                "--hex", "0F0B", "--mode", mode, "--deliver", "--trace", "--set", "ax=1", "--show", "cs")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("#UD"))
            let invalid = place.replacingOccurrences(
                of: "7", with: "6", range: place.range(of: "7", options: .backwards))
            #expect(outcome.output.contains("\t\(invalid)\tF4"), "\(outcome.output)")
        }
    }

    @Test func segmentRegistersCanBeReloaded() throws {
        // mov ax, 10h / mov ds, ax / jmp far 8:1010h
        let outcome = try exec("--hex", "66B81000 8ED8 EA10100000 0800", "--mode", "protected32", "--until", "0x1010")
        #expect(outcome.status == 0, "\(outcome.output)")
        let inner = try exec("--hex", "66B84300 8ED8", "--mode", "protected32", "--cpl", "3", "--steps", "2")
        #expect(inner.status == 0, "\(inner.output)")
    }

    @Test func floatingPointAndMMX() throws {
        let sum = try exec("--hex", "DCC1 0F77", "--set", "st0=1.5,st1=0x40008000000000000000", "--steps", "1")
        #expect(sum.output.contains("st1         40008000000000000000 -> 4000E000000000000000\n"), "\(sum.output)")
        let mmx = try exec("--hex", "0FFEC1", "--set", "mm0=0x0000000100000002,mm1=0x0000000300000004")
        #expect(mmx.output.contains("mm0         0000000100000002 -> 0000000400000006\n"), "\(mmx.output)")
        let result = try json("--hex", "D9E8")
        #expect(
            (result["changed"] as? [String: [String: Any]])?["st0"]?["after"] as? String == "0x3FFF8000000000000000")
    }

    @Test func codeFromAFileAndFromStandardInput() throws {
        let folder = try Folder()
        let file = try folder.file("code.bin", [0x40, 0xF4])
        #expect(try exec(file).output.contains("eax         00000000 -> 00000001\n"))
        #expect(try exec("-", input: "@").output.contains("eax         00000000 -> 00000001\n"))
    }

    @Test func theStatusTellsTheEnd() throws {
        #expect(try exec("--hex", "EBFE", "--limit", "100").status == 124)
        #expect(try exec("--hex", "EBFE", "--steps", "100").status == 0)
        #expect(try exec("--hex", "F4", "--until", "0x1010").status == 1)
        #expect(try exec("--hex", "F4").status == 0)
        let shutDown = try exec(
            "--hex", "0F0B", "--mode", "protected32", "--deliver", "--set", "idtr.limit=0", "--steps", "9")
        #expect(shutDown.status == 3, "\(shutDown.output)")
    }

    @Test(arguments: [
        ([], "--hex"), (["--hex", "B8 3"], "pairs of hexadecimal"), (["--hex", ""], "no code"),
        (["--hex", "90", "x.bin"], "only one"), (["/nowhere/x"], "No such file"),
        (["--hex", "90", "--cpu", "z80"], "--cpu z80"), (["--hex", "90", "--mode", "long"], "--mode long"),
        (["--hex", "90", "--mode", "protected32", "--cpu", "286"], "has no such mode"),
        (["--hex", "90", "--cpl", "3"], "--cpl 3"), (["--hex", "90", "--cpl", "4"], "--cpl 4"),
        (["--hex", "90", "--set", "foo=1"], "called foo"), (["--hex", "90", "--set", "ax"], "NAME=VALUE"),
        (["--hex", "90", "--set", "ax=FFFF"], "must be a number"), (["--hex", "90", "--set", "al=256"], "8 bits"),
        (["--hex", "90", "--set", "cf=2"], "1 bits"),
        (["--hex", "90", "--cpu", "8086", "--set", "eax=1"], "has no eax"),
        (["--hex", "90", "--set", "st0=one"], "decimal number"), (["--hex", "90", "--set", "mm0=1"], "16 digits"),
        (["--hex", "90", "--mode", "protected32", "--set", "ds=0x900"], "no such descriptor"),
        (["--hex", "90", "--mem", "0x2000"], "ADDRESS=BYTES"), (["--hex", "90", "--mem", "0x2000=ABC"], "pairs"),
        (["--hex", "90", "--mem", "0xFFFFFFFF=00"], "does not fit"),
        (["--hex", "90", "--at", "here"], "--at here"), (["--hex", "90", "--at", "0x200000"], "FFFFFh"),
        (["--hex", "90", "--mode", "protected16", "--at", "0x10000"], "FFFFh"),
        (["--hex", "90", "--mode", "protected32", "--at", "0:0"], "code segment"),
        (["--hex", "90", "--steps", "0"], "--steps 0"), (["--hex", "90", "--limit", "x"], "--limit x"),
        (["--hex", "90", "--until", "x"], "--until x"), (["--hex", "90", "--show", "x"], "--show x"),
        (["--hex", "90", "--show", "0x0+0"], "--show 0x0+0"), (["--hex", "90", "--memory", "64K"], "128K"),
    ])
    func badInput(arguments: [String], part: String) throws {
        let outcome = try Tool.run(["exec"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(part), "\(outcome.errors)")
    }
}
