/// A translation that the CPU holds, whatever the page tables say by now.
public struct TLBView: Equatable, Sendable {
    public enum Table: String, CaseIterable, Sendable { case data, code }

    public var table: Table
    /// Held for accesses at level 3.
    public var isUser: Bool
    public var linear: UInt32
    public var physical: UInt32
    /// It has been written through: the page is marked as dirty, and the next write looks at no table.
    public var isWritten: Bool
}

extension CPU {
    /// What the TLBs hold, data first, each table by linear addresses. There are 2048 entries for data and 256 for code, for
    /// the supervisor and for users, each found by the low bits of its page's number; a real CPU has fewer.
    public var tlb: [TLBView] {
        // SAFETY: each table has as many entries as stand beside it.
        let tables: [(TLBView.Table, Bool, UnsafeMutablePointer<TLBInfo>, Int)] = [
            (.data, false, tlbs.supervisorInfo, TLBSize.data), (.data, true, tlbs.userInfo, TLBSize.data),
            (.code, false, tlbs.supervisorCode, TLBSize.code), (.code, true, tlbs.userCode, TLBSize.code),
        ]
        return tables.flatMap { table, isUser, entries, count in
            (0..<count).map { entries[$0] }
                // Entries of another generation were flushed.
                .filter { $0.tag != 0 && $0.tag & 0xFFF == s.pointee.generation }
                .map {
                    TLBView(
                        table: table, isUser: isUser, linear: $0.tag & 0xFFFF_F000, physical: $0.physical & 0xFFFF_F000,
                        isWritten: $0.physical & TLBInfo.writable != 0)
                }
                .sorted { $0.linear < $1.linear }
        }
    }
}
