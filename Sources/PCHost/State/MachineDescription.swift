import PCCore

/// What a machine is built from, as far as it decides its future: a state fits a machine of the same description, and the
/// machine can be built again from it.
public struct MachineDescription: Equatable, Sendable {
    /// A kernel that starts without a disk. The files are where they were; the digests say whether they are the same.
    struct Kernel: Equatable, Sendable {
        struct Module: Equatable, Sendable {
            var digest: String
            /// The file, and behind a blank a Multiboot module's command line.
            var text: String
        }

        var path: String
        var digest: String
        var modules: [Module] = []
        var commandLine = ""
    }

    /// A disk in a drive.
    struct Content: Equatable, Sendable {
        /// Nil for one that is in no file.
        var path: String?
        var isReadOnly: Bool
        /// Of what was there at power-on, without the sectors that the state holds.
        var digest: DiskDigest
    }

    /// A drive that holds something, or a CD-ROM drive.
    struct Medium: Equatable, Sendable {
        var place: MediaPlace
        var kind: DiskKind
        /// Nil: a CD-ROM drive without a disc.
        var content: Content?
    }

    public var cpu = CPUModel.pentiumII
    var coprocessor = true
    /// Bytes.
    public var memory = 16 << 20
    /// Instructions a second.
    var rate: UInt64 = 0
    var pci = true
    var apic = true
    var vbe = true
    var videoMemory = 16 << 20
    var mouse = MousePort.ps2
    var hasPrinter = false
    var startTime = ClockTime.fixed
    var realDiskTiming = false
    var boot: BootDevice?
    var noReboot = false
    var debugExit = false
    /// SHA-256 of the ROM images; the last is empty without a kernel.
    var bios = ""
    var vgaBIOS = ""
    var kernelROM = ""
    var kernel: Kernel?
    /// In the order of their places.
    var media: [Medium] = []

    /// The description of a machine without what is in its drives.
    init(_ configuration: PCConfiguration, rate: UInt64, kernel: KernelPlan?) {
        cpu = configuration.cpu
        coprocessor = configuration.coprocessor
        memory = configuration.memory
        self.rate = rate
        pci = configuration.hasPCI
        apic = configuration.hasAPIC
        vbe = configuration.hasVBE
        videoMemory = configuration.videoMemory
        mouse = configuration.mouse
        hasPrinter = configuration.hasPrinter
        startTime = configuration.startTime
        realDiskTiming = configuration.realDiskTiming
        boot = configuration.boot
        noReboot = configuration.noReboot
        debugExit = configuration.debugExit
        bios = SHA256Text.of(configuration.bios)
        vgaBIOS = SHA256Text.of(configuration.vgaBIOS)
        guard let image = configuration.kernel, let kernel else { return }
        kernelROM = SHA256Text.of(configuration.kernelROM)
        self.kernel = Kernel(image, kernel)
    }

    /// The configuration of a machine like this, without ROMs, kernel and disks.
    var configuration: PCConfiguration {
        var configuration = PCConfiguration()
        configuration.cpu = cpu
        configuration.coprocessor = coprocessor
        configuration.memory = memory
        configuration.rate = rate
        configuration.pci = pci
        configuration.apic = apic
        configuration.vbe = vbe
        configuration.videoMemory = videoMemory
        configuration.mouse = mouse
        configuration.hasPrinter = hasPrinter
        configuration.startTime = startTime
        configuration.realDiskTiming = realDiskTiming
        configuration.boot = boot
        configuration.noReboot = noReboot
        configuration.debugExit = debugExit
        return configuration
    }

    /// The first thing in which two machines differ, what is in their drives left aside; nil where they are alike.
    func difference(to other: MachineDescription) -> String? {
        var (mine, theirs) = (self, other)
        (mine.media, theirs.media) = ([], [])
        guard mine != theirs else { return nil }
        let known = Set(theirs.lines)
        return mine.lines.first { !known.contains($0) } ?? "other parts"
    }
}

extension MachineDescription.Kernel {
    init(_ image: KernelImage, _ plan: KernelPlan) {
        path = plan.path
        digest = SHA256Text.of(image.file)
        modules = zip(image.modules, plan.modules).map { .init(digest: SHA256Text.of($0.bytes), text: $1) }
        commandLine = plan.commandLine
    }

    var plan: KernelPlan {
        var plan = KernelPlan(path: path)
        plan.modules = modules.map(\.text)
        plan.commandLine = commandLine
        return plan
    }
}
