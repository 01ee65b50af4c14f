import Crypto
import PCCore

/// The SHA-256 of everything that decides a machine's future: the board's state and the sectors that the guest wrote.
public enum MachineHash {
    /// - Parameter disks: the disks in the machine's drives, in a fixed order; nil is an empty drive.
    public static func hex(_ pc: PC, disks: [(any BlockDevice)?]) -> String {
        var hash = SHA256()
        hash.update(data: pc.canonicalState())
        for (drive, disk) in disks.enumerated() {
            guard let disk = disk as? ChangeTrackingDisk else { continue }
            hash.update(data: [UInt8(truncatingIfNeeded: drive)])
            // A sector that the host cannot read any more leaves the hash as it is without it.
            try? disk.canonicalChanges { hash.update(data: $0) }
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
