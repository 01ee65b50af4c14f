import Foundation
import PCCore

/// Another CPU, behind a program that speaks Tests/Oracles/protocol.h.
public final class Oracle {
    let name: String
    let modes: [FuzzMode]
    private let path: String
    private var process = Process()
    private var input: Int32 = -1
    private var output: Int32 = -1
    /// How often the program ended by itself: on code that it could not survive.
    private(set) var deaths = 0

    /// Nil where the program is not there or ends at once: this computer cannot do it.
    init?(name: String, path: String, modes: [FuzzMode]) {
        self.name = name
        self.path = path
        self.modes = modes
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
        start()
        guard (try? run([])) != nil else { return nil }
    }

    deinit { if process.isRunning { process.terminate() } }

    private func start() {
        process = Process()
        process.executableURL = URL(filePath: path)
        let (to, from) = (Pipe(), Pipe())
        process.standardInput = to
        process.standardOutput = from
        // What Unicorn says as it dies.
        process.standardError = FileHandle.nullDevice
        try? process.run()
        input = dup(to.fileHandleForWriting.fileDescriptor)
        output = dup(from.fileHandleForReading.fileDescriptor)
    }

    private func restart() {
        close(input)
        close(output)
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        deaths += 1
        start()
    }

    struct Died: Error {}

    /// The results of `cases`; one that the program does not survive is refused.
    func results(_ cases: [FuzzCase]) -> [CaseResult] {
        guard !cases.isEmpty else { return [] }
        if let results = try? run(cases) { return results }
        restart()
        guard cases.count > 1 else { return [CaseResult(end: .refused)] }
        let middle = cases.count / 2
        return results(Array(cases[..<middle])) + results(Array(cases[middle...]))
    }

    private func run(_ cases: [FuzzCase]) throws -> [CaseResult] {
        var message = ByteWriter()
        for fuzzCase in cases { message.write(fuzzCase) }
        var header = ByteWriter()
        header.write(UInt32(message.bytes.count))
        try send(header.bytes + message.bytes)
        let size = try receive(4)
        var reader = ByteReader(try receive(size.enumerated().reduce(0) { $0 + Int($1.element) << ($1.offset * 8) }))
        return cases.map { reader.result(hasFPU: $0.fpu != nil) }
    }

    private func send(_ bytes: [UInt8]) throws {
        // SAFETY: `sent` is below the buffer's count.
        try bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = write(input, buffer.baseAddress! + sent, buffer.count - sent)
                guard count > 0 else { throw Died() }
                sent += count
            }
        }
    }

    private func receive(_ size: Int) throws -> [UInt8] {
        // SAFETY: `count` is below `size`, the buffer's capacity.
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let part = read(output, buffer.baseAddress! + count, size - count)
                guard part > 0 else { throw Died() }
                count += part
            }
        }
    }
}

/// Appends little-endian values.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write<T: FixedWidthInteger>(_ value: T) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
        }
    }

    mutating func write(_ more: [UInt8]) { bytes += more }

    mutating func write(_ text: String) {
        write(UInt8(truncatingIfNeeded: text.utf8.count))
        bytes += Array(text.utf8)
    }

    mutating func write(_ fuzzCase: FuzzCase) {
        write(fuzzCase.mode.rawValue)
        write(UInt8(fuzzCase.fpu == nil ? 0 : 1))
        write(UInt16(fuzzCase.steps))
        for i in 0..<Registers.count { write(fuzzCase.registers[i]) }
        if let fpu = fuzzCase.fpu { bytes += fpu.image }
        write(fuzzCase.memory)
    }

    mutating func write(_ memory: [MemoryRun]) {
        write(UInt16(memory.count))
        for run in memory {
            write(run.address)
            write(UInt16(run.bytes.count))
            bytes += run.bytes
        }
    }
}

/// Takes what an oracle sent apart.
private struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func take<T: FixedWidthInteger>(_ type: T.Type) -> T {
        let size = T.bitWidth / 8
        defer { position += size }
        guard position + size <= bytes.count else { return 0 }
        // SAFETY: the guard has found `size` bytes from `position` on.
        return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: T.self)) }
    }

    mutating func result(hasFPU: Bool) -> CaseResult {
        var result = CaseResult()
        result.end = CaseResult.End(rawValue: take(UInt8.self)) ?? .refused
        result.vector = take(UInt8.self)
        result.steps = Int(take(UInt16.self))
        _ = take(UInt32.self)
        result.faultAddress = take(UInt32.self)
        let count = result.steps + (result.end == .exception ? 1 : 0)
        result.states.reserveCapacity(count)
        for _ in 0..<count where position < bytes.count {
            var state = StepState(registers: Registers())
            for i in 0..<Registers.count { state.registers[i] = take(UInt32.self) }
            if hasFPU {
                let end = position + FloatRegisters.imageSize
                state.fpu = FloatRegisters(image: bytes[min(position, bytes.count)..<min(end, bytes.count)])
                position = end
            }
            for _ in 0..<take(UInt32.self) {
                state.changes.append(StepState.Change(address: take(UInt32.self), value: take(UInt8.self)))
            }
            result.states.append(state)
        }
        return result
    }
}
