/// A key by its place on the PC's 101/102-key keyboard, named as QEMU's `sendkey` names it.
public enum Key: String, CaseIterable, Sendable {
    case a
}
