import Glibc
import PCCore

/// Events as the QEMU Machine Protocol tells of them.
enum QMPEvent {
    static func json(_ event: ControlEvent) -> JSONValue? {
        switch event {
        case .paused: object("STOP")
        case .resumed: object("RESUME")
        case .powerButton: object("POWERDOWN")
        case .reset(isGuest: false): object("RESET", isGuest: false, "host-qmp-system-reset")
        case .reset(isGuest: true): object("RESET", isGuest: true, "guest-reset")
        case .stopped(.poweredOff), .stopped(.debugExit): object("SHUTDOWN", isGuest: true, "guest-shutdown")
        case .stopped(.shutdown): object("SHUTDOWN", isGuest: true, "guest-reset")
        case .quit(.request): object("SHUTDOWN", isGuest: false, "host-qmp-quit")
        case .quit(.signal): object("SHUTDOWN", isGuest: false, "host-signal")
        // The guest's own end was told already; QEMU does not know of a halt for ever.
        case .quit(.guest), .stopped, .text: nil
        case .disk(let drive, let path):
            object(
                "DEVICE_TRAY_MOVED",
                [
                    ("device", .text(QMPDrive.name(of: drive))), ("id", .text("")), ("tray-open", .bool(path == nil)),
                ])
        }
    }

    private static func object(_ name: String, isGuest: Bool, _ reason: String) -> JSONValue {
        object(name, [("guest", .bool(isGuest)), ("reason", .text(reason))])
    }

    private static func object(_ name: String, _ data: [(String, JSONValue)] = []) -> JSONValue {
        let (seconds, microseconds) = now
        let stamp = JSONValue.object([("seconds", .number(seconds)), ("microseconds", .number(microseconds))])
        let head: [(String, JSONValue)] = [("timestamp", stamp), ("event", .text(name))]
        return .object(head + (data.isEmpty ? [] : [("data", .object(data))]))
    }

    /// The host's time of day, which goes to the client and never to the guest.
    private static var now: (UInt64, UInt64) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return (UInt64(max(0, time.tv_sec)), UInt64(max(0, time.tv_nsec)) / 1000)
    }
}

/// The drives whose disks can be changed, by QEMU's names.
enum QMPDrive {
    static func name(of drive: MediaChanger.Drive) -> String { ["floppy0", "floppy1", "ide1-cd0"][drive.rawValue] }

    static func named(_ name: String) -> MediaChanger.Drive? {
        MediaChanger.Drive.allCases.first { self.name(of: $0) == name }
    }
}
