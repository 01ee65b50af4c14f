/// Why a file is no state that can be used: what is wrong and what to do, to stand behind the file's name.
struct StateFault: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    static let damaged = StateFault("is damaged: what it holds cannot be; use another state")

    func input(_ path: String) -> BadInput { BadInput("\(path): \(reason)") }
}
