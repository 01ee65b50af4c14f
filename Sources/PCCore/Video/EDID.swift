// What the monitor says about itself: 128 bytes, version 1.3. [EDID 3]

/// A colour monitor of 4:3 for every mode from 640 x 480 to 1600 x 1200; 1024 x 768 is its best.
enum EDID {
    static let block: [UInt8] = {
        var block: [UInt8] = [0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00]
        // Maker SWT, product 86h, no serial number, week 1 of 2026, version 1.3.
        block += [0x4E, 0xF4, 0x86, 0x00, 0x00, 0x00, 0x00, 0x00, 1, 36, 1, 3]
        // Analog, 32 cm by 24 cm, gamma 2.2, colour; the first timing is the best.
        block += [0x08, 32, 24, 120, 0x0A]
        // The colours of sRGB.
        block += [0xEE, 0x91, 0xA3, 0x54, 0x4C, 0x99, 0x26, 0x0F, 0x50, 0x54]
        // 720 x 400, 640 x 480, 800 x 600, 1024 x 768.
        block += [0xA1, 0x08, 0x00]
        // 1152 x 864, 1280 x 960, 1280 x 1024, 1400 x 1050, 1600 x 1200, all at 60 Hz.
        block += [0x71, 0x40, 0x81, 0x40, 0x81, 0x80, 0x90, 0x40, 0xA9, 0x40, 1, 1, 1, 1, 1, 1]
        // 1024 x 768 at 65 MHz.
        block += [
            0x64, 0x19, 0x00, 0x40, 0x41, 0x00, 0x26, 0x30, 0x18, 0x88, 0x36, 0x00, 0x40, 0xF0, 0x10, 0x00, 0x00, 0x18,
        ]
        block += [0, 0, 0, 0xFD, 0, 50, 75, 30, 80, 17, 0, 0x0A, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20]
        block += [0, 0, 0, 0xFC, 0] + Array("Swift86 VGA\n ".utf8)
        block += [0, 0, 0, 0x10, 0] + [UInt8](repeating: 0, count: 13)
        block.append(0)
        block.append(0 &- block.reduce(0, &+))
        return block
    }()
}
