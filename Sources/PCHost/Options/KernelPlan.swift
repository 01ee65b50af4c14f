import PCCore

/// The kernel that `--kernel`, `--initrd` and `--append` name. Nothing has been opened yet.
struct KernelPlan: Sendable {
    var path: String
    /// As they were given: a Multiboot module may have its command line behind the file's name.
    var modules: [String] = []
    var commandLine = ""

    /// The most that a file may have.
    static let largestFile = 1 << 30

    init(path: String) { self.path = path }

    /// Nil where no kernel was asked for.
    init?(_ options: BootOptions, cpu: CPUModel) throws(BadInput) {
        guard let kernel = options.kernel else {
            for (name, isAsked) in [("--initrd", !options.initrds.isEmpty), ("--append", options.append != nil)]
            where isAsked {
                throw BadInput("\(name): only goes with --kernel")
            }
            return nil
        }
        if let device = options.boot {
            throw BadInput("--boot \(device): --kernel says already what starts; leave one of them out")
        }
        path = kernel
        modules = options.initrds
        commandLine = options.append ?? ""
        try check(cpu)
    }

    /// Whether the CPU can run one.
    func check(_ cpu: CPUModel) throws(BadInput) {
        guard cpu >= .i80386 else { throw BadInput("--kernel: needs a 386 or later, not --cpu \(cpu.rawValue)") }
    }

    /// Reads the files and checks that they fit into `memory` bytes.
    func load(memory: Int) throws(BadInput) -> KernelImage {
        let file = try HostFile.read(path, limit: Self.largestFile)
        var loaded: [KernelImage.Module] = []
        for module in modules {
            let (path, text) = Self.cut(module)
            let bytes = try HostFile.read(path, limit: Self.largestFile)
            loaded.append(KernelImage.Module(bytes, commandLine: text))
        }
        do {
            let image = try KernelImage(
                file, name: HostFile.name(path), modules: loaded, commandLine: commandLine)
            try image.check(memory: memory)
            return image
        } catch {
            throw BadInput("\(path): \(error.reason)")
        }
    }

    /// A file whose name has blanks in it is meant if there is one; otherwise what is before the first blank.
    private static func cut(_ module: String) -> (path: String, commandLine: String) {
        guard let blank = module.firstIndex(of: " "), FileIdentity(path: module) == nil else { return (module, module) }
        return (String(module[..<blank]), module)
    }
}
