import PCCore

/// The line protocol that tools drive a machine by: each request is a line, each answer some lines and then `ok`, or
/// `error WHY`.
///
/// Documentation/CommandLine.md lists the requests. Between them the guest keeps pace with the host's clock.
public final class ControlSession {
    private let clock: HostClock
    private let messages: Messages
    private var plan: BootPlan
    private var bay = DriveBay()
    private var session: MachineSession?
    private var pacer: Pacer?

    public init(clock: HostClock = .system, messages: Messages = Messages()) {
        self.clock = clock
        self.messages = messages
        plan = BootPlan()
        plan.isPaced = true
    }

    /// The machine, once it was started.
    public var pc: PC? { session?.pc }

    /// The answer to one request.
    public func answer(_ request: String) -> [String] {
        let (verb, rest) = Self.cut(request)
        do throws(BadInput) {
            switch verb {
            case "machine": try describe(rest)
            case "start": try start()
            case "status": return ["|" + status(try running())] + ["ok"]
            case "text": return Self.quoted(text(try running())) + ["ok"]
            case "screen": try writeScreen(to: rest)
            case "key": try key(rest)
            case "mouse": try mouse(rest)
            case "insert": try insert(rest)
            case "eject": try eject(rest)
            case "serial": return Self.quoted(serial(try running())) + ["ok"]
            case "": throw BadInput("the request is empty")
            default: throw BadInput("\(verb): no such request")
            }
            return ["ok"]
        } catch {
            return ["error \(error.message)"]
        }
    }

    /// Runs the guest if the host's clock is ahead of it: a slice at most.
    ///
    /// - Returns: how long there is nothing to do, in nanoseconds; nil: until the next request.
    public func catchUp() -> UInt64? {
        guard let session, session.ending == nil, pacer != nil else { return nil }
        if let lead = pacer?.lead(at: session.pc.now), lead > 0 { return lead }
        session.advance()
        return session.ending == nil ? pacer?.lead(at: session.pc.now) : nil
    }

    /// Makes what the guest wrote durable; the session is over.
    public func close() {
        session?.media.close()
        for image in bay.images { close(image) }
    }

    // MARK: Before the start

    private func describe(_ line: String) throws(BadInput) {
        guard session == nil else { throw BadInput("machine: the machine has been started") }
        let (key, value) = Self.cut(line)
        switch key {
        case "floppya", "floppyb":
            try bay.insert(value, as: .floppy, drive: key == "floppya" ? 0 : 1, access: .written)
        case "disk0", "disk1", "disk2", "disk3":
            try bay.insert(value, as: .disk, drive: Int(key.utf8.last ?? 48) - 48, access: .written)
        case "cpu":
            guard let model = CPUModel(rawValue: value) else {
                throw BadInput("cpu \(value): must be 8086, 186, 286, 386, 486, 586 or 686")
            }
            // The least that will do: the default, which is the best, always does.
            plan.cpu = max(plan.cpu, model)
        case "ram": plan.memory = try BootPlan.memory(value, cpu: plan.cpu, option: "ram ")
        case "boot" where value == "kernel":
            guard plan.kernel != nil else { throw BadInput("boot kernel: name the kernel first") }
        case "boot":
            guard let device = BootDevice(rawValue: value) else {
                throw BadInput("boot \(value): must be floppy, disk, cdrom or kernel")
            }
            plan.boot = device
        case "bios": plan.biosPath = value.isEmpty ? nil : value
        case "vga-bios": plan.vgaBIOSPath = value.isEmpty ? nil : value
        case "no-reboot": plan.noReboot = !value.isEmpty
        case "cdrom" where value.isEmpty: try bay.addCDROM()
        case "cdrom": try bay.insert(value, as: .cdrom, access: .readOnly)
        case "kernel":
            guard !value.isEmpty else { throw BadInput("kernel: name a file") }
            plan.kernel = KernelPlan(path: value)
        case "initrd", "append":
            guard plan.kernel != nil else { throw BadInput("\(key): name the kernel first") }
            if key == "initrd" { plan.kernel?.modules.append(value) } else { plan.kernel?.commandLine = value }
        case "title", "needs", "fpu", "sound": break
        default:
            guard key.hasPrefix("qemu-") else { throw BadInput("machine \(key): no such line") }
        }
    }

