import Testing

@testable import PCHost

/// The files and folders that a run writes to, looked at before anything is opened.
@Suite struct BootFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ set: (inout BootOptions) -> Void) -> String? {
        var options = BootOptions()
        options.headless = true
        set(&options)
        do throws(BadInput) {
            _ = try BootPlan(
                options,
                surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
            return nil
        } catch {
            return error.message
        }
    }

    @Test func noFileIsWrittenTwice() throws {
        let (a, same) = (folder.path("a"), folder.path("./a"))
        let pairs: [(String, String, (inout BootOptions) -> Void)] = [
            ("--record", "--save", { ($0.save, $0.record) = (a, same) }),
            ("--state", "--save", { ($0.save, $0.state) = (a, a) }),
            ("--record", "--state", { ($0.record, $0.state) = (same, a) }),
            ("--screen", "--save", { ($0.save, $0.screen) = (a + ".txt", same + ".txt") }),
            ("--trace", "--record", { ($0.trace, $0.record) = (a, a) }),
            ("--debug-console", "--serial", { ($0.serial, $0.debugConsole) = ("file:" + a, "file:" + same) }),
            ("--parallel", "--trace", { ($0.parallel, $0.trace) = ("file:" + a, a) }),
            ("--save", "--overlay", { ($0.overlays, $0.save) = (["x=" + a], a) }),
            ("--trace", "--load", { ($0.load, $0.trace) = (a, a) }),
            ("--record", "--load", { ($0.load, $0.record) = (a, a) }),
            ("--save", "--replay", { ($0.replay, $0.save) = (a, same) }),
        ]
        for isThere in [false, true] {
            for name in ["a", "a.txt"] where isThere { _ = try folder.file(name, [1]) }
            for (later, earlier, set) in pairs {
                let told = refusal(set) ?? "taken"
                #expect(told.hasPrefix(later + " ") && told.contains("is the file of \(earlier) as well"), "\(told)")
            }
        }
    }

    @Test func whatGoesTogether() throws {
        let a = try folder.file("a", [1])
        #expect(refusal { ($0.load, $0.save) = (a, a) } == nil)
        #expect(refusal { ($0.load, $0.state) = (a, a) } == nil)
        #expect(refusal { ($0.save, $0.record) = (a, folder.path("b")) } == nil)
        #expect(refusal { ($0.serial, $0.debugConsole) = ("file:/dev/null", "file:/dev/null") } == nil)
        #expect(refusal { ($0.serial, $0.debugConsole) = ("stdio", "stdio") } == nil)
        #expect(refusal { ($0.save, $0.record) = ("no/such/x", "no/such/x") } == nil)
    }

    @Test func theFolderOfStates() throws {
        let file = try folder.file("a", [1])
        #expect(refusal { $0.states = folder.url.path } == "--states \(folder.url.path): only goes with --qmp")
        let said = { (path: String) in refusal { ($0.states, $0.qmp) = (path, ["q"]) } }
        #expect(said(folder.url.path) == nil)
        #expect(said(file) == "--states \(file): is no folder; name one")
        #expect(said(folder.path("none"))?.hasSuffix("none: No such file or directory; make it first") == true)
        #expect(said("/proc/self")?.contains("cannot be written to") == true)
        #expect(said("") != nil)
    }
}
