/// What the machine stopped at.
public struct StopHit: Equatable, Sendable {
    public enum Cause: Equatable, Sendable {
        /// The linear address of the instruction that comes next.
        case breakpoint(UInt32)
        /// An access of `width` bytes (1, 2, 4; a wider one is shown as the dword of it that was touched) at the linear
        /// `address`. For a read `old` and `new` are what was read. Of a device that answers at a memory address, `old` is
        /// not known and 0. `watch` is the index in `StopSet.memory`.
        case memory(
            address: UInt32, physical: UInt32, width: Int, isWrite: Bool, old: UInt32, new: UInt32, watch: Int)
        /// An access of `width` bytes at a port; `watch` is the index in `StopSet.ports`.
        case port(UInt16, width: Int, isWrite: Bool, value: UInt32, watch: Int)
        /// The vector that was delivered.
        case interrupt(UInt8)
        /// A device wrote to the watched byte `physical` by DMA; `watch` is the index in `StopSet.memory`.
        case dma(physical: UInt32, watch: Int)
        /// The guest has reset the CPU, which stands at its reset vector now. `rcontinue` of a debugger leads to before.
        case reset(ResetCause)
        /// A disk's controller wrote a sector: the CPU is where it was then, a short time after it asked for it. Drives 0 and
        /// 1 are floppies A and B, 2 to 5 the hard disks.
        case sector(drive: Int, number: Int)
    }

    public enum ResetCause: Equatable, Sendable {
        /// An exception on the way to the handler of a double fault.
        case tripleFault
        /// Port 64h, 92h or CF9h, or INIT by an APIC.
        case requested
    }

    public var cause: Cause
    /// CS:EIP of the instruction that did it. For a breakpoint the one that comes next, for an interrupt the handler's
    /// first; for what happens between two instructions (DMA, the stack of a hardware interrupt) the next one.
    public var selector: UInt16
    public var offset: UInt32
    /// CS base + EIP.
    public var linear: UInt32
    /// Instructions retired before that one, each REP element counted.
    public var instruction: UInt64
    /// Guest time before that one.
    public var time: GuestTime

    public init(
        cause: Cause, selector: UInt16, offset: UInt32, linear: UInt32, instruction: UInt64, time: GuestTime
    ) {
        self.cause = cause
        self.selector = selector
        self.offset = offset
        self.linear = linear
        self.instruction = instruction
        self.time = time
    }
}
