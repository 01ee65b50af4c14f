/// An exception that an instruction raises: it is thrown before the instruction has changed anything.
struct Fault: Error, Equatable {
    enum Vector {
        static let divideError: UInt8 = 0
        static let debug: UInt8 = 1
        static let nmi: UInt8 = 2
        static let breakpoint: UInt8 = 3
        static let overflow: UInt8 = 4
        static let boundRange: UInt8 = 5
        static let invalidOpcode: UInt8 = 6
        static let deviceNotAvailable: UInt8 = 7
        static let doubleFault: UInt8 = 8
        static let invalidTSS: UInt8 = 10
        static let segmentNotPresent: UInt8 = 11
        static let stackFault: UInt8 = 12
        static let generalProtection: UInt8 = 13
        static let pageFault: UInt8 = 14
        static let floatingPoint: UInt8 = 16
        static let alignmentCheck: UInt8 = 17
    }

    var vector: UInt8
    /// The code that is pushed in protected mode, nil for exceptions without one [SDM 3A 6.13].
    var errorCode: UInt32?
    /// What goes to CR2, for a page fault.
    var linear: UInt32 = 0
    /// The saved EIP is that of the next instruction, and the trap's DR6 bits are set already.
    var isTrap = false
    /// What DR6 gets, for a debug exception.
    var debugStatus: UInt32 = 0

    init(_ vector: UInt8, code: UInt32? = nil) {
        self.vector = vector
        errorCode = code
    }

    static let divideError = Fault(Vector.divideError)
    static let invalidOpcode = Fault(Vector.invalidOpcode)
    static let deviceNotAvailable = Fault(Vector.deviceNotAvailable)
    static let boundRange = Fault(Vector.boundRange)

    /// `code` is a selector (with EXT, IDT and TI bits) or 0.
    static func generalProtection(_ code: UInt32 = 0) -> Fault { Fault(Vector.generalProtection, code: code) }
    static func stackFault(_ code: UInt32 = 0) -> Fault { Fault(Vector.stackFault, code: code) }
    static func segmentNotPresent(_ code: UInt32) -> Fault { Fault(Vector.segmentNotPresent, code: code) }
    static func invalidTSS(_ code: UInt32) -> Fault { Fault(Vector.invalidTSS, code: code) }
    static var alignmentCheck: Fault { Fault(Vector.alignmentCheck, code: 0) }

    static func pageFault(_ code: UInt32, at linear: UInt32) -> Fault {
        var fault = Fault(Vector.pageFault, code: code)
        fault.linear = linear
        return fault
    }

    static func debug(_ status: UInt32, isTrap: Bool) -> Fault {
        var fault = Fault(Vector.debug)
        fault.debugStatus = status
        fault.isTrap = isTrap
        return fault
    }
}
