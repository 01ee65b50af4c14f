import PCCore
import Testing

@testable import PCHost

@Suite struct DebuggerPlanTests {
    private static let terminal = DisplaySurroundings(hasWindow: true, hasDisplayServer: false, hasTerminal: true)
    private static let window = DisplaySurroundings(hasWindow: true, hasDisplayServer: true, hasTerminal: true)

    private func plan(
        _ surroundings: DisplaySurroundings = Self.terminal, _ change: (inout BootOptions) -> Void
    ) throws -> BootPlan {
        var options = BootOptions()
        options.debug = true
        change(&options)
        return try BootPlan(options, surroundings: surroundings)
    }

    @Test func whatIsAskedFor() throws {
        #expect(try plan { $0.debug = false }.debug == nil)
        #expect(try plan { _ in }.debug == DebugPlan(hasPrompt: true, script: nil))
        #expect(
            try plan {
                $0.debug = false
                $0.debugScript = "x"
            }.debug == DebugPlan(hasPrompt: false, script: "x"))
    }

    @Test func theTerminalIsTheDebuggers() throws {
        #expect(try plan { _ in }.display == .none)
        #expect(try plan(Self.window) { _ in }.display == .window)
        #expect(try plan { $0.debug = false }.display == .terminal)
        for change: (inout BootOptions) -> Void in [
            { $0.display = "terminal" }, { $0.serial = "stdio" }, { $0.trace = "-" },
        ] {
            let error = #expect(throws: BadInput.self) { try plan(change) }
            #expect(error?.message.hasPrefix("--debug: ") == true)
        }
        #expect(throws: BadInput.self) { try plan { $0.gdb = "0" } }
        #expect(
            try plan {
                $0.debug = false
                $0.debugScript = "x"
                $0.serial = "stdio"
                $0.headless = true
            }.serial == .standardOutput)
    }

    @Test(arguments: ["8086", "286", "386", "586"]) func everyDeviceIsDescribed(cpu: String) throws {
        var configuration = PCConfiguration()
        configuration.cpu = try #require(CPUModel(rawValue: cpu))
        configuration.memory = min(configuration.memory, 1 << 20)
        configuration.bios = Firmware.bios
        let pc = PC(configuration)
        _ = pc.run(instructions: 100_000)
        let before = pc.canonicalState()
        for name in pc.deviceNames {
            let lines = try #require(pc.describe(device: name))
            #expect(!lines.isEmpty && lines.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
        }
        #expect(pc.describe(device: "nothing") == nil)
        #expect(pc.canonicalState() == before)
        #expect(pc.deviceNames.contains("pci") == (cpu == "586"))
    }

    @Test func commandsHaveOneMeaningEach() throws {
        var seen: Set<String> = []
        for command in DebugCommand.all {
            for name in [command.name] + command.shortNames {
                #expect(seen.insert(name).inserted, "\(name)")
                #expect(try DebugCommand.find(name).name == command.name)
            }
        }
        #expect(try DebugCommand.find("cont").name == "continue")
        #expect(try DebugCommand.find("disas").name == "disassemble")
        #expect(throws: BadInput.self) { try DebugCommand.find("dis a") }
        #expect(throws: BadInput.self) { try DebugCommand.find("nonsense") }
        let error = #expect(throws: BadInput.self) { try DebugCommand.find("st") }
        #expect(error?.message == "st: may be step, stack")
    }
}
