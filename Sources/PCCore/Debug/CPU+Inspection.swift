/// What a debugger sees of a CPU beside the registers that have a name of their own.
extension CPU {
    /// GDTR or IDTR.
    public struct TableRegister: Equatable, Sendable {
        public var base: UInt32
        /// The offset of the table's last byte.
        public var limit: UInt32
    }

    /// A segment register, LDTR or TR with its hidden part.
    public func content(of segment: Register) -> SegmentContent {
        guard case .segment(let number) = segment.place else { return SegmentContent(.null()) }
        return SegmentContent(s.segment(number).pointee)
    }

    public var gdtr: TableRegister { TableRegister(base: s.pointee.gdtBase, limit: s.pointee.gdtLimit) }
    public var idtr: TableRegister { TableRegister(base: s.pointee.idtBase, limit: s.pointee.idtLimit) }

    /// The linear address of the instruction that comes next.
    public var nextLinear: UInt32 { s.segment(SegmentNumber.cs).pointee.base &+ self[.eip] }
}
