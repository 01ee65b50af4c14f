import Glibc
import PCCore

/// Builds a machine's configuration from a plan: opens the disks, loads the firmware, asks the host for memory.
public struct Assembly {
    public let configuration: PCConfiguration
    /// Which files are in use as disks.
    public let files: Set<FileIdentity>
    let bay: DriveBay

    public init(_ plan: BootPlan) throws(BadInput) {
        var bay = DriveBay()
        bay.overlays = try OverlayPlan(plan).files
        for image in plan.images {
            if image.kind == .cdrom, image.path.isEmpty {
                try bay.addCDROM()
            } else if let kind = image.kind, kind != .disk {
                try bay.insert(list: image.path, as: kind, access: plan.access)
            } else {
                try bay.insert(image.path, as: image.kind, access: plan.access)
            }
        }
        if bay.isEmpty, plan.boot != .disk, plan.boot != .cdrom, plan.kernel == nil {
            bay.insert(floppy: Firmware.demoDisk)
        }
        if plan.boot == .disk, bay.disks.allSatisfy({ $0 == nil }) {
            throw BadInput("--boot disk: the machine has no hard disk; name an image of one")
        }
        if plan.boot == .floppy, bay.floppies.allSatisfy({ $0 == nil }) {
            throw BadInput("--boot floppy: the machine has no floppy; name an image of one")
        }
        if plan.boot == .cdrom, bay.cdroms.allSatisfy({ $0?.disc == nil }) {
            throw BadInput("--boot cdrom: the machine has no CD; name an image of one")
        }
        try self.init(plan, bay)
    }

    /// The machine of `plan` with the drives of `bay`.
    init(_ plan: BootPlan, _ bay: DriveBay) throws(BadInput) {
        configuration = try Self.configuration(plan, bay)
        files = bay.files
        self.bay = bay
    }

    /// The machine of a state, with the images that `plan` names in place of those that the state had.
    init(_ plan: BootPlan, _ file: StateFile, _ path: String) throws(BadInput) {
        var configuration = file.description.configuration
        configuration.bios = file.bios
        configuration.vgaBIOS = file.vgaBIOS
        if let kernel = file.description.kernel, let named = plan.kernel {
            let image = try named.load(memory: plan.memory)
            let found = MachineDescription.Kernel(image, named)
            guard found.digest == kernel.digest, found.modules.map(\.digest) == kernel.modules.map(\.digest),
                found.commandLine == kernel.commandLine
            else {
                throw BadInput("\(named.path): is not the kernel that the state was saved with, or has other modules")
            }
            configuration.kernel = image
            configuration.kernelROM = file.kernelROM
        }
        try Self.checkMemory(plan.memory)
        bay = try DriveBay(of: file.description, path, plan)
        configuration.floppies = bay.floppies
        configuration.disks = bay.disks
        configuration.cdroms = bay.cdroms
        self.configuration = configuration
        files = bay.files
    }

    /// A machine of these parts, with memory that the host gives as it is touched.
    public func build() -> PC {
        PC(configuration, allocator: .mapped)
    }

    /// Adds firmware and memory to what `plan` and `bay` say.
    private static func configuration(_ plan: BootPlan, _ bay: DriveBay) throws(BadInput) -> PCConfiguration {
        var configuration = PCConfiguration()
        configuration.cpu = plan.cpu
        configuration.memory = plan.memory
        configuration.rate = plan.rate
        configuration.floppies = bay.floppies
        configuration.disks = bay.disks
        configuration.cdroms = bay.cdroms
        configuration.boot = plan.boot
        configuration.startTime = plan.startTime ?? (plan.display == .none ? .fixed : .ofHost)
        configuration.realDiskTiming = plan.realDiskTiming
        configuration.debugExit = plan.debugExit
        configuration.coprocessor = plan.coprocessor
        configuration.mouse = plan.mouse
        configuration.hasPrinter = plan.parallel != .none
        configuration.noReboot = plan.noReboot
        if let path = plan.biosPath {
            configuration.bios = try HostFile.read(path, limit: 16 << 20)
            try Firmware.checkBIOS(configuration.bios, path: path)
        } else {
            configuration.bios = Firmware.bios
        }
        if let path = plan.vgaBIOSPath {
            configuration.vgaBIOS = try HostFile.read(path, limit: 16 << 20)
            try Firmware.checkVGABIOS(configuration.vgaBIOS, path: path)
        } else {
            configuration.vgaBIOS = Firmware.vgaBIOS
        }
        if let kernel = plan.kernel {
            configuration.kernel = try kernel.load(memory: plan.memory)
            configuration.kernelROM = Firmware.kernelROM
        }
        try checkMemory(plan.memory)
        return configuration
    }

    private static func checkMemory(_ bytes: Int) throws(BadInput) {
        // The ROM images live behind the RAM.
        guard MemoryAllocator.canMap(bytes + (2 << 20)) else {
            throw BadInput("--memory: the host cannot give \(bytes >> 20)M; ask for less")
        }
    }
}

extension ClockTime {
    /// The host's local time.
    static var ofHost: ClockTime {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return ClockTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: min(59, Int(parts.tm_sec)))
    }
}
