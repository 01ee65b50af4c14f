import Foundation
import PCCore

extension Finding {
    /// The case as a file of one test vector (SST1, with the additions that Documentation/Testing.md describes), nil
    /// where it cannot be one: what it raises needs memory that is not there.
    var vectorFile: [UInt8]? {
        guard judgement.result.vector != 14, let last = expected.states.last, let step = judgement.steps.last else {
            return nil
        }
        let isFlat = fuzzCase.mode == .protected32
        let flags = difference.party == "handlers" || difference.party == "traces" ? ~0 : step.flags
        var file = ByteWriter()
        file.write(Array("SST1".utf8))
        file.write([isFlat ? 3 : 4, 4, isFlat ? 10 : 16, 0] as [UInt8])
        file.write(1 as UInt32)
        file.write(flags)
        file.write(form)
        file.write("found")
        let record = record(last, flags, isFlat)
        file.write(UInt32(record.count))
        file.write(record)
        return file.bytes
    }

    /// A name for the file: what ran and who saw it.
    var form: String {
        let name = difference.signature.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "." })
        return name.joined(separator: "_")
    }

    private func record(_ last: StepState, _ flags: UInt32, _ isFlat: Bool) -> [UInt8] {
        let isSequence = fuzzCase.steps > 1
        let hasFloat = fuzzCase.fpu != nil && last.fpu != nil
        let raised = expected.end == .exception ? expected.vector : nil
        var record = ByteWriter()
        record.write(0 as UInt32)
        record.write(0 as UInt64)
        record.write(flags)
        record.write(UInt8((raised != nil ? 1 : 0) | (hasFloat ? 2 : 0) | (isSequence ? 8 : 0)))
        record.write(difference.what)
        let code = judgement.steps.last.map { bytes(of: $0) } ?? []
        record.write(UInt8(code.count))
        record.write(code)
        let initial = registers(fuzzCase.registers, isFlat)
        var final = registers(last.registers, isFlat)
        if !isFlat { for number in 10..<16 { final[number] = initial[number] } }
        write(initial.enumerated().map { ($0.offset, $0.element) }, &record)
        write(final.enumerated().filter { initial[$0.offset] != $0.element }.map { ($0.offset, $0.element) }, &record)
        record.write(fuzzCase.memory)
        var changes: [UInt32: UInt8] = [:]
        for state in expected.states {
            for change in state.changes { changes[change.address] = change.value }
        }
        record.write(changes.sorted { $0.key < $1.key }.map { MemoryRun(address: $0.key, bytes: [$0.value]) })
        if let raised {
            record.write(raised)
            record.write(0 as UInt32)
        }
        if let before = fuzzCase.fpu, let after = last.fpu { record.write(block(before, after, isExact: flags == ~0)) }
        if isSequence { record.write(UInt32(judgement.slots)) }
        return record.bytes
    }

    /// The FPU block: before, after, and what of it is compared.
    private func block(_ before: FloatRegisters, _ after: FloatRegisters, isExact: Bool) -> [UInt8] {
        var block = ByteWriter()
        for registers in [before, after] {
            for word in [registers.control, registers.status, registers.tags] { block.write(word) }
            for value in registers.stack.prefix(8) {
                block.write(value.significand)
                block.write(value.signExponent)
            }
        }
        let isApproximate = !isExact && judgement.steps.last?.effects?.isApproximate == true
        block.write(isExact ? .max : judgement.steps.last?.status ?? .max)
        block.write(0xFFFF as UInt16)
        block.write([isApproximate ? 2 : 0, isApproximate ? 0xFF : 0])
        block.write(UInt16(bitPattern: Int16.min))
        return block.bytes
    }

    /// In 16-bit code the segments are those of real mode, whose bases are the same.
    private func registers(_ registers: Registers, _ isFlat: Bool) -> [UInt32] {
        let general = (0..<10).map { registers[$0] }
        return isFlat ? general : general + FuzzMode.real16.selectors
    }

    private func write(_ registers: [(Int, UInt32)], _ record: inout ByteWriter) {
        record.write(registers.reduce(0 as UInt16) { $0 | 1 << UInt16($1.0) })
        for (_, value) in registers { record.write(value) }
    }

    func bytes(of step: Judgement.Step) -> [UInt8] {
        let at = fuzzCase.mode.bases[1] &+ step.before.eip
        return (0..<(step.form?.length ?? 1)).map { byte(at &+ UInt32($0)) }
    }

    /// Writes the vector, or where there is none the text, into `folder`; gives the path.
    func write(to folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let vector = vectorFile
        let path = "\(folder)/\(form)" + (vector == nil ? ".txt" : ".sst")
        try Data(vector ?? Array((text + "\n").utf8)).write(to: URL(filePath: path))
        return path
    }
}
