/// Lowering of what moves ports, flags, frames and segment registers.
///
/// Whether the mode fits is looked at here, so that code of protected and virtual-8086 mode keeps its plain forms, and
/// again by each handler, since the trace key does not tell the mode.
extension TraceBuilder {
    mutating func lowerSystem(_ i: Instruction) -> Bool {
        let first = HandlerTable.firstSystem
        let size = i.operand32 ? 3 : 0
        switch i.opcode {
        case 0x06, 0x0E, 0x16, 0x1E: return lowerPushSegment(i, UInt8(i.opcode >> 3 & 3))
        case 0x07, 0x17, 0x1F: return lowerPopSegment(i, UInt8(i.opcode >> 3 & 3))
        case 0x60, 0x61:
            guard !i.operand32, stackForm == 1 else { return false }
            // PUSHA writes more than a detour through a page with code could watch.
            emit(first + SystemGroup.single + (i.opcode == 0x60 ? 2 : 3)) { $0.scaleAndSegment = Record.control }
        case 0x8C: return lowerMoveFromSegment(i)
        case 0x8E: return lowerMoveToSegment(i)
        case 0x9A, 0xEA: return lowerFar(i)
        case 0x9C:
            guard !core.s.pointee.isVirtual8086 else { return false }
            let ones = fixedFlags
            emit(first + SystemGroup.pushFlags + size + stackForm) { $0.displacement = ones }
        case 0x9D:
            guard !core.s.pointee.isVirtual8086 else { return false }
            let (real, protected) = (changeableFlags(i, isProtected: false), changeableFlags(i, isProtected: true))
            emit(first + SystemGroup.popFlags + size + stackForm) {
                ($0.immediate, $0.displacement) = (real, protected)
            }
        case 0xC4, 0xC5: return lowerLoadFarPointer(i, i.opcode == 0xC4 ? SegmentNumber.es : SegmentNumber.ds)
        case 0xC9: emit(first + SystemGroup.leave + size + stackForm)
        case 0xCA, 0xCB:
            guard isReal16, !i.operand32 else { return false }
            let release = i.opcode == 0xCA ? i.immediate : 0
            emit(first + SystemGroup.far + 6) { $0.immediate = release }
            isEnded = true
        case 0xCD: return lowerInterrupt(i)
        case 0xCF:
            guard isReal16, !i.operand32 else { return false }
            let may = changeableFlags(i, isProtected: false)
            emit(first + SystemGroup.far + 1) { $0.immediate = may }
            isEnded = true
        case 0xE4...0xE7, 0xEC...0xEF: return lowerPort(i)
        case 0xFA, 0xFB: emit(first + SystemGroup.single + Int(i.opcode & 1))
        case 0x1A0, 0x1A8: return lowerPushSegment(i, UInt8(i.opcode >> 3 & 1) + 4)
        case 0x1A1, 0x1A9: return lowerPopSegment(i, UInt8(i.opcode >> 3 & 1) + 4)
        case 0x1B4, 0x1B5: return lowerLoadFarPointer(i, Int(i.opcode & 1) + SegmentNumber.fs)
        default: return false
        }
        return true
    }

    /// Real mode with a 16-bit stack and 16-bit code.
    private var isReal16: Bool {
        core.s.pointee.cr0 & Core.CR0.protection == 0 && key & (TraceKey.code32 | TraceKey.stack32) == 0
    }

    /// The flags that always read as ones.
    private var fixedFlags: UInt32 { core.s.pointee.model <= .i80186 ? 0xF002 : 2 }

    /// The system flags that POPF and IRET may change at level 0; see `Core.replaceFlags`.
    private func changeableFlags(_ i: Instruction, isProtected: Bool) -> UInt32 {
        let word = Flags.trap | Flags.interrupt | Flags.direction | Flags.iopl | Flags.nestedTask
        let may = (i.operand32 ? word | Flags.alignmentCheck | Flags.identification : word) & core.knownFlags
        return core.s.pointee.model == .i80286 && !isProtected ? may & ~(Flags.iopl | Flags.nestedTask) : may
    }

    private mutating func lowerPort(_ i: Instruction) -> Bool {
        guard core.s.pointee.cpl == 0, !core.s.pointee.isVirtual8086 else { return false }
        // A device that is asked may write to memory: the plain form knows which instruction it is.
        guard !core.s.pointee.watchesPorts, !core.s.pointee.watchesMemory else { return false }
        let group = i.opcode & 2 == 0 ? SystemGroup.input : SystemGroup.output
        let place = i.opcode & 8 == 0 ? 0 : 3
        emit(HandlerTable.firstSystem + group + place + width(i)) { $0.immediate = i.immediate }
        return true
    }

