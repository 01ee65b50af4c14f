#if Window
    /// Where in a window the guest's picture goes.
    ///
    /// A monitor shows every VGA mode 4 wide to 3 high, whatever its pixels are. Sharp pixels need whole-number scales.
    /// Both at once exist for some pairs of scales only: 3 by 4 for 720x400, 5 by 6 for 320x200. So: the largest pair of
    /// whole numbers within 3% of 4:3 is taken if it fits the window nearly as well as anything else could. If it does
    /// not, columns keep a whole-number scale and the height follows from 4:3, rows repeating as often as that takes.
    public struct Viewport: Equatable, Sendable {
        public var x, y, width, height: Int

        /// The place of a picture of `frame` pixels in a window of `window` pixels.
        public static func fit(frame: (width: Int, height: Int), window: (width: Int, height: Int)) -> Viewport {
            guard frame.width > 0, frame.height > 0, window.width > 0, window.height > 0 else {
                return Viewport(x: 0, y: 0, width: 0, height: 0)
            }
            let free = columnsScaled(frame, window)
            let exact = bothScaled(frame, window)
            let size = exact.flatMap { $0.width * 5 >= free.width * 4 ? $0 : nil } ?? free
            return Viewport(
                x: (window.width - size.width) / 2, y: (window.height - size.height) / 2,
                width: size.width, height: size.height)
        }

        /// A window that shows `frame` well on a display of `display` pixels.
        public static func windowSize(
            frame: (width: Int, height: Int), display: (width: Int, height: Int)
        ) -> (width: Int, height: Int) {
            let room = (width: display.width * 9 / 10, height: display.height * 9 / 10)
            let scale = max(1, min(room.width / frame.width, room.height * 4 / 3 / frame.width))
            return (frame.width * min(2, scale), frame.width * min(2, scale) * 3 / 4)
        }

        private typealias Size = (width: Int, height: Int)

        /// The largest size with whole-number scales both ways whose shape is within 3% of 4:3.
        private static func bothScaled(_ frame: Size, _ window: Size) -> Size? {
            var best: Size?
            for x in stride(from: 1, through: window.width / frame.width, by: 1) {
                for y in stride(from: 1, through: window.height / frame.height, by: 1) {
                    let size = (width: frame.width * x, height: frame.height * y)
                    let difference = abs(size.width * 3 - size.height * 4)
                    if difference * 100 <= size.height * 4 * 3, size.width > best?.width ?? 0 { best = size }
                }
            }
            return best
        }

        /// The largest size of 4:3 with whole-number columns; in a window too small for that, the largest of 4:3.
        private static func columnsScaled(_ frame: Size, _ window: Size) -> Size {
            let widest = min(window.width, window.height * 4 / 3)
            let width = widest >= frame.width ? widest / frame.width * frame.width : widest
            return (max(1, width), max(1, width * 3 / 4))
        }
    }
#endif
