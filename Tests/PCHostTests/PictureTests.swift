import CPNG
import PCCore
import Testing

@testable import PCHost

@Suite struct PictureTests {
    private var frame: FrameBuffer {
        var frame = FrameBuffer(width: 3, height: 2)
        frame.pixels = [0xFF0000, 0x00FF00, 0x0000FF, 0x000000, 0xFFFFFF, 0x123456]
        return frame
    }

    private let rgb: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0x12, 0x34, 0x56]

    @Test func pngHoldsThePixels() throws {
        let bytes = try Picture.png(frame)
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        #expect(png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0)
        #expect(image.width == 3)
        #expect(image.height == 2)
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        var pixels = [UInt8](repeating: 0, count: 18)
        #expect(png_image_finish_read(&image, nil, &pixels, 9, nil) != 0)
        #expect(pixels == rgb)
    }

    @Test func ppmHoldsThePixels() {
        #expect(Picture.ppm(frame) == Array("P6\n3 2\n255\n".utf8) + rgb)
    }

    @Test func noPictureIsAnError() {
        #expect(throws: BadInput.self) { try Picture.png(FrameBuffer()) }
    }

    @Test func theNameSaysTheFormat() throws {
        let folder = try TemporaryFolder()
        try Picture.write(frame, to: folder.path("a.png"))
        try Picture.write(frame, to: folder.path("a.ppm"))
        #expect(try folder.content("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try folder.content("a.ppm").starts(with: "P6".utf8))
        #expect(throws: BadInput.self) { try Picture.write(frame, to: folder.path("none/a.png")) }
    }
}
