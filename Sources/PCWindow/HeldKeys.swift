#if Window
    import PCCore

    /// The keys that the user holds down, by the host's scancode: the guest hears of each once down and once up.
    struct HeldKeys {
        private var keys: [UInt32: Key] = [:]
        private var order: [UInt32] = []

        /// The host says that a key went down. Nil: it was down already, as with the host's own repeats.
        mutating func press(_ scancode: UInt32, _ key: Key?) -> Key? {
            guard let key, keys[scancode] == nil else { return nil }
            keys[scancode] = key
            order.append(scancode)
            return key
        }

        /// The host says that a key went up. Nil: the guest does not hold it to be down.
        mutating func release(_ scancode: UInt32) -> Key? {
            order.removeAll { $0 == scancode }
            return keys.removeValue(forKey: scancode)
        }

        /// Lets every key go, the last one first.
        mutating func releaseAll() -> [Key] {
            let released = order.reversed().compactMap { keys[$0] }
            keys = [:]
            order = []
            return released
        }
    }
#endif
