import PCCore
import Testing

@testable import PCHost

@Suite struct BootPlanTests {
    private static let window = DisplaySurroundings(hasWindow: true, hasDisplayServer: true, hasTerminal: true)
    private static let nothing = DisplaySurroundings(hasWindow: true, hasDisplayServer: false, hasTerminal: false)

    private func plan(
        _ surroundings: DisplaySurroundings = Self.window, _ change: (inout BootOptions) -> Void = { _ in }
    ) throws -> BootPlan {
        var options = BootOptions()
        change(&options)
        return try BootPlan(options, surroundings: surroundings)
    }

    @Test func defaults() throws {
        let plan = try plan()
        #expect(plan.cpu == .pentiumII)
        #expect(plan.memory == 16 << 20)
        #expect(plan.rate == nil)
        #expect(plan.display == .window)
        #expect(plan.isPaced)
        #expect(plan.startTime == nil)
        #expect(plan.name == "demo disk")
        #expect(try self.plan { $0.floppies = ["x/a.img,y/b.img"] }.statePath == "a.img.s86")
        #expect(try !self.plan { $0.headless = true }.isPaced)
    }

    @Test func theDisplayIsTheBestThereIs() throws {
        let terminal = DisplaySurroundings(hasWindow: true, hasDisplayServer: false, hasTerminal: true)
        let plain = DisplaySurroundings(hasWindow: false, hasDisplayServer: true, hasTerminal: true)
        #expect(try plan(terminal).display == .terminal)
        #expect(try plan(plain).display == .terminal)
        #expect(try plan(Self.nothing) { $0.headless = true }.display == .none)
        #expect(throws: BadInput.self) { try plan(Self.nothing) }
        #expect(throws: BadInput.self) { try plan(terminal) { $0.display = "window" } }
        #expect(throws: BadInput.self) { try plan(plain) { $0.display = "window" } }
        #expect(throws: BadInput.self) { try plan(Self.nothing) { $0.display = "terminal" } }
    }

    @Test func aPresetGivesWayToOptions() throws {
        let xt = try plan { $0.machine = "xt" }
        #expect(xt.cpu == .i8086)
        #expect(xt.memory == 640 << 10)
        let faster = try plan {
            $0.machine = "xt"
            $0.mips = "4"
            $0.memory = "512K"
        }
        #expect(faster.rate == 4_000_000)
        #expect(faster.memory == 512 << 10)
    }

    @Test func theMouseIsWhereItIsAskedFor() throws {
        #expect(try plan().mouse == .ps2)
        #expect(try plan { $0.serialMouse = "com1" }.mouse == .com1)
        let second = try plan {
            $0.serialMouse = "com2"
            $0.serial = "file:x"
        }
        #expect(second.mouse == .com2)
    }

    @Test func anOldCPUHasLessMemory() throws {
        #expect(try plan { $0.cpu = "8086" }.memory == 640 << 10)
        #expect(try plan { $0.cpu = "286" }.memory == 16 << 20)
    }

    private static let bad: [(String, @Sendable (inout BootOptions) -> Void)] = [
        ("--cpu", { $0.cpu = "z80" }),
        ("--machine", { $0.machine = "ps2" }),
        ("--memory", { $0.memory = "lots" }),
        ("--memory", { $0.memory = "16" }),
        ("--memory", { $0.memory = "100001" }),
        (
            "--memory",
            {
                $0.cpu = "8086"
                $0.memory = "2M"
            }
        ),
        (
            "--memory",
            {
                $0.cpu = "286"
                $0.memory = "17M"
            }
        ),
        ("--memory", { $0.memory = "4G" }),
        ("--mips", { $0.mips = "fast" }),
        ("--speed", { $0.speed = "double" }),
        ("--rtc", { $0.rtc = "now" }),
        ("--disk-timing", { $0.diskTiming = "slow" }),
        ("--display", { $0.display = "paper" }),
        (
            "--headless",
            {
                $0.headless = true
                $0.display = "window"
            }
        ),
        ("--serial", { $0.serial = "tcp" }),
        ("--serial", { $0.serial = "file:" }),
        ("--serial-mouse", { $0.serialMouse = "com3" }),
        (
            "--serial-mouse",
            {
                $0.serialMouse = "com1"
                $0.serial = "stdio"
            }
        ),
        ("--debug-console", { $0.debugConsole = "x" }),
        (
            "terminal",
            {
                $0.display = "terminal"
                $0.serial = "stdio"
            }
        ),
        ("--boot", { $0.boot = "tape" }),
        (
            "--read-only",
            {
                $0.readOnly = true
                $0.discardWrites = true
            }
        ),
        ("--max-time", { $0.maxTime = "soon" }),
        ("--max-time", { $0.maxTime = "0" }),
        ("--max-instructions", { $0.maxInstructions = "1.5" }),
        ("--max-instructions", { $0.maxInstructions = "0" }),
        ("--until-text", { $0.untilText = "" }),
        ("--screen", { $0.screen = "a.gif" }),
        ("--parallel lpt: must be stdio, file:PATH or none", { $0.parallel = "lpt" }),
        ("x: No such file", { $0.script = "x" }),
        ("--initrd: only goes with --kernel", { $0.initrds = ["x"] }),
        ("--append: only goes with --kernel", { $0.append = "x" }),
        (
            "--boot disk: --kernel says already what starts; leave one of them out",
            {
                $0.kernel = "x"
                $0.boot = "disk"
            }
        ),
        (
            "--kernel: needs a 386 or later, not --cpu 286",
            {
                $0.kernel = "x"
                $0.cpu = "286"
            }
        ),
    ]

