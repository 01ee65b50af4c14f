import Glibc
import PCCore

/// What `run` is asked to do.
public struct DosRunOptions: Sendable {
    /// The program, a file of the host: .EXE, .COM or .BAT.
    public var program: String
    public var arguments: [String] = []
    /// A bootable DOS floppy. It is only read.
    public var dos: String
    /// Where files go that the program made or changed; nil: nowhere.
    public var output: String?
    /// 30 MIPS: old programs that measure the CPU's speed do not divide by zero.
    public var cpu = CPUModel.i80486
    public var memory = 16 << 20
    public var rate: UInt64?
    /// Nanoseconds of guest time.
    public var maxTime: UInt64?
    /// The program's output goes out as it is.
    public var isRaw = false

    public init(program: String, dos: String) {
        self.program = program
        self.dos = dos
    }
}

/// A DOS program run from the shell: it and the folder it stands in are put on a fresh disk, DOS boots from a floppy and
/// starts it, what it writes to the console comes out here, and its ERRORLEVEL is the exit status.
public struct DosRun {
    private let options: DosRunOptions
    private let folder: ProgramFolder
    private let disk: MemoryDisk
    private let pc: PC
    private let console: DosConsole
    private let seconds: GuestSeconds
    private var typist: Typist
    private let input = StandardInput()
    private var toldEnd = false

    /// Guest time from power-on to the start of the program, in nanoseconds, that every DOS does with.
    private static let bootLimit: UInt64 = 120_000_000_000
    private static let slice: UInt64 = 10_000_000

    /// Reads the folder, prepares both disks and switches the machine on.
    public init(_ options: DosRunOptions, standardOutput: Int32 = STDOUT_FILENO) throws(BadInput) {
        self.options = options
        let name = HostFile.name(options.program)
        let path = options.program.contains("/") ? String(options.program.dropLast(name.count)) : "."
        guard FileIdentity(path: options.program) != nil else {
            throw BadInput("\(options.program): is not there; name a program (.EXE, .COM or .BAT)")
        }
        folder = try ProgramFolder(path)
        guard let place = folder.places[name], let program = place.first else {
            throw BadInput("\(options.program): is not a regular file")
        }
        disk = try FreshDisk.make(room: folder.size)
        do {
            guard let volume = try FATVolume(disk, start: FreshDisk.partitionStart) else { throw BlockError.outOfRange }
            try folder.copy(to: volume)
        } catch let error as BadInput {
            throw error
        } catch {
            throw BadInput("\(path): cannot be put on a DOS disk")
        }
        let runner = try Self.runner(program, options)
        let floppy = try DiskImage(path: options.dos, access: .discarded)
        try floppy.shape.checkFloppy(options.dos)
        let system = floppy.tracked
        try Self.prepare(system, runner, options.dos)

        var plan = BootPlan()
        plan.cpu = options.cpu
        plan.memory = options.memory
        plan.rate = options.rate
        plan.boot = .floppy
        plan.debugExit = true
        var bay = DriveBay()
        bay.insert(floppy: system)
        bay.insert(disk: disk)
        pc = try Assembly(plan, bay).build()
        console = DosConsole(output: standardOutput, isRaw: options.isRaw)
        pc.host = console
        seconds = GuestSeconds(slotsPerSecond: pc.slotsPerSecond)
        typist = Typist(seconds: seconds)
    }

    private static func runner(_ program: FATName, _ options: DosRunOptions) throws(BadInput) -> [UInt8] {
        let arguments = options.arguments.map { $0.contains(" ") || $0.isEmpty ? "\"\($0)\"" : $0 }
            .joined(separator: " ")
        let name = program.text
        if name.hasSuffix(".BAT") {
            let line = "/C \(name)" + (arguments.isEmpty ? "" : " " + arguments)
            return try DosRunner.image(path: "", arguments: line)
        }
        guard name.hasSuffix(".EXE") || name.hasSuffix(".COM") else {
            throw BadInput("\(options.program): is no DOS program; its name must end in .EXE, .COM or .BAT")
        }
        return try DosRunner.image(path: "C:\\" + name, arguments: arguments)
    }

