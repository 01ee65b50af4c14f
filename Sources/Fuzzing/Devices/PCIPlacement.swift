import PCCore

/// Where a case puts a PCI device's regions: always the same places, whatever is on the bus.
struct PCIPlacement {
    let place: PCIBus.Place
    let base: UInt32

    static func all(_ places: [PCIBus.Place]) -> [PCIPlacement] {
        var port: UInt32 = 0xC000
        var memory: UInt32 = 0xE000_0000
        return places.map { place in
            let step = max(place.size, place.isPorts ? 0x100 : 0x1000)
            let base: UInt32
            if place.isPorts {
                base = port
                port += step
            } else {
                base = (memory &+ (step - 1)) & ~(step - 1)
                memory = base &+ step
            }
            return PCIPlacement(place: place, base: base)
        }
    }

    /// A write of a configuration register by mechanism 1.
    static func write(function: UInt8, _ register: UInt8, _ value: UInt32, _ width: AccessWidth) -> [DeviceOperation] {
        [
            .output(port: 0xCF8, .dword, 0x8000_0000 | UInt32(function) << 8 | UInt32(register & 0xFC)),
            .output(port: 0xCFC + UInt16(register & 3), width, value),
        ]
    }

    /// Puts the region there, switches it on, and lets the function decode and master the bus.
    var operations: [DeviceOperation] {
        let isROM = place.register == 0x30
        return Self.write(function: place.function, place.register, base | (isROM ? 1 : 0), .dword)
            + Self.write(function: place.function, 4, 7, .word)
            + (place.enable.map { Self.write(function: place.function, $0.register, UInt32($0.mask), .byte) } ?? [])
    }
}
