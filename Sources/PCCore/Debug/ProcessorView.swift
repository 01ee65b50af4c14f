/// What a debugger shows of a CPU beside the registers that have names of their own.
public struct ProcessorView: Equatable, Sendable {
    /// A segment register with its hidden part.
    public struct SegmentRegister: Equatable, Sendable {
        public var selector: UInt16
        public var base: UInt32
        public var limit: UInt32
        /// P, DPL, S and type.
        public var access: UInt8
        /// G, D/B, L and AVL in bits 4-7.
        public var flags: UInt8

        init(_ segment: Segment) {
            selector = segment.selector
            base = segment.base
            limit = segment.limit
            access = segment.access
            flags = segment.flags
        }
    }

    public var model: CPUModel
    /// ES, CS, SS, DS, FS, GS, LDTR, TR.
    public var segments: [SegmentRegister]
    public var gdtBase: UInt32
    public var gdtLimit: UInt32
    public var idtBase: UInt32
    public var idtLimit: UInt32
    public var cpl: UInt8
    /// CR0.PE is set, virtual-8086 mode included.
    public var isProtected: Bool
    public var isVirtual8086: Bool
    public var isPaged: Bool
    /// Pages of 4 MB are known.
    public var hasLargePages: Bool
    /// CS has 32-bit code.
    public var is32Bit: Bool
    /// The stack is addressed by ESP.
    public var has32BitStack: Bool
    public var isHalted: Bool
    public var isShutDown: Bool
}

extension CPU {
    /// The CPU as it stands between two instructions.
    public var view: ProcessorView {
        let p = s
        let code = p.segment(SegmentNumber.cs).pointee
        return ProcessorView(
            model: p.pointee.model, segments: (0..<8).map { .init(p.segment($0).pointee) },
            gdtBase: p.pointee.gdtBase, gdtLimit: p.pointee.gdtLimit, idtBase: p.pointee.idtBase,
            idtLimit: p.pointee.idtLimit, cpl: p.pointee.cpl,
            isProtected: p.pointee.isProtected || p.pointee.isVirtual8086, isVirtual8086: p.pointee.isVirtual8086,
            isPaged: p.pointee.cr0 & Core.CR0.paging != 0,
            hasLargePages: p.pointee.cr4 & Core.CR4.pageSizeExtension != 0, is32Bit: code.isBig,
            has32BitStack: p.segment(SegmentNumber.ss).pointee.isBig, isHalted: p.pointee.halted,
            isShutDown: p.pointee.shutdown)
    }
}
