import PCCore

/// What travels inside the program: the system BIOS, the VGA BIOS and the demo disk.
public enum Firmware {
    /// Bytes of the demo disk, a floppy; its zeros at the end are not carried along.
    public static let demoDiskSize = EmbeddedFirmware.demoSize

    public static var bios: [UInt8] { decode(EmbeddedFirmware.bios) }
    public static var vgaBIOS: [UInt8] { decode(EmbeddedFirmware.vgabios) }
    /// The option ROM that starts `PCConfiguration.kernel`.
    public static var kernelROM: [UInt8] { decode(EmbeddedFirmware.kernel) }
    /// The DOS program of `run`, whose texts `DosRunner` fills in.
    static var runner: [UInt8] { decode(EmbeddedFirmware.runner) }
    /// A fresh copy of the demo disk.
    public static var demoDisk: MemoryDisk {
        let content = decode(EmbeddedFirmware.demo)
        return MemoryDisk(content + [UInt8](repeating: 0, count: max(0, demoDiskSize - content.count)))
    }

    /// Checks a system BIOS that the user gave.
    static func checkBIOS(_ image: [UInt8], path: String) throws(BadInput) {
        guard image.count % 4096 == 0, (0x1_0000...0x4_0000).contains(image.count) else {
            throw BadInput("\(path): \(image.count) bytes is no size of a BIOS (64 to 256 KB, whole pages of 4 KB)")
        }
    }

    /// Checks a VGA BIOS that the user gave.
    static func checkVGABIOS(_ image: [UInt8], path: String) throws(BadInput) {
        guard image.count % 512 == 0, (512...0x1_0000).contains(image.count) else {
            throw BadInput("\(path): \(image.count) bytes is no size of a VGA BIOS (up to 64 KB, whole blocks of 512)")
        }
        guard image[0] == 0x55, image[1] == 0xAA else {
            throw BadInput("\(path): is no option ROM: it does not begin with 55h AAh")
        }
    }

    /// Undoes base64. Blanks and line ends do not count.
    static func decode(_ text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { text in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 4 * 3)
            var bits: UInt32 = 0
            var count = 0
            for character in text {
                guard let value = sextet(character) else { continue }
                bits = bits << 6 | value
                count += 6
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                }
            }
            return bytes
        }
    }

    private static func sextet(_ character: UInt8) -> UInt32? {
        switch character {
        case 65...90: UInt32(character) - 65
        case 97...122: UInt32(character) - 71
        case 48...57: UInt32(character) + 4
        case 43: 62
        case 47: 63
        default: nil
        }
    }
}
