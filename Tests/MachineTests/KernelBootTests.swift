import Foundation
import Testing

/// Kernels that are started directly: our own of TestROMs/kernel, which check what they were given, and Debian's.
@Suite struct KernelBootTests {
    private static let kernels = Surroundings.root.appending(path: "TestROMs/kernel")
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func boot(_ kernel: String, _ options: [String]) throws -> Tool.Outcome {
        try Tool.run(
            [
                "boot", "--headless", "--kernel", kernel, "--max-time", "20s", "--debug-exit", "--debug-console",
                "stdio",
            ] + options)
    }

    private func own(_ name: String, _ options: [String]) throws -> String {
        let outcome = try boot(Self.kernels.appending(path: name).path, options)
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        return outcome.output
    }

    @Test(arguments: ["multiboot.img", "flat.img"])
    func aMultibootKernelIsToldAll(kernel: String) throws {
        let first = try folder.file("first", Array("hello".utf8))
        let second = try folder.file("second", Array("world".utf8))
        let output = try own(kernel, ["--append", "one two", "--initrd", "\(first) a b", "--initrd", second])
        #expect(
            output == """
                flags 0000124D
                lower 0000027F
                upper 00003C00
                command line: \(kernel) one two
                loader: Swift86
                modules 00000002
                module: \(first) a b = hello
                module: \(second) = world
                usable from 00000000
                       size 0009FC00
                usable from 00100000
                       size 00F00000
                passed

                """)
    }

    @Test func aModuleMayHaveBlanksInItsName() throws {
        let module = try folder.file("a module", Array("x".utf8))
        #expect(try own("multiboot.img", ["--initrd", module]).contains("module: \(module) = x\n"))
    }

    @Test func aResetStartsItAgain() throws {
        let output = try own("multiboot.img", ["--append", "reset"])
        #expect(output.hasSuffix("started again\npassed\n"))
        let other = try boot(Self.kernels.appending(path: "multiboot.img").path, ["--append", "reset", "--no-reboot"])
        #expect(other.status == 3)
    }

    @Test(arguments: ["386", "486", "686"])
    func aLinuxKernelStartsAtItsSetUpCode(cpu: String) throws {
        let files = try folder.file("initrd", Array("files\n".utf8))
        let output = try own(
            "bzimage.img", ["--cpu", cpu, "--append", "root=/dev/ram  quiet", "--initrd", files, "--memory", "4M"])
        #expect(
            output == """
                set-up code
                command line: root=/dev/ram  quiet
                file system 00000006
                files
                passed

                """)
        #expect(
            try own("bzimage.img", ["--memory", "64M"]).hasSuffix("command line: \nfile system 00000000\npassed\n"))
    }

    @Test(
        .enabled(if: OtherFirmwareTests.hasBochs, "the Bochs BIOS (Debian: bochsbios, vgabios) is not there"))
    func otherFirmwareStartsItToo() throws {
        let output = try own(
            "multiboot.img",
            ["--bios", OtherFirmwareTests.bochsBIOS + "BIOS-bochs-legacy", "--vga-bios", OtherFirmwareTests.vgaBIOS])
        #expect(output.hasSuffix("passed\n"))
    }

    @Test(
        .enabled(if: OtherFirmwareTests.isThere, "SeaBIOS (Debian: seabios) is not there"),
        arguments: ["bzimage", "multiboot"])
    func seaBIOSStartsItFromItsPCIFunction(kernel: String) throws {
        let folder = OtherFirmwareTests.seaBIOS
        let output = try own(
            "\(kernel).img", ["--bios", folder + "bios-256k.bin", "--vga-bios", folder + "vgabios-stdvga.bin"])
        #expect(output.hasSuffix("passed\n"))
    }

    @Test func filesMustFit() throws {
        let kernel = Self.kernels.appending(path: "bzimage.img").path
        let big = try folder.file("big", [UInt8](repeating: 0, count: 4 << 20))
        for (options, part) in [
            (["--initrd", big, "--memory", "4M"], "needs more memory: at least 6M"),
            (["--append", String(repeating: "x", count: 256)], "longer than the 255 bytes"),
            (["--initrd", folder.path("none")], "No such file"), (["--cpu", "286"], "needs a 386"),
        ] {
            let outcome = try boot(kernel, options)
            #expect(outcome.status == 2 && outcome.errorLines.count == 1)
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
        }
    }

    private static let installer = "/usr/lib/debian-installer/images/12/i386/text/debian-installer/i386/"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: installer + "linux"),
            "Debian's debian-installer-12-netboot-i386 is not there"))
    func debiansKernelStarts() throws {
        let kernel = Self.installer + "linux"
        let little = try boot(kernel, ["--memory", "16M"])
        #expect(little.status == 2 && little.errors.contains("needs more memory"), "\(little.errors)")
        let outcome = try boot(
            kernel, ["--memory", "64M", "--append", "console=ttyS0 panic=-1", "--serial", "stdio", "--no-reboot"])
        #expect(outcome.output.contains("Linux version"), "\(outcome.output.prefix(2000))")
    }
}
