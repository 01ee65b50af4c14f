/// Keeps what a disk holds before it is written over, so that somebody can have it back.
///
/// What goes wrong with that is the guard's own business: the guest's writes go on.
public protocol DiskGuard: AnyObject {
    /// Whether it wants what `sector` holds now, should that be written over.
    func wants(_ sector: Int) -> Bool
    /// The sector is about to be written over.
    ///
    /// - Parameter content: nil where the host cannot read it.
    func keep(_ sector: Int, _ content: [UInt8]?)
    /// Makes durable what was kept; what was written over is about to be.
    func flush()
}
