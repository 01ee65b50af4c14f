/// What `swift86 info` says about a disk image.
public struct ImageDescription {
    private let path: String
    private let shape: DiskShape
    private let kind: DiskKind
    private let cd: CDImage?

    /// Looks at the image; others may be using it.
    public init(path: String) throws(BadInput) {
        self.path = path
        if CueSheet.isNamed(path) {
            let disc = try CDImage(path: path)
            (shape, kind, cd) = (disc.image.shape, .cdrom, disc)
        } else {
            shape = try DiskImage(path: path, access: .readOnly).shape
            kind = try shape.kind(of: path)
            cd = kind == .cdrom ? try CDImage(path: path) : nil
        }
    }

    /// Several lines, each a name and a value.
    public var text: String {
        var lines = [("image", path), ("kind", kind.rawValue), ("size", "\(shape.size) bytes")]
        switch kind {
        case .floppy: lines.append(("format", "\(shape.size / 1024) KB"))
        case .disk: lines.append(("geometry", "\(shape.size / DiskShape.cylinder) cylinders, 16 heads, 63 sectors"))
        case .cdrom:
            lines.append(("sectors", "\(cd?.sectorCount ?? 0) of \(cd?.layout.sectorBytes ?? 0) bytes"))
            lines.append(("El Torito", cd?.isBootable == true ? "yes" : "no"))
        }
        if kind != .cdrom { lines.append(("boot signature", shape.hasBootSignature ? "yes" : "no")) }
        if let label = cd?.volume ?? (kind == .cdrom ? nil : shape.volumeLabel) { lines.append(("volume", label)) }
        if kind == .disk { lines += partitions }
        return lines.map { name, value in "\(name):\(String(repeating: " ", count: 15 - name.count))\(value)\n" }
            .joined()
    }

    private var partitions: [(String, String)] {
        guard shape.hasBootSignature, shape.volumeLabel == nil else { return [] }
        return (0..<4).compactMap { number in
            let entry = Array(shape.bootSector[446 + number * 16..<462 + number * 16])
            guard entry[4] != 0, entry[0] & 0x7F == 0 else { return nil }
            let number32 = { (at: Int) in (0..<4).reduce(0) { $0 | Int(entry[at + $1]) << (8 * $1) } }
            let type = String(entry[4], radix: 16, uppercase: true)
            let active = entry[0] == 0x80 ? ", active" : ""
            let text = "type \(type)h, \(number32(12)) sectors from \(number32(8))\(active)"
            return ("partition \(number + 1)", text)
        }
    }
}

extension DiskShape {
    /// The label in a FAT boot sector, nil where there is none.
    var volumeLabel: String? {
        guard hasBootSignature, bootSector[38] == 0x29 || bootSector[38] == 0x28,
            bootSector[54..<57].elementsEqual("FAT".utf8)
        else { return nil }
        let bytes = bootSector[43..<54].map { (32..<127).contains($0) ? $0 : 63 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
