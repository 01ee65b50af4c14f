/// A window or a terminal: shows the machine and takes the user's input, between two slices of guest time.
public protocol FrontEnd: AnyObject {
    /// Shows what has changed and hands on what was typed. False: the user is done.
    func turn(_ session: MachineSession) -> Bool
    /// Gives the screen back to what it was before.
    func close()
}
