/// The handlers by number. Filled by statements: an array literal of as many closures takes the compiler minutes.
struct HandlerTable {
    // SAFETY: filled once, when it is made, and never written again.
    nonisolated(unsafe) static let shared: UnsafePointer<Handler> = {
        let table = UnsafeMutablePointer<Handler>.allocate(capacity: count)
        fillALU(table)
        fillOthers(table)
        fillFused(table + firstFused)
        fillPlain(table + firstPlain)
        fillFloat(table + firstFloat)
        fillProducts(table + firstProduct)
        fillMemory(table + firstMemory)
        fillStack(table + firstStack)
        fillStrings(table + firstString)
        fillSystem(table + firstSystem)
        return UnsafePointer(table)
    }()

    /// The first of the handlers that do a comparison and its branch in one.
    static let firstFused = HandlerGroup.count
    /// The first of the plain instructions that have handlers of their own.
    static let firstPlain = firstFused + fusedCount
    /// The first of the x87's handlers.
    static let firstFloat = firstPlain + plainCount
    static let firstProduct = firstFloat + FloatGroup.count
    static let firstMemory = firstProduct + ProductGroup.count
    static let firstStack = firstMemory + MemoryGroup.count
    static let firstString = firstStack + StackGroup.count
    static let firstSystem = firstString + StringGroup.count
    static let count = firstSystem + SystemGroup.count

    /// Handlers of an ALU operation in one width: two of registers, three of memory in four address forms.
    static let aluForms = 14

    /// The handler that does what handler `number` does and then the Jcc of `condition`, nil where there is none.
    static func fusedHandler(_ number: Int, _ condition: Int, _ codeForm: Int) -> Int? {
        let step = number - HandlerGroup.unaryReg
        if (0..<6).contains(step) {
            let width = step % 3
            guard condition == 4 || condition == 5, width == 2 - codeForm else { return nil }
            return firstFused + 4 * 4 * 12 + (step / 3) * 4 + (width - 1) * 2 + condition - 4
        }
        let (operation, width, form) = (number / aluForms / 3, number / aluForms % 3, number % aluForms)
        guard number >= 0, operation == 7 || operation == 8, form < 2, ![0, 1, 10, 11].contains(condition) else {
            return nil
        }
        guard width == 0 || width == 2 - codeForm else { return nil }
        let column = width == 0 ? codeForm : width + 1
        let row = condition < 10 ? condition - 2 : condition - 4
        return firstFused + (((operation - 7) * 2 + form) * 4 + column) * 12 + row
    }

    static func alu(_ operation: Int, _ width: Int, _ form: Int) -> Int {
        (operation * 3 + width) * aluForms + form
    }
}
