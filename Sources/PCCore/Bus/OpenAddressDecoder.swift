/// Is asked for ports and physical addresses where no chip of the board, no RAM and no ROM answers: the PCI bus, whose
/// devices come and go at run time.
///
/// An access that is not wholly within one device gets nil or false, and the bus splits it.
protocol OpenAddressDecoder: AnyObject {
    func readOpenPort(_ port: UInt16, _ width: AccessWidth) -> UInt32?
    func writeOpenPort(_ port: UInt16, _ value: UInt32, _ width: AccessWidth) -> Bool
    func readOpenMemory(_ physical: UInt32, _ width: AccessWidth) -> UInt32?
    func writeOpenMemory(_ physical: UInt32, _ value: UInt32, _ width: AccessWidth) -> Bool
    func hasOpenMemory(_ physical: UInt32) -> Bool
}
