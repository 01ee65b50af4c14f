import Glibc
import PCCore

/// What `swift86 overlay info` says about an overlay.
public struct OverlayDescription {
    /// Several lines, each a name and a value.
    public let text: String

    /// Looks at the overlay; a machine may be using it.
    public init(path: String) throws(BadInput) {
        guard let size = try OverlayFile.size(path) else { throw BadInput("\(path): \(HostError.text(ENOENT))") }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
        defer { close(file) }
        let scan = try OverlayScan(file, path: path)
        let base = scan.header.base
        var lines = [
            ("overlay", path), ("version", "\(OverlayFormat.version)"), ("size", "\(size) bytes"),
            ("image", "\(base.sectorCount) sectors, \(base.sectorCount * base.sectorSize) bytes"),
            ("sectors", "\(scan.index.count) changed"),
            ("records", "\(scan.recordCount), \(scan.recordCount - scan.index.count) of them written over later"),
        ]
        if scan.tornBytes > 0 {
            let what = "\(scan.tornBytes) bytes at the end are left out: a write that did not come to its end"
            lines.append(("cut short", what))
        }
        text = lines.map { name, value in
            "\(name):\(String(repeating: " ", count: 15 - name.count))\(value)\n"
        }.joined()
    }
}

/// What the command line does with overlays that no machine is using.
public enum OverlayCommand {
    /// Writes an overlay into its image, and empties it.
    public static func commit(
        _ path: String, into image: String, messages: Messages = Messages()
    ) throws(BadInput) {
        try checkIsThere(path)
        let disk = try DiskImage(path: image, access: .overlay(path))
        if let warning = disk.overlay?.warning { messages.warning(warning) }
        try disk.commitOverlay()
        do throws(BlockError) {
            try disk.close()
        } catch {
            throw BadInput(error, path)
        }
    }

    /// Removes an overlay's file; one that is damaged behind its header as well.
    public static func discard(_ path: String) throws(BadInput) {
        try checkIsThere(path)
        let file = try OverlayFile.openLocked(path)
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        let head = OverlayFile.read(file, at: 0, count: min(Int(status.st_size), OverlayFormat.headerBytes))
        _ = try OverlayHeader(head ?? [], path: path)
        guard unlink(path) == 0 else { throw BadInput("\(path): cannot be removed: \(HostError.text)") }
    }

    private static func checkIsThere(_ path: String) throws(BadInput) {
        guard try OverlayFile.size(path) != nil else { throw BadInput("\(path): \(HostError.text(ENOENT))") }
    }
}
