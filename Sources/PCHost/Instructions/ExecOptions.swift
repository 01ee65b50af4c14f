/// What `swift86 exec` was given, word for word. `ExecPlan` makes sense of it.
public struct ExecOptions: Sendable {
    /// A file with the code, `-` for standard input.
    public var file: String?
    public var hex: String?
    public var cpu: String?
    public var mode: String?
    public var privilege: String?
    public var memory: String?
    public var at: String?
    public var set: [String] = []
    public var mem: [String] = []
    public var steps: String?
    public var until: String?
    public var limit: String?
    public var deliver = false
    public var show: [String] = []
    public var trace = false
    public var json = false

    public init() {}
}
