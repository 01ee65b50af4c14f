#if Window
    import PCCore
    import PCHost

    /// The title of the window: the machine's name and, once a second, its speed.
    struct WindowTitle {
        private let name: String
        private var last: (host: UInt64, guest: UInt64, instructions: UInt64)?
        private(set) var text: String

        private static let period: UInt64 = 1_000_000_000

        init(name: String) {
            self.name = name
            text = "Swift86 – \(name)"
        }

        /// Looks at the machine at host time `now`. True where the title is another one now.
        mutating func update(_ session: MachineSession, at now: UInt64) -> Bool {
            let guest = session.seconds.nanoseconds(slots: session.pc.now)
            let instructions = session.pc.instructionCount
            guard let last else {
                self.last = (now, guest, instructions)
                return false
            }
            guard now &- last.host >= Self.period else { return false }
            self.last = (now, guest, instructions)
            let before = text
            text = Self.text(
                name: name, isDead: session.isDead, host: now &- last.host, guest: guest &- last.guest,
                instructions: instructions &- last.instructions)
            return text != before
        }

        /// - Parameters:
        ///   - host: nanoseconds of the host's clock.
        ///   - guest: nanoseconds of guest time in them.
        ///   - instructions: instructions in them.
        static func text(name: String, isDead: Bool, host: UInt64, guest: UInt64, instructions: UInt64) -> String {
            guard !isDead else { return "Swift86 – \(name) – halted" }
            let host = UInt128(max(1, host))
            let percent = (UInt128(guest) * 100 + host / 2) / host
            let mips = UInt128(instructions) * 1000 / host
            return "Swift86 – \(name) – \(percent) % (\(mips) MIPS)"
        }
    }
#endif
