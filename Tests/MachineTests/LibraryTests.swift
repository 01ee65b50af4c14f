import PCCore
import PCHost
import Testing

/// The README's example of the library, as it stands there.
@Suite struct LibraryTests {
    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func theExampleOfTheReadMe() throws {
        let image = try #require(Surroundings.guest("freedos-1.4MB.img")).path
        var configuration = PCConfiguration()
        configuration.cpu = .i80386
        configuration.memory = 4 << 20
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies[0] = try DiskImage(path: image, access: .discarded).tracked

        let pc = PC(configuration, allocator: .mapped)
        while pc.textScreen?.lines.contains(where: { $0.hasPrefix("A:\\>") }) != true {
            guard pc.run(until: pc.now + pc.slotsPerSecond / 100) == .sliceEnd else { break }
        }
        #expect(pc.textScreen?.lines.contains { $0.hasPrefix("A:\\>") } == true)
        #expect(MachineHash.hex(pc, disks: configuration.floppies).count == 64)
    }
}
