/// All that the core's functions touch, behind one raw pointer: registers, descriptor caches, TLBs, and where things are.
///
/// Handlers reach registers by byte offsets from the start, so `registers` stands first, `segments` at 64
/// and `fpu` at 320.
struct CPUState {
    /// EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI; number 8 reads as zero and is never written.
    var registers:
        (
            UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32,
            UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
        ) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    /// ES, CS, SS, DS, FS, GS, LDTR, TR.
    var segments: (Segment, Segment, Segment, Segment, Segment, Segment, Segment, Segment)
    var fpu = FPUState()

    // MARK: Where execution stands
    /// Between instructions the next one; inside a trace the trace's start; inside `Core.execute` the address after
    /// the instruction, which is what calls and interrupts push.
    var eip: UInt32 = 0
    /// The start of the instruction in progress, inside `Core.execute`.
    var instructionEIP: UInt32 = 0
    /// The lazy flags (see Flags.swift), outside of traces.
    var wide: UInt64 = 1
    var mixed: UInt32 = 0
    /// TF, IF, DF, IOPL, NT, RF, VM, AC, VIF, VIP, ID. The six arithmetic flags live in `wide` and `mixed`.
    var systemFlags: UInt32 = 0
    /// Guest time at which the budget of the slice ends.
    var sliceEnd: UInt64 = 0
    /// Instructions left in the slice before the one in progress.
    var remaining = 0
    /// REP iterations beyond the first that the instruction in progress retired.
    var extraIterations = 0
    /// A REP instruction stopped between two elements, with EIP on itself.
    var isRepeating = false

    // MARK: Memory
    /// The data TLB of the current privilege, its tags' generation, and the TLB as the guest could see it.
    var tlb: UnsafeMutablePointer<TLBEntry>
    var tlbInfo: UnsafeMutablePointer<TLBInfo>
    var codeTLB: UnsafeMutablePointer<TLBInfo>
    var generation: UInt32 = 1
    /// The storage of all TLBs.
    let tlbs: TLBs
    /// The highest EIP that code may have: the limit of CS, at most FFFFh where CS is 16-bit.
    var codeLimit: UInt32 = 0xFFFF
    /// What decoded code depends on, as TraceKey bits.
    var codeKey: UInt32 = 0
    // SAFETY: the CPU owns it and lives as long as this state.
    /// Decoded code.
    let traces: Unmanaged<TraceCache>
    var traceTable: UnsafeMutablePointer<TracePointer?>
    /// The records after this one must not run: the trace was dropped by its own store, or what it depends on changed.
    var leaveTrace = false
    /// The run loop must have a look before the next instruction: an interrupt, a debug trap, a device, HLT.
    var needsLook = false
    /// The linear address of the access that missed.
    var missed: UInt32 = 0
    /// Two records for a store into a page with decoded code, and the record that it stands in for.
    let detour: RecordPointer
    var detourFrom: RecordPointer?
    /// Where the loop goes on, under the trait PlainLoop.
    var resume: RecordPointer?

    // MARK: Privileged state
    var cpl: UInt8 = 0
    /// CR0.PE without VM: protected mode proper.
    var isProtected = false
    var isVirtual8086 = false
    var halted = false
    /// Shut down by a triple fault: only reset (or NMI) wakes it.
    var shutdown = false
    /// NMIs are blocked until IRET.
    var nmiBlocked = false
    var nmiPending = false
    /// No interrupt is taken while guest time equals this: the shadow of STI, MOV SS and POP SS.
    var shadowTime = UInt64.max
    /// The shadow is that of MOV SS or POP SS: debug traps wait as well.
    var shadowIsStackLoad = false
    /// A single-step trap or a breakpoint trap waits with these DR6 bits.
    var pendingDebug: UInt32 = 0
    /// Instructions run one by one: TF, breakpoints or alignment checks need a look at each.
    var singly = false
    /// Data breakpoints are enabled: each access is compared.
    var watchesData = false
    /// Misaligned accesses raise #AC: CR0.AM, EFLAGS.AC and CPL 3.
    var checksAlignment = false
    /// The slow ways look at accesses, and fast paths must not hide them: one of the two above, or a debugger's watches.
    var checksAccesses = false

