import PCCore

// Goldens: what the screen must look like, in files beside the scenario.

extension ScenarioRun {
    private var folder: String { scenario.folder + "golden" }

    func compareText(_ name: String, from start: String?, first: Bool) throws(StepFailure) {
        run(for: 300_000_000)
        try keep(name)
        guard pc.textScreen != nil else { throw StepFailure("the screen is in a graphics mode") }
        let path = "\(folder)/\(name).txt"
        if settings.blesses {
            return try write(path) { () throws(BadInput) in
                let text = GoldenText.made(of: lines, from: start, first: first, masks: scenario.masks)
                try HostFile.write(Array(text.utf8), to: path)
            }
        }
        let golden: GoldenText
        do throws(BadInput) {
            let bytes = try HostFile.read(path, limit: 1 << 20)
            do throws(BadInput) {
                golden = try GoldenText(String(decoding: bytes, as: UTF8.self))
            } catch {
                throw BadInput("\(path): \(error.message)")
            }
        } catch {
            throw StepFailure(error)
        }
        try wait(10_000_000_000) { golden.isThere(in: lines) }
    }

    func comparePicture(_ step: ScenarioStep.GoldenPicture) throws(StepFailure) {
        try keep(step.name)
        let path = "\(folder)/\(step.name).png"
        if settings.blesses {
            return try write(path) { () throws(BadInput) in try Picture.write(picture, to: path) }
        }
        let golden: FrameBuffer
        do throws(BadInput) {
            golden = try Picture.read(path)
        } catch {
            throw StepFailure(error)
        }
        var difference: Int?
        do throws(StepFailure) {
            try wait(step.within) {
                difference = PictureComparison.difference(picture, golden, slack: step.slack, box: step.box)
                return difference.map { $0 <= step.differ } ?? false
            }
        } catch {
            guard let difference else {
                throw StepFailure(
                    "the picture has \(picture.width)x\(picture.height) pixels, \(path) \(golden.width)x\(golden.height)"
                )
            }
            let percent = MachineSession.decimal(UInt64(difference) / 100_000, places: 2)
            throw StepFailure("\(percent)% of the pixels differ from \(path)")
        }
    }

    /// Writes what is seen now into the folder for that, if there is one.
    func keep(_ tag: String) throws(StepFailure) {
        guard let folder = settings.keepFolder else { return }
        let path = "\(folder)/\(scenario.name).\(tag)"
        try write(path) { () throws(BadInput) in
            if let screen = pc.textScreen {
                try HostFile.write(Array(screen.lines.map { $0 + "\n" }.joined().utf8), to: path + ".txt")
            }
            if picture.width > 0, picture.height > 0 { try Picture.write(picture, to: path + ".png") }
        }
    }

    private func write(_ path: String, _ body: () throws(BadInput) -> Void) throws(StepFailure) {
        do throws(BadInput) {
            try HostFile.makeFolder(of: path)
            try body()
        } catch {
            throw StepFailure(error)
        }
    }
}
