import PCCore
import PCHost
import Testing

/// Every CPU model takes our BIOS from its reset vector to the demo disk, with the most memory that fits it.
@Suite struct ModelBootTests {
    @Test(arguments: CPUModel.allCases) func bootsTheDemoDisk(_ model: CPUModel) {
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.memory = min(model.largestMemory, 64 << 20)
        // The models' own rates differ by a factor of a thousand; the boot is to take about the same work.
        configuration.rate = 20_000_000
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies[0] = Firmware.demoDisk
        let pc = PC(configuration, allocator: .mapped)
        var isThere = false
        for _ in 0..<100 where !isThere {
            guard pc.run(until: pc.now + pc.slotsPerSecond / 10) == .sliceEnd else { break }
            isThere = pc.textScreen?.lines.contains { $0.contains("Demo disk") } ?? false
        }
        #expect(isThere)
    }
}
