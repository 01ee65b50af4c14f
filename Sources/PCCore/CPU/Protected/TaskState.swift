/// What a task-state segment holds of a task, apart from stacks of inner levels and the I/O bitmap
/// [SDM 3A 7.2.1, 7.6].
struct TaskState {
    var cr3: UInt32 = 0
    var eip: UInt32 = 0
    var eflags: UInt32 = 0
    var registers = InlineArray<8, UInt32>(repeating: 0)
    /// ES, CS, SS, DS, FS, GS.
    var selectors = InlineArray<6, UInt16>(repeating: 0)
    var ldt: UInt16 = 0
    /// T: a debug trap before the task's first instruction.
    var traps = false

    /// Offsets and sizes of one format.
    struct Layout {
        let isWide: Bool

        /// The lowest limit that a TSS may have.
        var leastLimit: UInt32 { isWide ? 0x67 : 0x2B }
        /// From EIP on, the registers that a switch saves follow each other up to `ldt`.
        var eip: UInt32 { isWide ? 0x20 : 0x0E }
        var eflags: UInt32 { isWide ? 0x24 : 0x10 }
        var registers: UInt32 { isWide ? 0x28 : 0x12 }
        var selectors: UInt32 { isWide ? 0x48 : 0x22 }
        var selectorCount: Int { isWide ? 6 : 4 }
        var ldt: UInt32 { isWide ? 0x60 : 0x2A }
        /// The size of a slot.
        var slot: UInt32 { isWide ? 4 : 2 }
        static let cr3: UInt32 = 0x1C
        static let trap: UInt32 = 0x64
    }
}

extension Core {
    /// Reads a task's state from the TSS at `base`.
    func readTask(_ base: UInt32, _ layout: TaskState.Layout) throws(Fault) -> TaskState {
        var task = TaskState()
        if layout.isWide {
            task.cr3 = try readSystem(base &+ TaskState.Layout.cr3)
            task.traps = try readSystem(base &+ TaskState.Layout.trap, as: UInt16.self) & 1 != 0
        }
        task.eip = try readSlot(base &+ layout.eip, layout)
        task.eflags = try readSlot(base &+ layout.eflags, layout)
        for number in 0..<8 {
            let value = try readSlot(base &+ layout.registers &+ UInt32(number) &* layout.slot, layout)
            // The upper halves are undefined after a 16-bit switch; chips leave ones.
            // unverified: no vector covers this.
            task.registers[number] = layout.isWide || s.pointee.model < .i80386 ? value : value | 0xFFFF_0000
        }
        for number in 0..<layout.selectorCount {
            task.selectors[number] = try readSystem(base &+ layout.selectors &+ UInt32(number) &* layout.slot)
        }
        task.ldt = try readSystem(base &+ layout.ldt)
        return task
    }

    private func readSlot(_ linear: UInt32, _ layout: TaskState.Layout) throws(Fault) -> UInt32 {
        if layout.isWide { return try readSystem(linear) }
        return UInt32(try readSystem(linear, as: UInt16.self))
    }

    /// Saves the current task in the TSS at `base`, which was probed before. LDT and CR3 stay as they are there.
    func saveTask(_ base: UInt32, _ layout: TaskState.Layout, eflags: UInt32) throws(Fault) {
        try writeSlot(base &+ layout.eip, s.pointee.eip, layout)
        try writeSlot(base &+ layout.eflags, eflags, layout)
        for number in 0..<8 {
            try writeSlot(base &+ layout.registers &+ UInt32(number) &* layout.slot, register(number), layout)
        }
        for number in 0..<layout.selectorCount {
            // The upper half of a 32-bit slot is reserved and stays.
            let selector = s.segment(number).pointee.selector
            try writeSystem(base &+ layout.selectors &+ UInt32(number) &* layout.slot, selector)
        }
    }

    private func writeSlot(_ linear: UInt32, _ value: UInt32, _ layout: TaskState.Layout) throws(Fault) {
        if layout.isWide {
            try writeSystem(linear, value)
        } else {
            try writeSystem(linear, UInt16(truncatingIfNeeded: value))
        }
    }
}