    private mutating func lowerInterrupt(_ i: Instruction) -> Bool {
        guard isReal16, !core.watchesInterrupt(UInt8(truncatingIfNeeded: i.immediate)) else { return false }
        let ones = fixedFlags
        emit(HandlerTable.firstSystem + SystemGroup.far) {
            $0.immediate = i.immediate & 0xFF
            $0.displacement = ones
            $0.scaleAndSegment = Record.control
        }
        isEnded = true
        return true
    }

    /// JMP and CALL with a far pointer in the instruction.
    private mutating func lowerFar(_ i: Instruction) -> Bool {
        guard isReal16, !i.operand32 else { return false }
        emit(HandlerTable.firstSystem + SystemGroup.far + (i.opcode == 0xEA ? 2 : 4)) {
            $0.immediate = i.immediate
            $0.displacement = UInt32(i.immediate2)
            $0.scaleAndSegment = Record.control
        }
        isEnded = true
        return true
    }

    /// JMP and CALL with a far pointer in memory: FF /5 and /3.
    mutating func lowerFarInMemory(_ i: Instruction) -> Bool {
        guard isReal16, !i.operand32, !i.address32, !i.isRegisterForm, i.opcode == 0xFF else { return false }
        emitMemory(HandlerTable.firstSystem + SystemGroup.far + (i.reg == 5 ? 3 : 5), i) {
            $0.scaleAndSegment |= Record.control
        }
        isEnded = true
        return true
    }

    // MARK: Segment registers

    private mutating func lowerPushSegment(_ i: Instruction, _ number: UInt8) -> Bool {
        guard !i.operand32 else { return false }
        emit(HandlerTable.firstSystem + SystemGroup.pushSegment + stackForm) { $0.destination = number }
        return true
    }

    private mutating func lowerPopSegment(_ i: Instruction, _ number: UInt8) -> Bool {
        guard isReal16, !i.operand32 else { return false }
        let holds: UInt32 = core.holdsInterrupts(Int(number)) ? 1 : 0
        emit(HandlerTable.firstSystem + SystemGroup.segment) { ($0.destination, $0.immediate) = (number, holds) }
        return true
    }

    /// Whether MOV may name this segment register. Other numbers are invalid, or another register's.
    private func isSegment(_ number: UInt8) -> Bool { number < (core.s.pointee.model >= .i80386 ? 6 : 4) }

    private mutating func lowerMoveFromSegment(_ i: Instruction) -> Bool {
        guard isSegment(i.reg), !i.isRegisterForm || !i.operand32, i.isRegisterForm || !i.address32 else {
            return false
        }
        if i.isRegisterForm {
            emit(HandlerTable.firstSystem + SystemGroup.single + 4) { ($0.destination, $0.base) = (i.reg, i.rm * 4) }
        } else {
            emitMemory(HandlerTable.firstSystem + SystemGroup.single + 5, i) { $0.destination = i.reg }
        }
        return true
    }

    private mutating func lowerMoveToSegment(_ i: Instruction) -> Bool {
        guard isReal16, isSegment(i.reg), i.reg != SegmentNumber.cs, i.isRegisterForm || !i.address32 else {
            return false
        }
        let holds: UInt32 = core.holdsInterrupts(Int(i.reg)) ? 1 : 0
        if i.isRegisterForm {
            emit(HandlerTable.firstSystem + SystemGroup.segment + 1) {
                ($0.destination, $0.base, $0.immediate) = (i.reg, i.rm * 4, holds)
            }
        } else {
            emitMemory(HandlerTable.firstSystem + SystemGroup.segment + 2, i) {
                ($0.destination, $0.immediate) = (i.reg, holds)
            }
        }
        return true
    }

    private mutating func lowerLoadFarPointer(_ i: Instruction, _ number: Int) -> Bool {
        guard isReal16, !i.operand32, !i.address32, !i.isRegisterForm else { return false }
        emitMemory(HandlerTable.firstSystem + SystemGroup.segment + 3, i) {
            ($0.destination, $0.immediate) = (UInt8(number), UInt32(i.reg))
        }
        return true
    }
}
