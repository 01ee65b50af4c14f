/// An exception, or an interrupt by INT n, that a bare machine caught instead of delivering it.
public struct CaughtEvent: Equatable, Sendable {
    public var vector: UInt8
    /// The error code that a handler would find on its stack; nil for a vector without one. Real mode pushes none.
    public var errorCode: UInt32?
    /// What CR2 would get, for a page fault.
    public var linear: UInt32?
    /// INT n, INT3 or INTO: EIP is after the instruction. Faults leave EIP on it.
    public var isSoftware = false

    public init(vector: UInt8, errorCode: UInt32? = nil, linear: UInt32? = nil, isSoftware: Bool = false) {
        self.vector = vector
        self.errorCode = errorCode
        self.linear = linear
        self.isSoftware = isSoftware
    }

    init(_ fault: Fault) {
        self.init(
            vector: fault.vector, errorCode: fault.errorCode,
            linear: fault.vector == Fault.Vector.pageFault ? fault.linear : nil)
    }

    init(_ event: Core.Event) {
        self.init(vector: event.vector, errorCode: event.errorCode, isSoftware: event.isSoftware)
    }

    /// The manual's name, such as `#GP`; `INT 21h` for an interrupt without one [SDM 3A Table 6-1].
    public var name: String {
        if isSoftware, vector != Fault.Vector.breakpoint, vector != Fault.Vector.overflow { return interrupt }
        return Self.names[vector] ?? interrupt
    }

    private var interrupt: String {
        "INT " + (vector < 16 ? "0" : "") + String(vector, radix: 16, uppercase: true) + "h"
    }

    private static let names: [UInt8: String] = [
        0: "#DE", 1: "#DB", 2: "NMI", 3: "#BP", 4: "#OF", 5: "#BR", 6: "#UD", 7: "#NM", 8: "#DF", 10: "#TS", 11: "#NP",
        12: "#SS", 13: "#GP", 14: "#PF", 16: "#MF", 17: "#AC", 18: "#MC",
    ]
}
