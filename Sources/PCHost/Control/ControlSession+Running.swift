import Glibc

/// Start and stop, speed, and states.
extension ControlSession {
    /// The reset button.
    func reset() throws(BadInput) {
        let session = try running()
        session.reset()
        if session.ending != nil { throw BadInput("reset: the machine is off") }
        tell(.reset(isGuest: false))
    }

    /// Guest time stands still until `resume`. Twice is the same as once.
    func pause() throws(BadInput) {
        _ = try running()
        guard !isPaused else { return }
        isPaused = true
        tell(.paused)
    }

    func resume() throws(BadInput) {
        let session = try running()
        guard isPaused else { return }
        isPaused = false
        pacer?.restart(at: session.pc.now)
        tell(.resumed)
    }

    func setSpeed(_ name: String) throws(BadInput) {
        let session = try running()
        guard name == "real" || name == "max" else { throw BadInput("speed \(name): must be real or max") }
        guard drives else { throw BadInput("speed: this machine's speed was set when it was started") }
        isPaced = name == "real"
        pacer?.restart(at: session.pc.now)
    }

    /// The power button: what follows is up to the guest.
    func pressPowerButton() throws(BadInput) {
        try running().pc.pressPowerButton()
        tell(.powerButton)
    }

    // MARK: States

    func save(_ path: String) throws(BadInput) {
        let session = try running()
        guard !path.isEmpty else { throw BadInput("save: needs the name of a file") }
        try session.save(to: path)
    }

    func load(_ path: String) throws(BadInput) {
        let session = try running()
        guard !path.isEmpty else { throw BadInput("load: needs the name of a file") }
        try session.load(from: path)
        pacer?.restart(at: session.pc.now)
    }

    /// Whether states can be kept in the folder of `--states`.
    ///
    /// - Parameter isServed: there is a client that can ask for them, by `--qmp`.
    public static func checkStates(_ folder: String, isServed: Bool) throws(BadInput) {
        guard isServed else { throw BadInput("--states \(folder): only goes with --qmp") }
        var status = stat()
        guard stat(folder, &status) == 0 else { throw BadInput("--states \(folder): \(HostError.text); make it first") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw BadInput("--states \(folder): is no folder; name one") }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw BadInput("--states \(folder): cannot be written to: \(HostError.text)")
        }
    }

    /// The file of a state that is known by a name alone.
    func statePath(_ name: String) throws(BadInput) -> String {
        guard let statesFolder else { throw BadInput("no folder for states; start with --states DIR") }
        guard !name.isEmpty, name.first != ".", !name.contains("/"), !name.contains("\0") else {
            throw BadInput("\(name): a state's name begins with no full stop and has no slash")
        }
        return "\(statesFolder)/\(name).state"
    }
}
