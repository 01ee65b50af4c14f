import Testing

@testable import PCHost

@Suite struct DebuggerSymbolTests {
    private func symbols(_ text: String, base: UInt32 = 0) -> [SymbolTable.Symbol] {
        MapSymbols.read(Array(text.utf8), base: base)
    }

    @Test func watcom() {
        let map = """
            Open Watcom Linker Version 2.0
            Segment                Class          Group          Address         Size
            =======                =====          =====          =======         ====
            _TEXT                  CODE           AUTO           0000:0000       000001c3

            Address        Symbol
            =======        ======

            Module: hello.obj(hello.c)
            0000:0010+     main_
            0000:0123*     unused_
            0012:0004s     local
            Entry point address: 0000:0000
            """
        #expect(
            symbols(map, base: 0x10000) == [
                .init("main_", 0x10010), .init("unused_", 0x10123), .init("local", 0x10124),
            ])
    }

    @Test func borlandAndMicrosoft() {
        let map = """
             Start  Stop   Length Name               Class
             00000H 00012H 00013H _TEXT              CODE

             Detailed map of segments
             0000:0000 0013 C=CODE   S=_TEXT  G=(none)  M=X.ASM

              Address         Publics by Name

             0000:0005       _print
             0000:0040  Abs  LIMIT
             0002:0000  idle _data

            Program entry point at 0000:0000
            Line numbers for x.obj(X.C) segment _TEXT
                12 0000:0003    13 0000:0007
            """
        #expect(
            symbols(map, base: 0x1000) == [
                .init("_print", 0x1005), .init("LIMIT", 0x40), .init("_data", 0x1020),
            ])
    }

    @Test func nasmAndNMAndLD() {
        let map = """
            - NASM Map file ---------------------------------------------------------------
            Section           Vstart            Start             Stop              Length
            Real              Virtual           Name
                        7C00              7C00  start
                        7C1E              7C1E  print.next
            """
        #expect(symbols(map) == [.init("start", 0x7C00), .init("print.next", 0x7C1E)])
        #expect(symbols("7C00 7C00 start") == [], "the heading is missing")
        let kernel = symbols("c0100000 T _stext\nffffffffc0100010 t x")
        #expect(kernel == [.init("_stext", 0xC010_0000), .init("x", 0xC010_0010)])
        #expect(symbols("                0x00007c00                start") == [.init("start", 0x7C00)])
        #expect(symbols(" 0001:00000010  _main  00401010 f  main.obj") == [.init("_main", 0x40_1010)])
    }

    /// A file with one symbol table and its names.
    private func elf(_ symbols: [(name: String, value: UInt32, type: UInt8, section: UInt16)]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (UInt32($0) * 8)) } }
        func half(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
        var names: [UInt8] = [0]
        var table = [UInt8](repeating: 0, count: 16)
        for symbol in symbols {
            table += word(UInt32(names.count)) + word(symbol.value) + word(0) + [symbol.type, 0] + half(symbol.section)
            names += Array(symbol.name.utf8) + [0]
        }
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
        file += half(2) + half(3) + word(1) + word(0) + word(0) + word(52) + word(0)
        file += half(52) + half(0) + half(0) + half(40) + half(3) + half(0)
        let tableAt = UInt32(52 + 3 * 40)
        let namesAt = tableAt + UInt32(table.count)
        file += [UInt8](repeating: 0, count: 40)
        file += word(0) + word(2) + word(0) + word(0) + word(tableAt) + word(UInt32(table.count)) + word(2)
        file += word(0) + word(0) + word(16)
        file += word(0) + word(3) + word(0) + word(0) + word(namesAt) + word(UInt32(names.count)) + word(0)
        file += word(0) + word(0) + word(0)
        return file + table + names
    }

    private var sample: [UInt8] {
        elf([
            ("main", 0x1000, 0x12, 1), ("counter", 0x2000, 0x11, 2), ("x.c", 0, 4, 0xFFF1), ("extern", 5, 0x10, 0),
            ("LIMIT", 0x64, 0x10, 0xFFF1), ("evil\u{1B}[2J", 0x3000, 0x12, 1),
        ])
    }

    @Test func elfFiles() throws {
        #expect(
            try ELFSymbols.read(sample, base: 0x10_0000, path: "x") == [
                .init("main", 0x10_1000), .init("counter", 0x10_2000), .init("LIMIT", 0x64),
                .init("evil?[2J", 0x10_3000),
            ])
    }

    @Test func filesOfOtherKindsAreRefused() throws {
        let folder = try TemporaryFolder()
        var wide = sample
        wide[4] = 2
        for bytes in [wide, Array("nothing here".utf8), [], Array(sample.prefix(60))] {
            let path = try folder.file("x", bytes)
            #expect(throws: BadInput.self) { try SymbolFile.read(path, base: 0) }
        }
        #expect(throws: BadInput.self) { try SymbolFile.read(folder.path("missing"), base: 0) }
        #expect(try SymbolFile.read(folder.file("x", sample), base: 0).count == 4)
    }

    @Test func damagedFilesDoNoHarm() {
        var random = Lehmer(seed: 3)
        for _ in 0..<5000 {
            var bytes = sample
            for _ in 0..<(1 + random.next() % 6) {
                let byte = random.next() % 3 == 0 ? 0xFF : UInt8(random.next() & 0xFF)
                bytes[4 + Int(random.next()) % (bytes.count - 4)] = byte
            }
            bytes.removeLast(Int(random.next() % 40))
            _ = try? ELFSymbols.read(bytes, base: 0, path: "x")
        }
        let map = Array("0000:0010+ main_\n7C00 7C00 start\nc0100000 T x\n0x10 y\n0001:00000010 a 00401010 f".utf8)
        for _ in 0..<5000 {
            var bytes = map
            for _ in 0..<(1 + random.next() % 6) {
                bytes[Int(random.next()) % bytes.count] = UInt8(random.next() & 0xFF)
            }
            _ = MapSymbols.read(bytes, base: .max)
        }
    }

    /// Wherever a file breaks off, and whatever number of things its fields promise.
    @Test func filesThatBreakOff() throws {
        let folder = try TemporaryFolder()
        func attempt(_ bytes: [UInt8]) throws {
            do throws(BadInput) {
                _ = try SymbolFile.read(try! folder.file("x", bytes), base: 0)
            } catch {
                #expect(!error.message.contains("\n") && error.message.hasPrefix(folder.path("x")))
            }
        }
        for count in 0..<sample.count { try attempt(Array(sample.prefix(count))) }
        for place in stride(from: 4, to: 52 + 3 * 40, by: 2) {
            for fill: UInt8 in [0xFF, 0x7F, 0x80, 0] {
                var bytes = sample
                for i in 0..<4 where place + i < bytes.count { bytes[place + i] = fill }
                try attempt(bytes)
            }
        }
        let map = Array("0000:0010+ main_\r\n7C00 7C00 start\nc0100000 T x\n0x10 y\n".utf8)
        for count in 0..<map.count { try attempt(Array(map.prefix(count))) }
        for line in [
            String(repeating: "0", count: 100_000), String(repeating: "0:", count: 50_000),
            String(repeating: "x ", count: 50_000), "0000:0010 " + String(repeating: "n", count: 5000),
            String(repeating: "\u{0}", count: 10_000), "c0100000 T \u{1B}[2J", "FFFFF:FFFFFFFF x", "00000:FFFF x",
        ] { try attempt(Array(line.utf8)) }
    }

    /// Names that lie over each other would be far more than the file.
    @Test func manyLongNamesAreNotKept() throws {
        let many = 200_000
        var file = elf(Array(repeating: ("x", 1, 0x12, 1), count: 1))
        // One table over the rest of the file, of names and symbols at once.
        let entry: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0, 1, 0]
        let tableAt = file.count
        for _ in 0..<many { file += entry }
        let namesAt = file.count
        file += [0] + [UInt8](repeating: 0x61, count: 1024) + [0]
        func put(_ value: Int, _ place: Int) {
            for i in 0..<4 { file[place + i] = UInt8(truncatingIfNeeded: value >> (i * 8)) }
        }
        put(tableAt, 52 + 40 + 16)
        put(namesAt - tableAt, 52 + 40 + 20)
        put(namesAt, 52 + 80 + 16)
        put(1026, 52 + 80 + 20)
        let symbols = try ELFSymbols.read(file, base: 0, path: "x")
        #expect(symbols.map(\.name.utf8.count).reduce(0, +) <= SymbolFile.mostText)
        #expect(symbols.count > 1000)
    }

    /// However many stand at one address, the table is made in a moment.
    @Test(.timeLimit(.minutes(1))) func manySymbolsAtOneAddress() {
        var table = SymbolTable()
        let many = (0..<200_000).map { SymbolTable.Symbol("s\($0)", 0x1000) }
        table.add(many)
        table.add(many)
        #expect(table.count == many.count)
        #expect(table.name(of: 0x1001) == "s0+1")
        #expect(table.symbols.map(\.name) == many.map(\.name))
    }

    @Test func namesOfAddresses() {
        var table = SymbolTable()
        table.add([.init("start", 0x7C00), .init("print", 0x7C20), .init("start", 0x7C00), .init("alias", 0x7C20)])
        table.add([.init("main", 0x2_0000), .init("Print", 0x9000)])
        #expect(table.count == 5)
        #expect(table.name(of: 0x7C00) == "start")
        #expect(table.name(of: 0x7C1F) == "start+1F")
        #expect(table.name(of: 0x7C20) == "print")
        #expect(table.name(of: 0x7BFF) == nil)
        #expect(table.name(of: 0x2_FFFF) == "main+FFFF")
        #expect(table.name(of: 0x3_0000) == nil)
        #expect(table.address(of: "print") == 0x7C20)
        #expect(table.address(of: "Print") == 0x9000)
        #expect(table.address(of: "MAIN") == 0x2_0000)
        #expect(table.address(of: "nobody") == nil)
    }
}