    // MARK: For a debugger
    /// It has set stops; some are on memory, or on ports.
    var hasStops = false
    var watchesMemory = false
    var watchesPorts = false

    // MARK: For tests of single instructions
    /// Nothing runs in traces.
    var isPlainOnly = false
    /// Exceptions are noted in `caught` and not delivered.
    var catchesExceptions = false
    var caught: CaughtEvent?

    var cr0: UInt32 = 0
    var cr2: UInt32 = 0
    var cr3: UInt32 = 0
    var cr4: UInt32 = 0
    var dr: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    var dr6: UInt32 = 0xFFFF_0FF0
    var dr7: UInt32 = 0x400
    var gdtBase: UInt32 = 0
    var gdtLimit: UInt32 = 0xFFFF
    var idtBase: UInt32 = 0
    var idtLimit: UInt32 = 0x3FF
    /// What RDTSC adds to guest time.
    var tscOffset: UInt64 = 0
    /// Test registers, model-specific registers.
    var system = SystemRegisters()

    let model: CPUModel
    // SAFETY: the CPU holds all three, directly or through the bus.
    let bus: Unmanaged<Bus>
    let memory: Unmanaged<PhysicalMemory>
    let scheduler: Unmanaged<Scheduler>
    /// A debugger's stops; the CPU holds them.
    let detector: Unmanaged<StopDetector>

    // MARK: A store into a page with decoded code
    /// What stood there before it, and where.
    var detourOld: UInt32 = 0
    var detourPhysical: UInt32 = 0
}

/// One entry of a data TLB, as the fast paths see it.
///
/// A tag is a linear page with the generation in its low bits; an access of `size` bytes compares the page of its last
/// byte, so that one that crosses into the next page misses.
struct TLBEntry {
    /// Matches if reads may use `addend`.
    var readTag: UInt32
    /// Matches if writes may: writable, dirty already, RAM, and without decoded code.
    var writeTag: UInt32
    /// Host address minus linear address.
    var addend: Int
}

/// One entry of a TLB as the guest could see it: a translation stays until it is flushed or displaced.
struct TLBInfo {
    /// The linear page with the generation in its low bits; 0 is no entry.
    var tag: UInt32
    /// The physical page, with `writable` in bit 0.
    var physical: UInt32

    /// Writes are allowed and the page is dirty.
    static let writable: UInt32 = 1
}

/// Sizes of the TLBs; powers of two.
enum TLBSize {
    static let data = 2048
    static let code = 256
    /// Generations 1 to 4095 stand in a tag's low bits.
    static let lastGeneration: UInt32 = 0xFFF
}

typealias StatePointer = UnsafeMutablePointer<CPUState>

extension StatePointer {
    // SAFETY: the decoder writes offsets below 64 only, and `registers` is at offset 0.
    /// A register by its byte offset: number times 4, plus 1 for AH, CH, DH, BH.
    @inline(__always) func load<W: FixedWidthInteger>(_ offset: UInt8, as type: W.Type) -> W {
        UnsafeRawPointer(self).loadUnaligned(fromByteOffset: Int(offset), as: type)
    }

    @inline(__always) func store<W: FixedWidthInteger>(_ value: W, _ offset: UInt8) {
        UnsafeMutableRawPointer(self).storeBytes(of: value, toByteOffset: Int(offset), as: W.self)
    }

    // SAFETY: numbers are 0...7, and `segments` is at offset 64 (a test holds the layout to that).
    @inline(__always) func segment(_ number: Int) -> UnsafeMutablePointer<Segment> {
        (UnsafeMutableRawPointer(self) + (64 &+ (number & 7) &* 32)).assumingMemoryBound(to: Segment.self)
    }
}
