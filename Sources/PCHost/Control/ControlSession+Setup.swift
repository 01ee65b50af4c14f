import PCCore

/// Before the start: what the machine is to be.
extension ControlSession {
    func describe(_ line: String) throws(BadInput) {
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

    func start() throws(BadInput) {
        guard session == nil else { throw BadInput("start: the machine has been started") }
        try plan.kernel?.check(plan.cpu)
        if bay.isEmpty, plan.kernel == nil { bay.insert(floppy: Firmware.demoDisk) }
        let assembly = try Assembly(plan, bay)
        let session = try MachineSession(
            plan, assembly: assembly, clock: clock, messages: messages, keepsSerial: true)
        pacer = Pacer(clock: clock, seconds: session.seconds, now: session.pc.now)
        self.session = session
        hear(session)
    }
}
