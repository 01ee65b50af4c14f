/// Saves and loads a machine's state.
public protocol StateKeeper: AnyObject {
    /// Writes the state of `session` to the file at `path`.
    func save(_ session: MachineSession, to path: String) throws(BadInput)
    /// Puts `session` into the state that the file at `path` holds.
    func load(_ session: MachineSession, from path: String) throws(BadInput)
}
