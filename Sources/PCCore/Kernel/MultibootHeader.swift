/// The header by which a Multiboot 1 kernel is known: in the first 8 KB, at a multiple of four. [Multiboot 3.1]
struct MultibootHeader: Equatable, Sendable {
    static let magic: UInt32 = 0x1BAD_B002
    /// How far it may stand into the file.
    static let searched = 8192

    enum Flags {
        /// What a loader does not know of these it must not boot.
        static let required: UInt32 = 0xFFFF
        static let alignedModules: UInt32 = 0x1
        static let memoryInformation: UInt32 = 0x2
        static let video: UInt32 = 0x4
        static let known = alignedModules | memoryInformation | video
        static let addresses: UInt32 = 0x1_0000
    }

    /// Where it stands in the file.
    let offset: Int
    let flags: UInt32
    /// header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr, if they count.
    let addresses: [UInt32]

    /// The first one with a right checksum; nil where there is none.
    init?(in file: FileBytes) {
        var offset = 0
        while offset + 12 <= min(file.count, Self.searched) {
            let flags = file.long(offset + 4)
            if file.long(offset) == Self.magic, Self.magic &+ flags &+ file.long(offset + 8) == 0 {
                self.offset = offset
                self.flags = flags
                addresses = (0..<5).map { file.long(offset + 12 + 4 * $0) }
                return
            }
            offset += 4
        }
        return nil
    }
}
