/// What an interrupt asks of the processor that it comes to. [SDM 3A Table 10-3, 82093AA 3.2.4]
enum APICDelivery: UInt8, Sendable {
    case fixed = 0
    case lowestPriority = 1
    case systemManagement = 2
    case remoteRead = 3
    case nonMaskable = 4
    case initialise = 5
    case startUp = 6
    case external = 7
}

/// A message on the APIC bus: an interrupt from the I/O APIC, or from one processor to others.
struct APICMessage: Sendable {
    var vector: UInt8
    var delivery: APICDelivery
    var isLevel: Bool
    /// An APIC's number, or with `isLogical` a set of them.
    var destination: UInt8
    var isLogical: Bool
}
