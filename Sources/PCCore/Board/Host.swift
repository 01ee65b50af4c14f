/// What a machine tells the world outside. Every method does nothing unless a host implements it.
///
/// A host is called from within `PC.run` on the caller's thread and must not call back into the machine.
public protocol Host: AnyObject {
    /// The guest wrote `byte` to port E9h.
    func debugConsole(_ byte: UInt8)
    /// The guest sent `byte` through COM(`port` + 1).
    func serial(_ port: Int, _ byte: UInt8)
    /// The guest printed `byte` at LPT(`port` + 1).
    func printer(_ port: Int, _ byte: UInt8)
    /// From guest time `time` on the speaker sounds at `millihertz` thousandths of a hertz; 0 is silence.
    func speaker(millihertz: UInt64, at time: GuestTime)
    /// The guest set the keyboard's LEDs: bit 0 scroll lock, bit 1 num lock, bit 2 caps lock.
    func keyboardLEDs(_ lit: UInt8)
    /// Something that the user should know, such as a disk error of the host. One line.
    func log(_ message: String)
}

extension Host {
    public func debugConsole(_ byte: UInt8) {}
    public func serial(_ port: Int, _ byte: UInt8) {}
    public func printer(_ port: Int, _ byte: UInt8) {}
    public func speaker(millihertz: UInt64, at time: GuestTime) {}
    public func keyboardLEDs(_ lit: UInt8) {}
    public func log(_ message: String) {}
}
