import Testing

@testable import PCCore

@Suite struct DiskGeometryTests {
    @Test func formatsFollowFromTheSize() throws {
        let sizes = [163_840, 184_320, 327_680, 368_640, 655_360, 737_280, 1_228_800, 1_474_560, 2_949_120]
        #expect(FloppyFormat.all.map(\.size) == sizes)
        for size in sizes { #expect(FloppyFormat(size: size)?.size == size) }
        for size in [0, 512, 1_474_559, 1_474_561, 1_440_000] { #expect(FloppyFormat(size: size) == nil) }
        #expect(try #require(FloppyFormat(size: 184_320)).geometry == DiskGeometry(cylinders: 40, heads: 1, sectors: 9))
        #expect(try #require(FloppyFormat(size: 655_360)).geometry == DiskGeometry(cylinders: 80, heads: 2, sectors: 8))
    }

    @Test func drivesReadWhatTheyCan() throws {
        let k360 = try #require(FloppyFormat(size: 368_640))
        #expect(k360.dataRate(in: .kilobytes360) == .kilobits250)
        #expect(k360.dataRate(in: .megabytes12) == .kilobits300)
        #expect(k360.dataRate(in: .megabytes144) == .kilobits250)
        #expect(k360.dataRate(in: .none) == nil)
        let k720 = try #require(FloppyFormat(size: 737_280))
        #expect(k720.dataRate(in: .kilobytes360) == nil)
        #expect(k720.dataRate(in: .megabytes288) == .kilobits250)
        let m144 = try #require(FloppyFormat(size: 1_474_560))
        #expect(m144.dataRate(in: .megabytes144) == .kilobits500)
        #expect(m144.dataRate(in: .megabytes12) == nil)
        #expect(m144.dataRate(in: .kilobytes720) == nil)
        let m288 = try #require(FloppyFormat(size: 2_949_120))
        #expect(m288.dataRate(in: .megabytes288) == .megabits1)
        #expect(m288.dataRate(in: .megabytes144) == nil)
    }

    @Test(arguments: [(0, 1), (1, 1), (1008, 1), (2015, 1), (2016, 2), (20_160, 20), (41_943_040, 41_610)])
    func hardDisksHaveWholeCylinders(sectors: Int, cylinders: Int) {
        #expect(
            DiskGeometry(hardDiskSectors: sectors) == DiskGeometry(cylinders: cylinders, heads: 16, sectors: 63))
    }

    @Test func sectorNumbersStayInside() {
        let geometry = DiskGeometry(cylinders: 80, heads: 2, sectors: 18)
        #expect(geometry.sectorNumber(cylinder: 0, head: 0, sector: 1) == 0)
        #expect(geometry.sectorNumber(cylinder: 1, head: 1, sector: 3) == 56)
        #expect(geometry.sectorNumber(cylinder: 79, head: 1, sector: 18) == 2879)
        for (c, h, s) in [(80, 0, 1), (0, 2, 1), (0, 0, 0), (0, 0, 19), (-1, 0, 1), (0, -1, 1)] {
            #expect(geometry.sectorNumber(cylinder: c, head: h, sector: s) == nil)
        }
    }
}
