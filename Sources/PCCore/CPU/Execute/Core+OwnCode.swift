/// Where a string instruction that repeats overwrites itself.
extension Core {
    /// How many elements can be written from `target` on before one touches this instruction, which is to be fetched anew
    /// then; 0 where the next one does. Without this a run in slices would go on with the new code and one in one piece
    /// with the old.
    /// Where an 8086 or the A20 gate wraps, addresses that differ above bit 19 are the same memory: those bits do not
    /// count, and a stop too many does no harm.
    @inline(__always)
    func elementsToOwnCode<W: Word>(_ i: Instruction, _ target: UInt32, _: W.Type) -> UInt32 {
        let size = UInt32(W.bitWidth / 8)
        let code = s.segment(SegmentNumber.cs).pointee.base &+ s.pointee.instructionEIP
        guard s.pointee.cr0 & CR0.paging == 0 else {
            return elementsToOwnPages(code, UInt32(i.length), target, size: size)
        }
        if (target &- code) & 0xF_FFFF < UInt32(i.length) { return 0 }
        let bytes = (code &- target) & 0xF_FFFF
        return s.pointee.systemFlags & Flags.direction == 0 || bytes < size ? bytes / size : .max
    }

    /// The same by physical addresses, as paging may show a page at several places: as far as `target`'s page goes, and 0 as
    /// well where the TLBs do not know one of the pages.
    private func elementsToOwnPages(_ code: UInt32, _ length: UInt32, _ target: UInt32, size: UInt32) -> UInt32 {
        // Either may go on in a second page.
        let codeHere = min(length, 0x1000 &- code & 0xFFF)
        let here = min(size, 0x1000 &- target & 0xFFF)
        guard let target1 = writtenAddress(target), let code1 = codeAddress(code) else { return 0 }
        var least = elements(from: target1, here, to: code1, codeHere, size: size)
        guard codeHere < length || here < size else { return least }
        let code2 = codeHere < length ? codeAddress(code &+ codeHere) : code1
        let target2 = here < size ? writtenAddress(target &+ here) : target1
        guard let code2, let target2 else { return 0 }
        if codeHere < length {
            least = min(least, elements(from: target1, here, to: code2, length &- codeHere, size: size))
        }
        if here < size {
            least = min(least, elements(from: target2, size &- here, to: code1, codeHere, size: size))
        }
        if codeHere < length, here < size {
            least = min(least, elements(from: target2, size &- here, to: code2, length &- codeHere, size: size))
        }
        return least
    }

    /// How many elements from `target` on, of whose first `count` bytes lie in this page, do not touch `codeCount` bytes at
    /// `code`.
    private func elements(
        from target: UInt32, _ count: UInt32, to code: UInt32, _ codeCount: UInt32, size: UInt32
    ) -> UInt32 {
        guard (target ^ code) & 0xFFFF_F000 == 0, code &+ codeCount > target else { return .max }
        if code < target &+ count { return 0 }
        return s.pointee.systemFlags & Flags.direction == 0 ? (code &- target) / size : .max
    }

    /// Where the last write to the page of `linear` went, if the TLB knows it.
    private func writtenAddress(_ linear: UInt32) -> UInt32? {
        let info = s.pointee.tlbInfo[Int((linear >> 12) & UInt32(TLBSize.data - 1))]
        guard info.tag == (linear & 0xFFFF_F000) | s.pointee.generation, info.physical & TLBInfo.writable != 0 else {
            return nil
        }
        return info.physical & 0xFFFF_F000 | (linear & 0xFFF)
    }

    private func codeAddress(_ linear: UInt32) -> UInt32? {
        let info = s.pointee.codeTLB[Int((linear >> 12) & UInt32(TLBSize.code - 1))]
        guard info.tag == (linear & 0xFFFF_F000) | s.pointee.generation else { return nil }
        return info.physical & 0xFFFF_F000 | (linear & 0xFFF)
    }
}
