#if Window
    import PCCore
    import PCHost

    /// The title of the window: the machine's name, once a second its speed, and how to get the mouse back.
    struct WindowTitle {
        private let name: String
        private var last: (host: UInt64, guest: UInt64, instructions: UInt64)?
        /// What the title says of the machine.
        private var machine: String
        private var hasMouse = false
        /// What has just happened, and since when it is told.
        private var news: (text: String, since: UInt64)?

        private static let newsPeriod: UInt64 = 3_000_000_000
        private static let period: UInt64 = 1_000_000_000

        init(name: String) {
            self.name = name
            machine = "Swift86 – \(name)"
        }

        var text: String {
            if let news { return "Swift86 – \(name) – \(news.text)" }
            return hasMouse ? "\(machine) – Ctrl-Alt gives the mouse back" : machine
        }

        /// Says for three seconds from host time `now` what has happened.
        mutating func tell(_ text: String, at now: UInt64) { news = (text, now) }

        /// Looks at the machine at host time `now`; `hasMouse`: the guest has the host's mouse. True where the title is
        /// another one now.
        mutating func update(_ session: MachineSession, hasMouse: Bool, at now: UInt64) -> Bool {
            let before = text
            self.hasMouse = hasMouse
            if let news, now &- news.since >= Self.newsPeriod { self.news = nil }
            look(at: session, now)
            return text != before
        }

        private mutating func look(at session: MachineSession, _ now: UInt64) {
            let guest = session.seconds.nanoseconds(slots: session.pc.now)
            let instructions = session.pc.instructionCount
            // Guest time goes back when a state is loaded.
            guard let last, guest >= last.guest, instructions >= last.instructions else {
                self.last = (now, guest, instructions)
                return
            }
            guard now &- last.host >= Self.period else { return }
            self.last = (now, guest, instructions)
            machine = Self.text(
                name: name, isDead: session.isDead, host: now &- last.host, guest: guest &- last.guest,
                instructions: instructions &- last.instructions)
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
