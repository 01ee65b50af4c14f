/// The handlers by number. Filled by statements: an array literal of as many closures takes the compiler minutes.
struct HandlerTable {
    // SAFETY: filled once, when it is made, and never written again.
    nonisolated(unsafe) static let shared: UnsafePointer<Handler> = {
        let table = UnsafeMutablePointer<Handler>.allocate(capacity: HandlerGroup.count)
        fillALU(table)
        fillOthers(table)
        return UnsafePointer(table)
    }()

    /// Handlers of an ALU operation in one width: two of registers, three of memory in four address forms.
    static let aluForms = 14

    static func alu(_ operation: Int, _ width: Int, _ form: Int) -> Int {
        (operation * 3 + width) * aluForms + form
    }
}
