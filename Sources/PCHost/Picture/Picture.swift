import CPNG
import PCCore

/// A machine's picture as a file.
public enum Picture {
    /// The picture as PNG, 24 bits a pixel.
    public static func png(_ frame: FrameBuffer) throws(BadInput) -> [UInt8] {
        guard frame.width > 0, frame.height > 0, frame.pixels.count == frame.width * frame.height else {
            throw BadInput("the machine shows no picture")
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(frame.width)
        image.height = png_uint_32(frame.height)
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        let pixels = rgb(frame)
        let row = Int32(frame.width * 3)
        // The first call only asks for the room that the second needs.
        var size = png_alloc_size_t(0)
        guard png_image_write_to_memory(&image, nil, &size, 0, pixels, row, nil) != 0 else { throw failure(image) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard png_image_write_to_memory(&image, &bytes, &size, 0, pixels, row, nil) != 0 else { throw failure(image) }
        bytes.removeLast(bytes.count - Int(size))
        return bytes
    }

    /// The picture as binary PPM (P6).
    public static func ppm(_ frame: FrameBuffer) -> [UInt8] {
        Array("P6\n\(frame.width) \(frame.height)\n255\n".utf8) + rgb(frame)
    }

    /// Writes the picture as PNG where the name ends so, otherwise as PPM.
    ///
    /// - Parameter disks: files of the machine that must not be overwritten.
    public static func write(
        _ frame: FrameBuffer, to path: String, keepingOff disks: Set<FileIdentity> = []
    ) throws(BadInput) {
        let bytes = path.lowercased().hasSuffix(".png") ? try png(frame) : ppm(frame)
        try HostFile.write(bytes, to: path, keepingOff: disks)
    }

    /// The picture in a PNG file of any kind.
    public static func read(_ path: String) throws(BadInput) -> FrameBuffer {
        let bytes = try HostFile.read(path, limit: 64 << 20)
        // SAFETY: libpng reads from the bytes until the picture is finished, which is within the closure.
        let picture = bytes.withUnsafeBytes { bytes in Result { () throws(BadInput) in try read(bytes, path) } }
        return try picture.get()
    }

    private static func read(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(BadInput) -> FrameBuffer {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
            throw BadInput("\(path): is no PNG picture: \(message(image))")
        }
        let (width, height) = (Int(image.width), Int(image.height))
        guard width <= largestSide, height <= largestSide else {
            throw BadInput("\(path): \(width)x\(height) pixels are too many: at most \(largestSide)x\(largestSide)")
        }
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        var rgb = [UInt8](repeating: 0, count: width * height * 3)
        guard png_image_finish_read(&image, nil, &rgb, Int32(width * 3), nil) != 0 else {
            throw BadInput("\(path): cannot be read: \(message(image))")
        }
        var frame = FrameBuffer(width: width, height: height)
        for i in frame.pixels.indices {
            frame.pixels[i] = UInt32(rgb[3 * i]) << 16 | UInt32(rgb[3 * i + 1]) << 8 | UInt32(rgb[3 * i + 2])
        }
        return frame
    }

    private static let largestSide = 4096

    private static func rgb(_ frame: FrameBuffer) -> [UInt8] {
        // SAFETY: three bytes for each pixel are filled and counted.
        [UInt8](unsafeUninitializedCapacity: frame.pixels.count * 3) { buffer, filled in
            for (i, pixel) in frame.pixels.enumerated() {
                buffer[3 * i] = UInt8(truncatingIfNeeded: pixel >> 16)
                buffer[3 * i + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                buffer[3 * i + 2] = UInt8(truncatingIfNeeded: pixel)
            }
            filled = frame.pixels.count * 3
        }
    }

    private static func failure(_ image: png_image) -> BadInput {
        BadInput("the picture cannot be written: \(message(image))")
    }

    private static func message(_ image: png_image) -> String {
        // SAFETY: libpng ends the text with a zero, within its array.
        withUnsafeBytes(of: image.message) { text in
            String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
