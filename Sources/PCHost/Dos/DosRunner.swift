import PCCore

/// The program that runs under DOS in the user's name (BIOS/dos/runner.asm), and the words that it ends with.
enum DosRunner {
    /// What port 80h holds when the run is over.
    enum Report: Equatable {
        /// The runner has not started.
        case notStarted
        /// The program has not ended.
        case running
        /// By itself, Ctrl-C, a critical error, or as a resident program.
        case ended
        /// DOS's error code says why not.
        case notExecuted

        init(postCode: UInt8) {
            switch postCode {
            case 0xD0...0xD3: self = .ended
            case 0xDF: self = .running
            case 0xE0: self = .notExecuted
            default: self = .notStarted
            }
        }
    }

    static let name = "S86RUN.COM"
    private static let mark = Array("S86RUN01".utf8)
    private static let program = (offset: 16, count: 79)
    private static let tail = (offset: 96, count: 126)

    /// The program's image with what it is to execute.
    ///
    /// - Parameters:
    ///   - path: as DOS names it; empty for the command processor.
    ///   - arguments: the text behind the program's name.
    static func image(path: String, arguments: String) throws(BadInput) -> [UInt8] {
        var image = Firmware.runner
        guard image.count > 256, Array(image[8..<16]) == mark else { throw BadInput("the runner is damaged") }
        let path = try codes(path)
        let text = try codes(arguments.isEmpty ? "" : " " + arguments)
        guard path.count <= program.count else { throw BadInput("the program's path is too long for DOS") }
        guard text.count <= tail.count else {
            throw BadInput("the arguments have \(text.count - 1) characters; DOS takes at most \(tail.count - 1)")
        }
        image.replaceSubrange(program.offset..<program.offset + path.count, with: path)
        image[tail.offset] = UInt8(text.count)
        image.replaceSubrange(tail.offset + 1..<tail.offset + 2 + text.count, with: text + [13])
        return image
    }

    private static func codes(_ text: String) throws(BadInput) -> [UInt8] {
        var codes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard scalar.value >= 0x20, let code = CodePage437.code(scalar) else {
                throw BadInput("\(text): code page 437 has no such character")
            }
            codes.append(code)
        }
        return codes
    }

    /// DOS's words for an error of EXEC.
    static func reason(_ error: UInt8) -> String {
        switch error {
        case 2: "file not found"
        case 5: "access denied"
        case 8: "not enough memory"
        case 11: "it is no program"
        default: "error \(error)"
        }
    }
}
