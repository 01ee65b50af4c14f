import PCCore

/// What a scenario says about its machine.
struct ScenarioMachine: Sendable {
    private(set) var title = ""
    /// Where file names count from.
    var folder = ""
    private(set) var plan = BootPlan()
    /// Floppies by drive, and disks by place.
    private var floppies: [Int: String] = [:]
    private var disks: [Int: String] = [:]
    private var cdrom: String?

    /// The machine of the scenario's defaults: the best CPU, for `cpu` says what will do at least.
    init() {}

    /// Takes a machine line; false where it is none.
    mutating func add(_ words: [String]) throws(BadInput) -> Bool {
        let value = words.dropFirst().joined(separator: " ")
        switch words[0] {
        case "cpu":
            guard let model = CPUModel(rawValue: value) else {
                throw BadInput("cpu \(value): must be 8086, 186, 286, 386, 486, 586 or 686")
            }
            plan.cpu = max(plan.cpu, model)
        case "ram": plan.memory = try BootPlan.memory(value, cpu: plan.cpu, option: "ram ")
        case "floppy":
            guard words.count == 3, let drive = ["a", "b"].firstIndex(of: words[1]) else {
                throw BadInput("floppy: needs a or b and the name of a file")
            }
            floppies[drive] = path(words[2])
        case "disk":
            guard words.count == 3, let place = Int(words[1]), (0..<4).contains(place) else {
                throw BadInput("disk: needs 0, 1, 2 or 3 and the name of a file")
            }
            disks[place] = path(words[2])
        case "cdrom":
            guard words.count == 2 else { throw BadInput("cdrom: needs the name of a file") }
            cdrom = path(words[1])
        case "kernel":
            guard words.count == 2 else { throw BadInput("kernel: needs the name of a file") }
            plan.kernel = KernelPlan(path: path(words[1]))
        case "initrd", "append":
            guard plan.kernel != nil else { throw BadInput("\(words[0]): name the kernel first") }
            let file = path(value)
            if words[0] == "initrd" {
                plan.kernel?.modules.append(file)
            } else {
                plan.kernel?.commandLine = value
            }
        case "boot" where value == "kernel":
            guard plan.kernel != nil else { throw BadInput("boot kernel: name the kernel first") }
        case "boot":
            guard let device = BootDevice(rawValue: value) else {
                throw BadInput("boot \(value): must be floppy, disk, cdrom or kernel")
            }
            plan.boot = device
        case "title": title = value
        case "no-reboot": plan.noReboot = true
        case "needs", "sound", "fpu": break
        default: return words[0].hasPrefix("qemu-")
        }
        return true
    }

    func path(_ file: String) -> String { file.hasPrefix("/") ? file : folder + file }

    /// Opens the disks, whose files stay as they are: what the guest writes is kept in memory.
    func assembly(_ settings: ScenarioSettings) throws(BadInput) -> (BootPlan, Assembly) {
        var plan = plan
        plan.access = .discarded
        plan.isPaced = settings.isPaced
        plan.biosPath = settings.bios
        plan.vgaBIOSPath = settings.vgaBIOS
        return (plan, try assembly(plan))
    }

    /// The same machine, run as `shown` says: there, and in its time.
    func assembly(shown: BootPlan) throws(BadInput) -> (BootPlan, Assembly) {
        var plan = shown
        plan.access = .discarded
        plan.cpu = self.plan.cpu
        plan.memory = self.plan.memory
        plan.kernel = self.plan.kernel
        plan.boot = self.plan.boot
        plan.noReboot = self.plan.noReboot
        return (plan, try assembly(plan))
    }

    private func assembly(_ plan: BootPlan) throws(BadInput) -> Assembly {
        var bay = DriveBay()
        for (drive, file) in floppies.sorted(by: { $0.key < $1.key }) {
            try bay.insert(file, as: .floppy, drive: drive, access: .discarded)
        }
        for (place, file) in disks.sorted(by: { $0.key < $1.key }) {
            try bay.insert(file, as: .disk, drive: place, access: .discarded)
        }
        if let cdrom { try bay.insert(cdrom, as: .cdrom, access: .readOnly) }
        try plan.kernel?.check(plan.cpu)
        if bay.isEmpty, plan.kernel == nil { bay.insert(floppy: Firmware.demoDisk) }
        return try Assembly(plan, bay)
    }
}

/// How scenarios are run.
public struct ScenarioSettings: Sendable {
    /// Guest time keeps to the host's clock.
    public var isPaced = false
    /// Goldens are made of what the machine shows.
    public var blesses = false
    /// A folder for what was seen at goldens and at a failing step.
    public var keepFolder: String?
    /// Each step is told with its guest time.
    public var tellsSteps = false
    /// Firmware in place of our own.
    public var bios: String?
    public var vgaBIOS: String?

    public init() {}
}
