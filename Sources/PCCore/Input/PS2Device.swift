/// A device at the far end of a keyboard or pointing-device cable, as the keyboard controller sees it.
public protocol PS2Device: AnyObject {
    /// A byte waits to be sent.
    var wantsToSend: Bool { get }
    /// Is called when a byte comes to wait. The controller sets it when the device is plugged in.
    var sendRequested: (() -> Void)? { get set }
    /// The byte that went over the cable just now; nil if the device no longer has one.
    func takeByte() -> UInt8?
    /// A byte from the controller.
    func receive(_ byte: UInt8)
}
