/// What a user writes for an address, a value or a condition. Documentation/Debugger.md describes it.
public struct DebugExpression: Equatable, Sendable {
    indirect enum Node: Equatable, Sendable {
        case number(Int64)
        /// A register, a part of one, a figure of the machine or a symbol.
        case name(String)
        /// A name that stands for a symbol only.
        case symbol(String)
        /// `SEG:OFF`.
        case far(Node, Node)
        /// A read of memory, by bytes; nil for the width of the code that runs.
        case memory(width: Int?, Node)
        case unary(Unary, Node)
        case binary(Binary, Node, Node)
    }

    enum Unary: Equatable, Sendable { case negate, invert, not }

    enum Binary: String, CaseIterable, Sendable {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case unequal = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case shiftLeft = "<<"
        case shiftRight = ">>"
        case less = "<"
        case greater = ">"
        case far = ":"
        case bitOr = "|"
        case bitXor = "^"
        case bitAnd = "&"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"

        /// What binds tighter is higher. Operations on bits bind tighter than comparisons, and `SEG:OFF` takes sums.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: 3
            case .far: 4
            case .bitOr: 5
            case .bitXor: 6
            case .bitAnd: 7
            case .shiftLeft, .shiftRight: 8
            case .plus, .minus: 9
            case .times, .divide, .remainder: 10
            }
        }
    }

    let root: Node
    /// As it was written.
    public let text: String

    /// - Parameter text: one expression and nothing else.
    public init(_ text: String) throws(BadInput) {
        var line = CommandText(text)
        self = try line.takeExpression()
        try line.finish()
    }

    init(root: Node, text: String) {
        self.root = root
        self.text = text
    }
}

/// What an expression comes to.
public struct DebugValue: Equatable, Sendable {
    /// For `SEG:OFF` the linear address. Arithmetic is on signed numbers of 64 bits and wraps.
    public var number: Int64
    /// `SEG:OFF` as it was written.
    public var far: FarAddress?

    public init(_ number: Int64, far: FarAddress? = nil) {
        self.number = number
        self.far = far
    }

    public var isTrue: Bool { number != 0 }
}

/// A selector, or a paragraph in real mode, and an offset.
public struct FarAddress: Equatable, Sendable {
    public var selector: UInt16
    public var offset: UInt32

    public init(_ selector: UInt16, _ offset: UInt32) {
        self.selector = selector
        self.offset = offset
    }
}
