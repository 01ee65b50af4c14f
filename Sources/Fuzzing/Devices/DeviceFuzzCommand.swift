import Foundation
import PCCore

/// `fuzz --devices`: what `make fuzz-devices` runs.
enum DeviceFuzzCommand {
    static let usage = """
        usage: fuzz --devices [--seconds N] [--seed N] [--found FOLDER]   drive the devices of whole machines
               fuzz --devices --case FILE                                 run one case that was found
               fuzz --devices --corpus FOLDER [--seed N] [--count N]      write cases as files, for libFuzzer
        """

    static func run(_ arguments: ArraySlice<String>) -> Int32 {
        var options: [String: String] = [
            "seconds": "60", "seed": "1", "found": ".build/fuzz/devices", "count": "300", "case": "", "corpus": "",
            "work": "", "recording": "",
        ]
        var rest = arguments
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), options[String(name.dropFirst(2))] != nil, let value = rest.popFirst() else {
                return misused()
            }
            options[String(name.dropFirst(2))] = value
        }
        guard let seconds = Double(options["seconds", default: ""]), let seed = UInt64(options["seed", default: ""]),
            let count = Int(options["count", default: ""])
        else { return misused() }
        if let file = options["case"], !file.isEmpty { return runCase(file) }
        if let first = options["work"], !first.isEmpty {
            guard let first = Int(first) else { return misused() }
            let recording = options["recording"].map { $0.isEmpty ? [] : operations(in: $0) } ?? []
            DeviceWorker.work(TrafficGenerator(seed: seed, recording: recording), from: first)
        }
        let recording = Recording.ofThisTree()
        if let folder = options["corpus"], !folder.isEmpty {
            return writeCorpus(folder, TrafficGenerator(seed: seed, recording: recording), count)
        }
        return fuzz(seed, Date().addingTimeInterval(seconds), options["found", default: ""], recording)
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private static func misused() -> Int32 {
        say(usage)
        return 2
    }

    private static func operations(in file: String) -> [DeviceOperation] {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return Traffic([UInt8](data)) { _ in Traffic.Places() }.operations
    }

    private static func runCase(_ file: String) -> Int32 {
        guard let data = FileManager.default.contents(atPath: file) else {
            say("fuzz: \(file) cannot be read")
            return 2
        }
        let traffic = Traffic([UInt8](data)) { TrafficMachine.places($0) }
        for line in traffic.lines { say(line) }
        DeviceWorker.run(traffic)
        say("passed")
        return 0
    }

    private static func writeCorpus(_ folder: String, _ generator: TrafficGenerator, _ count: Int) -> Int32 {
        var generator = generator
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for number in 0..<count {
                try Data(generator.traffic(number).bytes).write(to: URL(filePath: "\(folder)/\(number).traffic"))
            }
        } catch {
            say("fuzz: \(folder): \(error.localizedDescription)")
            return 2
        }
        return 0
    }

    private static func fuzz(_ seed: UInt64, _ end: Date, _ folder: String, _ recording: [DeviceOperation]) -> Int32 {
        var file: String?
        if recording.isEmpty {
            say("fuzz: no recorded traffic: BIOS/bios.bin and TestROMs/demo.img are not in this folder")
        } else {
            let path = "\(folder)/.recording-\(getpid())"
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if (try? Data(Traffic(operations: recording).bytes).write(to: URL(filePath: path))) != nil { file = path }
        }
        defer { if let file { try? FileManager.default.removeItem(atPath: file) } }
        let driver = DeviceDriver(
            program: ProcessInfo.processInfo.arguments.first ?? "", seed: seed, folder: folder, recordingFile: file,
            recording)
        driver.run(until: end, say: say)
        for (place, count) in driver.found.sorted(by: { $0.value > $1.value }) where count > 1 {
            say("\(count) times: \(place)")
        }
        say("seed \(seed): \(driver.cases) cases, \(driver.found.count) findings")
        return driver.found.isEmpty ? 0 : 1
    }
}

/// A boot of our BIOS and the demo disk, from the files of a source tree.
enum Recording {
    static func ofThisTree(_ root: String = ".") -> [DeviceOperation] {
        func bytes(_ path: String) -> [UInt8] {
            FileManager.default.contents(atPath: "\(root)/\(path)").map { [UInt8]($0) } ?? []
        }
        let bios = bytes("BIOS/bios.bin")
        let floppy = bytes("TestROMs/demo.img")
        guard bios.count >= 0x1_0000, bios.count & 0xFFF == 0, !floppy.isEmpty else { return [] }
        return TrafficRecorder.boot(
            bios: bios, vgaBIOS: bytes("BIOS/vgabios.bin"), floppy: floppy,
            disk: [UInt8](repeating: 0, count: 0x10_0000),
            seconds: 6)
    }
}
