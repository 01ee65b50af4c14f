extension FloppyController {
    /// Where a command stands. [82077AA 5.0]
    enum Phase: UInt8, Sendable {
        /// Waits for command bytes.
        case command
        /// Works on the disk.
        case execution
        /// Has result bytes to be read.
        case result
    }

    /// What the execution phase waits for.
    enum Wait: UInt8, Sendable {
        case nothing
        /// The end of `operationEnd`.
        case disk
        /// An index hole that does not come: no disk, or it does not turn.
        case index
        /// The host takes the sector in `buffer` byte by byte.
        case hostReads
        /// The host gives `buffer` byte by byte.
        case hostWrites
    }

    /// The disk command in its execution phase.
    struct Operation: Stateful, Sendable {
        var drive: UInt8 = 0
        var head: UInt8 = 0
        /// The sector looked for. // C, H, R, N
        var cylinderID: UInt8 = 0
        var headID: UInt8 = 0
        var sectorID: UInt8 = 0
        var sizeCode: UInt8 = 0
        /// EOT
        var lastSector: UInt8 = 0
        /// Sectors done: READ TRACK counts from the index hole, VERIFY counts up to SC.
        var sectorsDone: UInt16 = 0
        /// The head moved before the transfer by itself.
        var impliedSeek = false
        /// The sector in hand has the other data mark and ends the command.
        var stopsAtMark = false
        var status1: UInt8 = 0
        var status2: UInt8 = 0

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&drive)
            visitor.visit(&head)
            visitor.visit(&cylinderID)
            visitor.visit(&headID)
            visitor.visit(&sectorID)
            visitor.visit(&sizeCode)
            visitor.visit(&lastSector)
            visitor.visit(&sectorsDone)
            visitor.visit(&impliedSeek)
            visitor.visit(&stopsAtMark)
            visitor.visit(&status1)
            visitor.visit(&status2)
        }
    }

    /// Every register of the controller and its drives.
    public struct State: Stateful, Sendable {
        static let driveCount = 4
        /// Room for the bytes of any command or result.
        static let phaseRoom = 16
        /// A sector, or four bytes for each of 255 sectors of a track to format.
        static let bufferRoom = 1024

        /// DOR
        var digitalOutput: UInt8 = 0
        /// TDR
        var tapeDrive: UInt8 = 0
        /// DSR without its low bits: power down and precompensation.
        var dataRateSelect: UInt8 = 0
        /// The low bits of DSR and CCR. After a hardware reset 250 kbit/s. [82077AA 2.1.6]
        var dataRate = FloppyDataRate.kilobits250.rawValue
        /// DSR or CCR has been written since the hardware reset. Until then a disk is read at whatever rate it has, and
        /// every transfer seeks: the Bochs BIOS chooses no rate and never seeks. [Bochs BIOS]
        var isRateChosen = false

        var phase = Phase.command
        var wait = Wait.nothing
        var command = [UInt8](repeating: 0, count: phaseRoom)
        var commandCount: UInt8 = 0
        var result = [UInt8](repeating: 0, count: phaseRoom)
        var resultCount: UInt8 = 0
        var resultIndex: UInt8 = 0

        /// The INT pin, before DOR's gate.
        var interrupt = false
        /// When the drives are polled after a reset.
        var pollEnd = GuestTime.max
        /// How many of the four results of that poll are still to be sensed.
        var pollResults: UInt8 = 0

        /// SPECIFY: step rate and head unload time; head load time and non-DMA mode.
        var specify1: UInt8 = 0
        var specify2: UInt8 = 0
        /// CONFIGURE: implied seek, FIFO off, polling off, threshold.
        var configuration: UInt8 = 0x20
        /// PRETRK
        var precompensationTrack: UInt8 = 0
        /// LOCK
        var locked = false
        /// PERPENDICULAR MODE: bits 5-2 drives 3-0, bit 1 GAP, bit 0 WGATE.
        var perpendicular: UInt8 = 0
        /// The last EOT or SC, which DUMPREG shows.
        var lastSectorGiven: UInt8 = 0

        var operation = Operation()
        var operationEnd = GuestTime.max
        var buffer = [UInt8](repeating: 0, count: bufferRoom)
        var bufferIndex: UInt16 = 0
        var bufferCount: UInt16 = 0

        var drives = [FloppyDrive](repeating: FloppyDrive(), count: driveCount)

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&digitalOutput)
            visitor.visit(&tapeDrive)
            visitor.visit(&dataRateSelect)
            visitor.visit(&dataRate)
            visitor.visit(&isRateChosen)
            visitor.visit(&phase)
            visitor.visit(&wait)
            visitor.visitBuffer(&command, length: Self.phaseRoom)
            visitor.visit(&commandCount)
            visitor.visitBuffer(&result, length: Self.phaseRoom)
            visitor.visit(&resultCount)
            visitor.visit(&resultIndex)
            visitor.visit(&interrupt)
            visitor.visit(time: &pollEnd)
            visitor.visit(&pollResults, in: 0...UInt8(Self.driveCount))
            visitor.visit(&specify1)
            visitor.visit(&specify2)
            visitor.visit(&configuration)
            visitor.visit(&precompensationTrack)
            visitor.visit(&locked)
            visitor.visit(&perpendicular)
            visitor.visit(&lastSectorGiven)
            visitor.visit(&operation)
            visitor.visit(time: &operationEnd)
            visitor.visitBuffer(&buffer, length: Self.bufferRoom)
            visitor.visit(&bufferIndex)
            visitor.visit(&bufferCount)
            for i in drives.indices { visitor.visit(&drives[i]) }
        }

        /// CONFIGURE's EIS bit; see `isRateChosen` for the other reason.
        var seeksImplied: Bool { configuration & 0x40 != 0 || !isRateChosen }
        /// SPECIFY's ND bit.
        var isNonDMA: Bool { specify2 & 0x01 != 0 }
        var isGateOpen: Bool { digitalOutput & FloppyDigitalOutput.gate.rawValue != 0 }
        var isInReset: Bool { digitalOutput & FloppyDigitalOutput.notReset.rawValue == 0 }
        /// The drive that DOR selects.
        var selectedDrive: Int { Int(digitalOutput & 3) }
    }
}
