import PCCore

/// Compares pictures as goldens are compared: pixel by pixel, with some slack in each channel.
enum PictureComparison {
    /// A rectangle of a picture, in pixels.
    struct Box: Equatable, Sendable {
        var x, y, width, height: Int
    }

    /// Parts of a thousand million of the pixels that differ by more than `slack` in a channel; nil where the sizes do not
    /// fit. A picture that is smaller by whole numbers is enlarged first.
    static func difference(_ picture: FrameBuffer, _ golden: FrameBuffer, slack: Int, box: Box? = nil) -> Int? {
        guard let picture = enlarged(picture, to: golden) else { return nil }
        let area = box ?? Box(x: 0, y: 0, width: golden.width, height: golden.height)
        let columns = max(0, area.x)..<max(max(0, area.x), min(golden.width, area.x &+ area.width))
        let rows = max(0, area.y)..<max(max(0, area.y), min(golden.height, area.y &+ area.height))
        guard !columns.isEmpty, !rows.isEmpty else { return nil }
        var count = 0
        for row in rows {
            for i in row * golden.width + columns.lowerBound..<row * golden.width + columns.upperBound
            where isFar(picture.pixels[i], golden.pixels[i], slack) { count += 1 }
        }
        return count * 1_000_000_000 / (columns.count * rows.count)
    }

    /// How many colours `picture` has.
    static func colours(_ picture: FrameBuffer) -> Int { Set(picture.pixels).count }

    private static func isFar(_ a: UInt32, _ b: UInt32, _ slack: Int) -> Bool {
        guard a != b else { return false }
        for shift: UInt32 in [0, 8, 16] {
            let distance = Int(a >> shift & 0xFF) - Int(b >> shift & 0xFF)
            if abs(distance) > slack { return true }
        }
        return false
    }

    private static func enlarged(_ picture: FrameBuffer, to golden: FrameBuffer) -> FrameBuffer? {
        guard picture.width > 0, picture.height > 0, golden.width > 0, golden.height > 0 else { return nil }
        if picture.width == golden.width, picture.height == golden.height { return picture }
        guard golden.width % picture.width == 0, golden.height % picture.height == 0 else { return nil }
        let (across, down) = (golden.width / picture.width, golden.height / picture.height)
        var large = FrameBuffer(width: golden.width, height: golden.height)
        for row in 0..<golden.height {
            let source = row / down * picture.width
            for column in 0..<golden.width {
                large.pixels[row * golden.width + column] = picture.pixels[source + column / across]
            }
        }
        return large
    }
}