    private func start() throws(BadInput) {
        guard session == nil else { throw BadInput("start: the machine has been started") }
        try plan.kernel?.check(plan.cpu)
        if bay.isEmpty, plan.kernel == nil { bay.insert(floppy: Firmware.demoDisk) }
        let assembly = try Assembly(plan, bay)
        let session = try MachineSession(
            plan, assembly: assembly, clock: clock, messages: messages, keepsSerial: true)
        pacer = Pacer(clock: clock, seconds: session.seconds, now: session.pc.now)
        self.session = session
    }

    // MARK: Of a machine that runs

    private func running() throws(BadInput) -> MachineSession {
        guard let session else { throw BadInput("the machine has not been started") }
        return session
    }

    private func status(_ session: MachineSession) -> String {
        switch session.ending {
        case nil: "running"
        case .haltedForEver: "halted"
        default: "off"
        }
    }

    private func text(_ session: MachineSession) -> [String] {
        session.pc.textScreen?.lines ?? ["graphics"]
    }

    private func writeScreen(to path: String) throws(BadInput) {
        let session = try running()
        guard !path.isEmpty else { throw BadInput("screen: needs the name of a file") }
        try Picture.write(session.pc.frame(blinkVisible: true), to: path)
    }

    /// Presses a chord for 40 ms and waits for 50 ms more, at the pace of the host's clock.
    private func key(_ name: String) throws(BadInput) {
        let session = try running()
        guard let chord = Key.chord(named: name) else { throw BadInput("key \(name): no such key") }
        session.typist.type(chord)
        while session.ending == nil {
            session.typist.turn(session.pc)
            if session.typist.isIdle { break }
            session.advance()
            pacer?.wait(for: session.pc.now)
        }
    }

    /// Moves the mouse and presses its buttons, and waits for 50 ms at the pace of the host's clock.
    private func mouse(_ line: String) throws(BadInput) {
        let session = try running()
        let words = line.split(separator: " ")
        guard words.count == 3, let dx = Int(words[0]), let dy = Int(words[1]) else {
            throw BadInput("mouse: needs two movements, and buttons as a number or -")
        }
        if words[2] != "-" {
            guard let buttons = UInt8(words[2]), buttons < 32 else {
                throw BadInput("mouse: buttons must be a sum of 1 left, 2 right, 4 middle, 8 and 16 at the side, or -")
            }
            session.pc.setMouseButtons(MouseButtons(rawValue: buttons))
        }
        session.pc.moveMouse(dx: dx, dy: dy)
        let end = session.pc.now &+ session.seconds.slots(nanoseconds: 50_000_000)
        while session.ending == nil, session.pc.now < end {
            session.advance()
            pacer?.wait(for: session.pc.now)
        }
    }

    private func insert(_ line: String) throws(BadInput) {
        let session = try running()
        let (name, path) = Self.cut(line)
        guard let drive = MediaChanger.Drive(named: name), !path.isEmpty else {
            throw BadInput("insert: needs a, b or cd and the name of a file")
        }
        try session.media.insert(path, in: drive)
    }

    private func eject(_ name: String) throws(BadInput) {
        let session = try running()
        guard let drive = MediaChanger.Drive(named: name) else { throw BadInput("eject: needs a, b or cd") }
        try session.media.eject(drive)
    }

    /// Lines of what came out of COM1. Carriage returns are left out: readers take them for line ends.
    private func serial(_ session: MachineSession) -> [String] {
        let bytes = session.link.serialOutput.filter { $0 != 13 }
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) }))
        }
    }

    private func close(_ image: DiskImage) {
        do throws(BlockError) {
            try image.close()
        } catch .failed(let reason) {
            messages.warning(reason)
        } catch {
            messages.warning("\(image.path): cannot be made durable")
        }
    }

    private static func quoted(_ lines: [String]) -> [String] { lines.map { "|" + $0 } }

    /// The first word of `line`, and what follows the blanks behind it.
    private static func cut(_ line: String) -> (String, String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return ("", "") }
        let rest = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        var end = String(rest)
        while end.last == " " { end.removeLast() }
        return (String(first), end)
    }
}
