import PCCore

/// Makes traffic from a seed: recipes, recorded traffic with faults, bytes.
struct TrafficGenerator {
    private let seed: UInt64
    /// What a boot did to the devices, in pieces; empty where there is no recording.
    private let recording: [DeviceOperation]
    private var places: [UInt16: (Traffic.Places, [PCIPlacement])] = [:]

    init(seed: UInt64, recording: [DeviceOperation] = []) {
        self.seed = seed
        self.recording = recording
    }

    /// The case of that number: the same for the same seed and recording.
    mutating func traffic(_ number: Int) -> Traffic {
        var random = Random(seed: seed &* 0x1_0000_0001 ^ UInt64(truncatingIfNeeded: number) &* 0xD134_2543_DE82_EF95)
        _ = random.next()
        var configuration = UInt16(truncatingIfNeeded: random.next())
        // Fast machines take long for the same guest time.
        if !random.oneIn(8) { configuration &= 0x6FFF }
        var traffic = Traffic(configuration: configuration)
        let (places, placements) = whereabouts(configuration)
        if recording.isEmpty || !random.oneIn(3) {
            var recipes = Recipes(random, places, placements)
            let count = random.oneIn(4) ? 40 : 12
            if !random.oneIn(4) { for placement in placements { recipes.add(placement.operations) } }
            for _ in 0..<1 + random.below(count) { recipes.step() }
            random = recipes.random
            traffic.operations = recipes.take()
        } else {
            let first = random.below(recording.count)
            traffic.operations = Array(recording[first...].prefix(20 + random.below(400)))
        }
        for _ in 0..<random.below(4) { mutate(&traffic.operations, &random, places, placements) }
        if random.oneIn(10) { garble(&traffic, &random, places) }
        return traffic
    }

    private mutating func whereabouts(_ configuration: UInt16) -> (Traffic.Places, [PCIPlacement]) {
        let kind = TrafficMachine.kind(configuration)
        if let known = places[kind] { return known }
        let found = (TrafficMachine.places(kind), PCIPlacement.all(TrafficMachine(kind).pc.regions))
        places[kind] = found
        return found
    }

    /// Drops, repeats, moves, changes or puts something between.
    private func mutate(
        _ operations: inout [DeviceOperation], _ random: inout Random, _ places: Traffic.Places,
        _ placements: [PCIPlacement]
    ) {
        guard !operations.isEmpty else { return }
        let at = random.below(operations.count)
        switch random.below(6) {
        case 0: operations.remove(at: at)
        case 1:
            let piece = Array(operations[at...].prefix(1 + random.below(8)))
            for _ in 0..<1 + random.below(6) { operations.insert(contentsOf: piece, at: at) }
        case 2: operations.swapAt(at, random.below(operations.count))
        case 3 where !recording.isEmpty:
            let first = random.below(recording.count)
            operations.insert(contentsOf: recording[first...].prefix(1 + random.below(60)), at: at)
        case 4:
            var recipes = Recipes(random, places, placements)
            recipes.step()
            random = recipes.random
            operations.insert(contentsOf: recipes.take(), at: at)
        default:
            for _ in 0..<1 + random.below(10) {
                let place = random.below(operations.count)
                operations[place] = operations[place].changed(&random)
            }
        }
    }

    /// Changes bytes of the file.
    private func garble(_ traffic: inout Traffic, _ random: inout Random, _ places: Traffic.Places) {
        var bytes = traffic.bytes
        for _ in 0..<1 + random.below(8) where bytes.count > 2 {
            let at = 2 + random.below(bytes.count - 2)
            bytes[at] = random.oneIn(2) ? random.byte() : bytes[at] ^ 1 << UInt8(random.below(8))
        }
        traffic = Traffic(bytes) { _ in places }
    }
}

extension DeviceOperation {
    /// The same with another value or count.
    fileprivate func changed(_ random: inout Random) -> DeviceOperation {
        let value = random.operand()
        return switch self {
        case .output(let port, let width, let old):
            .output(port: port, width, random.oneIn(2) ? value : old ^ 1 << UInt32(random.below(8)))
        case .inputs(let port, let width, _): .inputs(port: port, width, count: UInt16(random.below(3000)))
        case .outputs(let port, let width, _, _):
            .outputs(port: port, width, count: UInt16(random.below(3000)), seed: random.byte())
        case .write(let address, let width, _): .write(address: address, width, value)
        case .sweep(let address, let width, let count, _, let seed):
            .sweep(address: address, width, count: count, stride: UInt16(truncatingIfNeeded: value), seed: seed)
        case .fill(let address, let bytes):
            .fill(address: address, bytes.map { $0 ^ (random.oneIn(8) ? random.byte() : 0) })
        case .run: .run(random.byte(), random.byte())
        default: self
        }
    }
}
