import PCCore

/// A system ROM of 64 KB that jumps from the reset vector to a few bytes of machine code.
struct TinyBIOS {
    let image: [UInt8]

    /// - Parameter code: runs at F000:0000 in real mode, interrupts off.
    init(_ code: [UInt8]) {
        var image = [UInt8](repeating: 0xF4, count: 0x1_0000)
        image.replaceSubrange(0..<code.count, with: code)
        image.replaceSubrange(0xFFF0..<0xFFF5, with: [0xEA, 0x00, 0x00, 0x00, 0xF0])
        self.image = image
    }

    /// mov al, byte / out F4h, al
    static func exit(_ byte: UInt8) -> [UInt8] { [0xB0, byte, 0xE6, 0xF4] }

    /// Writes `text` to port E9h.
    static func say(_ text: String) -> [UInt8] { text.utf8.flatMap { [0xB0, $0, 0xE6, 0xE9] } }

    /// cli / hlt
    static let halt: [UInt8] = [0xFA, 0xF4]
    /// jmp $
    static let loop: [UInt8] = [0xEB, 0xFE]

    /// Counts in AX and BX and writes what comes out all over the first 64 KB, for ever.
    static let work: [UInt8] = [
        0x31, 0xC0, 0x8E, 0xD8,  // xor ax, ax / mov ds, ax
        0x31, 0xDB,  // xor bx, bx
        0x01, 0xD8,  // again: add ax, bx
        0x43,  // inc bx
        0x89, 0x07,  // mov [bx], ax
        0xD1, 0xC0,  // rol ax, 1
        0xEB, 0xF7,  // jmp again
    ]

    /// Writes "Shutdown" to port 8900h.
    static let powerOff: [UInt8] = [0xBA, 0x00, 0x89] + "Shutdown".utf8.flatMap { [0xB0, $0, 0xEE] } + halt

    /// An interrupt without a table: the CPU shuts down.
    static let crash: [UInt8] = [
        0x2E, 0x0F, 0x01, 0x1E, 0x08, 0x00,  // lidt [cs:8]
        0xCD, 0x03,  // int 3
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // a table of one byte
    ]

    /// A machine with this ROM.
    func machine(_ change: (inout PCConfiguration) -> Void = { _ in }) -> PC {
        var configuration = PCConfiguration()
        configuration.bios = image
        configuration.memory = 1 << 20
        change(&configuration)
        return PC(configuration)
    }
}