    @Test(arguments: bad.indices)
    func badOptionsGetOneClearLine(index: Int) {
        let (name, change) = Self.bad[index]
        do {
            _ = try plan(Self.window, change)
            Issue.record("\(name) was taken")
        } catch let error as BadInput {
            #expect(error.message.contains(name))
            #expect(!error.message.contains("\n"))
        } catch {
            Issue.record(error)
        }
    }

    @Test func exitStatus() {
        #expect(Ending.poweredOff.status(wasAwaited: false).code == 0)
        #expect(Ending.poweredOff.status(wasAwaited: true).code == 1)
        #expect(Ending.textCame.status(wasAwaited: true).code == 0)
        #expect(Ending.haltedForEver.status(wasAwaited: true).code == 3)
        #expect(Ending.shutdown.status(wasAwaited: false).code == 3)
        #expect(Ending.timeLimit.status(wasAwaited: true).code == 124)
        #expect(Ending.instructionLimit.status(wasAwaited: false).code == 124)
        #expect(Ending.debugExit(77).status(wasAwaited: true).code == 77)
        #expect(Ending.closed.status(wasAwaited: false).code == 0)
        #expect(Ending.signal(15).status(wasAwaited: false).code == 143)
    }
}

@Suite struct AssemblyTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func assembly(_ change: (inout BootOptions) -> Void) throws -> Assembly {
        var options = BootOptions()
        options.headless = true
        change(&options)
        let nothing = DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)
        return try Assembly(BootPlan(options, surroundings: nothing))
    }

    @Test func imagesFindTheirDrives() throws {
        let floppy = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        let other = try folder.file("b.img", [UInt8](repeating: 0, count: 184_320))
        let disk = try folder.file("c.img", [UInt8](repeating: 0, count: 1 << 20))
        let made = try assembly {
            $0.images = [disk, floppy]
            $0.floppies = [other]
        }
        #expect(made.configuration.floppies[0]?.sectorCount == 360)
        #expect(made.configuration.floppies[1]?.sectorCount == 320)
        #expect(made.configuration.disks[0]?.sectorCount == 2048)
        #expect(made.configuration.disks[1] == nil)
        #expect(made.configuration.startTime == .fixed)
        #expect(made.files.count == 3)
    }

    @Test func discsFindTheirDrives() throws {
        // The same disks in several machines.
        func shared(_ change: (inout BootOptions) -> Void) throws -> Assembly {
            try assembly {
                $0.readOnly = true
                change(&$0)
            }
        }
        let cd = try folder.file("a.iso", CDSample.plain(sectors: 20))
        let raw = try folder.file("b.bin", CDSample.raw(sectors: 20))
        let disks = try (0..<3).map { try folder.file("\($0).img", [UInt8](repeating: 0, count: 1 << 20)) }
        let one = try shared { $0.images = [disks[0], cd] }.configuration
        #expect(one.cdroms.map { $0?.disc?.sectorCount } == [nil, nil, 20, nil])
        #expect(one.disks.map { $0?.sectorCount } == [2048, nil, nil, nil])
        let full = try shared {
            $0.disks = disks
            $0.cdroms = [raw]
        }.configuration
        #expect(full.cdroms[2]?.disc?.sectorCount == 20)
        #expect(full.disks.map { $0 == nil } == [false, false, true, false])
        let sheet = try folder.file("c.cue", Array("FILE b.bin BINARY\nTRACK 1 MODE1/2352\nINDEX 1 00:00:00".utf8))
        #expect(try shared { $0.images = [sheet] }.configuration.cdroms[2]?.disc?.sectorCount == 20)
        let late = try shared { $0.images = disks + [cd] }.configuration
        #expect(late.cdroms.map { $0 == nil } == [true, true, true, false])
        let empty = try shared { $0.cdroms = ["", cd] }.configuration
        #expect(empty.cdroms[2] != nil && empty.cdroms[2]?.disc == nil)
        #expect(empty.cdroms[3]?.disc?.sectorCount == 20)
        #expect(throws: BadInput.self) {
            try shared {
                $0.disks = disks
                $0.cdroms = [cd, raw]
            }
        }
        #expect(throws: BadInput.self) { try shared { $0.images = [cd, cd] } }
        #expect(throws: BadInput.self) { try shared { $0.boot = "cdrom" } }
        #expect(throws: BadInput.self) {
            try shared {
                $0.boot = "cdrom"
                $0.cdroms = [""]
            }
        }
        let booted = try shared {
            $0.boot = "cdrom"
            $0.images = [cd]
        }
        #expect(booted.configuration.boot == .cdrom)
        // An empty drive is no reason to leave the demo disk out.
        #expect(try shared { $0.cdroms = [""] }.configuration.floppies[0] != nil)
    }

    @Test func withoutAnImageTheDemoDiskIsInDriveA() throws {
        #expect(try assembly { _ in }.configuration.floppies[0]?.sectorCount == Firmware.demoDiskSize / 512)
        #expect(DiskShape.floppySizes.contains(Firmware.demoDiskSize))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let floppy = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        let disk = try folder.file("c.img", [UInt8](repeating: 0, count: 1 << 20))
        #expect(throws: BadInput.self) { try assembly { $0.images = [floppy, floppy] } }
        #expect(throws: BadInput.self) { try assembly { $0.disks = [floppy] } }
        #expect(throws: BadInput.self) { try assembly { $0.floppies = [disk] } }
        #expect(throws: BadInput.self) {
            try assembly {
                $0.images = [floppy]
                $0.boot = "disk"
            }
        }
        #expect(throws: BadInput.self) {
            try assembly {
                $0.images = [disk]
                $0.boot = "floppy"
            }
        }
        let three = try (0..<3).map { try folder.file("\($0).img", [UInt8](repeating: 0, count: 163_840)) }
        #expect(throws: BadInput.self) { try assembly { $0.images = three } }
    }

    @Test func firmwareOfTheUser() throws {
        let good = try folder.file("good.bin", [UInt8](repeating: 0xF4, count: 0x1_0000))
        let short = try folder.file("short.bin", [UInt8](repeating: 0xF4, count: 0x1_0000 - 4096))
        let odd = try folder.file("odd.bin", [UInt8](repeating: 0xF4, count: 0x1_0001))
        let video = try folder.file("video.bin", [0x55, 0xAA] + [UInt8](repeating: 0, count: 32766))
        #expect(try assembly { $0.bios = good }.configuration.bios.count == 0x1_0000)
        #expect(try assembly { $0.vgaBIOS = video }.configuration.vgaBIOS.count == 32768)
        for bad in [short, odd, folder.path("none"), folder.url.path] {
            #expect(throws: BadInput.self) { try assembly { $0.bios = bad } }
        }
        for bad in [short, odd, good] {
            #expect(throws: BadInput.self) { try assembly { $0.vgaBIOS = bad } }
        }
    }

    @Test func outputNeverGoesIntoADisk() throws {
        let floppy = try folder.file("a.img", [UInt8](repeating: 7, count: 163_840))
        let made = try assembly { $0.images = [floppy] }
        #expect(throws: BadInput.self) { try ByteSink(.file(floppy), keepingOff: made.files) }
        #expect(try folder.content("a.img") == [UInt8](repeating: 7, count: 163_840))
    }
}
