/// The storage of one CPU's TLBs: data and code, supervisor and user apart, so that a change of privilege costs nothing.
struct TLBs {
    let supervisorTLB: UnsafeMutablePointer<TLBEntry>
    let userTLB: UnsafeMutablePointer<TLBEntry>
    let supervisorInfo: UnsafeMutablePointer<TLBInfo>
    let userInfo: UnsafeMutablePointer<TLBInfo>
    let supervisorCode: UnsafeMutablePointer<TLBInfo>
    let userCode: UnsafeMutablePointer<TLBInfo>

    init() {
        supervisorTLB = .allocate(capacity: TLBSize.data * 2)
        userTLB = supervisorTLB + TLBSize.data
        supervisorInfo = .allocate(capacity: TLBSize.data)
        userInfo = .allocate(capacity: TLBSize.data)
        supervisorCode = .allocate(capacity: TLBSize.code)
        userCode = .allocate(capacity: TLBSize.code)
        clearTLBs()
    }

    func deallocate() {
        supervisorTLB.deallocate()
        supervisorInfo.deallocate()
        userInfo.deallocate()
        supervisorCode.deallocate()
        userCode.deallocate()
    }

    /// Takes every entry out.
    func clearTLBs() {
        for table in [supervisorTLB, userTLB] {
            table.initialize(repeating: TLBEntry(readTag: 0, writeTag: 0, addend: 0), count: TLBSize.data)
        }
        for table in [supervisorInfo, userInfo] {
            table.initialize(repeating: TLBInfo(tag: 0, physical: 0), count: TLBSize.data)
        }
        for table in [supervisorCode, userCode] {
            table.initialize(repeating: TLBInfo(tag: 0, physical: 0), count: TLBSize.code)
        }
    }

    /// Takes the entries of one linear page out.
    func dropPage(_ linear: UInt32) {
        let index = Int(linear >> 12) & (TLBSize.data - 1)
        for (table, info) in [(supervisorTLB, supervisorInfo), (userTLB, userInfo)]
        where (info[index].tag ^ linear) & 0xFFFF_F000 == 0 {
            table[index] = TLBEntry(readTag: 0, writeTag: 0, addend: 0)
            info[index].tag = 0
        }
        let codeIndex = Int(linear >> 12) & (TLBSize.code - 1)
        for table in [supervisorCode, userCode] where (table[codeIndex].tag ^ linear) & 0xFFFF_F000 == 0 {
            table[codeIndex].tag = 0
        }
    }

    // MARK: Write tags of pages with decoded code

    /// What `PhysicalMemory.pageWriters` says of a page to which more than one entry led.
    static let severalWriters: UInt16 = .max

    /// Notes that `entry` has a write tag for the page of `writer`, so that `protect` need not search for it. A note
    /// outlives the tag: it says where one may be.
    @inline(__always)
    func noteWriter(_ entry: UnsafeMutablePointer<TLBEntry>, _ writer: UnsafeMutablePointer<UInt16>) {
        let number = UInt16(truncatingIfNeeded: entry - supervisorTLB &+ 1)
        if writer.pointee != number { writer.pointee = writer.pointee == 0 ? number : Self.severalWriters }
    }

    /// Sends writes to a physical page the slow way from now on: it holds decoded code.
    func protect(physicalPage: UInt32, _ writer: UnsafeMutablePointer<UInt16>) {
        if writer.pointee == Self.severalWriters {
            for (table, info) in [(supervisorTLB, supervisorInfo), (userTLB, userInfo)] {
                for i in 0..<TLBSize.data where info[i].physical & 0xFFFF_F000 == physicalPage { table[i].writeTag = 0 }
            }
        } else if writer.pointee != 0 {
            supervisorTLB[Int(writer.pointee) - 1].writeTag = 0
        }
        writer.pointee = 0
    }

    /// Makes the fast paths ask again for every page, without forgetting a translation.
    func dropFastPaths() {
        for table in [supervisorTLB, userTLB] {
            table.initialize(repeating: TLBEntry(readTag: 0, writeTag: 0, addend: 0), count: TLBSize.data)
        }
    }
}
