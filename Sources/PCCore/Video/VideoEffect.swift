/// Where a change of one of the VGA's registers can be seen, so that only what it touches is computed again.
struct VideoEffect: OptionSet, Sendable {
    let rawValue: UInt8

    /// Which cells are shown, or the cursor.
    static let content = VideoEffect(rawValue: 1)
    /// The shape or the colours of the whole picture.
    static let layout = VideoEffect(rawValue: 2)
    /// How the CPU sees video memory.
    static let memoryPath = VideoEffect(rawValue: 4)
    /// The length of lines and frames.
    static let timing = VideoEffect(rawValue: 8)
}
