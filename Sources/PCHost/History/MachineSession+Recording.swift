import PCCore

extension MachineSession {
    /// From now on everything that reaches the machine is for the recording at `path`.
    func record(_ path: String) throws(BadInput) {
        timeline.knowsDisks = true
        do throws(StateFault) {
            recordingStart = try stateFile()
        } catch {
            throw BadInput("\(path): the machine cannot be recorded: it \(error.reason)")
        }
    }

    /// Writes the recording that was asked for, up to where the machine stands.
    func writeRecording(to path: String) throws(BadInput) {
        guard let start = recordingStart else { throw BadInput("\(path): nothing was recorded") }
        let recording: Recording
        do throws(StateFault) {
            recording = try Recording(
                start: start, inputs: timeline.inputs, end: timeline.position,
                hash: MachineHash.hex(pc, disks: disks))
        } catch {
            throw BadInput("\(path): the run cannot be recorded: it \(error.reason)")
        }
        let bytes = recording.container.bytes
        try StateStorage.write(bytes, as: .recording, to: path, keepingOff: media.files)
        media.guards.saved(path, bytes, start.changes, in: pc)
    }
}