    /// Lets DOS start the runner.
    private static func prepare(_ system: ChangeTrackingDisk, _ runner: [UInt8], _ path: String) throws(BadInput) {
        do {
            guard let volume = try FATVolume(system), let name = FATName(DosRunner.name) else {
                throw BadInput("\(path): is no DOS floppy: it has no FAT file system")
            }
            let batch = Array("@ECHO OFF\r\nA:\\\(DosRunner.name)\r\n".utf8)
            var isDone = try volume.write(name, runner)
            for file in try [FATName("AUTOEXEC.BAT")].compactMap(\.self) + startFiles(volume) {
                isDone = try isDone && volume.write(file, batch)
            }
            guard isDone else { throw BadInput("\(path): has no room for \(DosRunner.name) and AUTOEXEC.BAT") }
        } catch let error as BadInput {
            throw error
        } catch {
            throw BadInput("\(path): cannot be read")
        }
    }

    /// What SHELL= in the configuration names with /P: to be run in place of AUTOEXEC.BAT.
    private static func startFiles(_ volume: FATVolume) throws(BlockError) -> [FATName] {
        let configurations = ["CONFIG.SYS", "FDCONFIG.SYS"].compactMap { FATName($0) }
        var names: [FATName] = []
        for entry in try volume.entries() where configurations.contains(entry.name) {
            let text = String(decoding: try volume.content(of: entry), as: UTF8.self).uppercased()
            for word in text.split(whereSeparator: \.isWhitespace) where word.hasPrefix("/P") {
                let file = word.dropFirst(2).drop { $0 == ":" || $0 == "=" }.split(separator: "\\").last
                if let file, let name = FATName(String(file)) { names.append(name) }
            }
        }
        return names
    }

    /// Runs up to the program's end.
    ///
    /// - Returns: its ERRORLEVEL, or that a limit came first.
    /// - Throws: where there is no such end.
    public mutating func run() throws(BadInput) -> ExitStatus {
        let limit = options.maxTime.map { [seconds] in seconds.slots(nanoseconds: $0) } ?? .max
        let bootLimit = seconds.slots(nanoseconds: Self.bootLimit)
        while true {
            let report = DosRunner.Report(postCode: pc.postCode)
            console.isOpen = console.isOpen || report == .running
            if report == .running { takeInput() }
            guard report != .notStarted || console.isOpen || pc.now < bootLimit else {
                throw BadInput("\(options.dos): DOS does not start AUTOEXEC.BAT; the screen shows: \(screen)")
            }
            guard pc.now < limit else { return .limit }
            let reason = pc.run(until: min(limit, pc.now &+ seconds.slots(nanoseconds: Self.slice)))
            guard console.flush() else { throw BadInput("standard output does not take what the program writes") }
            if reason != .sliceEnd { return try end(reason) }
        }
    }

    private func end(_ reason: StopReason) throws(BadInput) -> ExitStatus {
        guard case .debugExit(let code) = reason else {
            throw BadInput(
                "\(options.program): the machine stopped before the program ended; the screen shows: \(screen)")
        }
        _ = console.flush(atEnd: true)
        guard DosRunner.Report(postCode: pc.postCode) != .notExecuted else {
            throw BadInput("\(options.program): DOS cannot execute it: \(DosRunner.reason(code))")
        }
        if let output = options.output {
            do {
                guard let volume = try FATVolume(disk, start: FreshDisk.partitionStart) else {
                    throw BlockError.outOfRange
                }
                try folder.saveChanges(of: volume, to: output)
            } catch let error as BadInput {
                throw error
            } catch {
                throw BadInput("--out \(output): the program left a disk that cannot be read")
            }
        }
        return .guest(code)
    }

    /// Types what standard input holds, when there is room for it; its end is Ctrl-Z.
    private mutating func takeInput() {
        if typist.isIdle, KeyboardRoom.isThere(in: pc) {
            let bytes = input.read(limit: 16)
            if !bytes.isEmpty {
                typist.paste(String(decoding: bytes, as: UTF8.self))
            } else if input.isAtEnd, !toldEnd {
                toldEnd = true
                if let end = Key.chord(named: "ctrl-z") { typist.type(end) }
                typist.paste("\n")
            }
        }
        typist.turn(pc)
    }

    /// The last lines on the screen, for a message of one line.
    private var screen: String {
        guard let lines = pc.textScreen?.lines else { return "(a picture)" }
        return lines.map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.suffix(3).joined(separator: " | ")
    }
}

extension DosRunOptions {
    /// Takes options of the command line, word for word.
    public mutating func setMachine(cpu: String, memory: String?, mips: String?, maxTime: String?) throws(BadInput) {
        var options = BootOptions()
        options.cpu = cpu
        options.memory = memory
        options.mips = mips
        options.maxTime = maxTime
        options.headless = true
        let plan = try BootPlan(
            options, surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
        self.cpu = plan.cpu
        self.memory = plan.memory
        rate = plan.rate
        self.maxTime = plan.maxTime
    }
}
