/// A vector that is wrong or says too little, and why: it is counted on its own and fails nobody.
public struct KnownFailure: Sendable {
    public let processor: VectorFile.Processor
    public let form: String
    /// The hash in its file, the first byte first.
    public let hash: UInt64
    public let reason: String

    /// All that are known.
    public static let all = [
        KnownFailure(
            processor: .i80286, form: "CE", hash: 0x7DF1_D2A9_48C4_16F5,
            reason: """
                INTO pushes CS [80286 PRM, INT]; recorded is SS. Of 2,570 vectors of the pack that push CS, all but \
                this and the next record it; LOADALL, which loaded the state, takes both selectors from neighbouring \
                words
                """),
        KnownFailure(
            processor: .i80286, form: "FF.3", hash: 0xAB0C_EA0F_2B89_AE46,
            reason: "the exception pushes CS [80286 PRM 9.2]; recorded is SS, as in the vector before"),
    ]

    /// Whether `vector` of this form is one of them.
    public static func contains(_ processor: VectorFile.Processor, _ form: String, _ vector: Vector) -> Bool {
        all.contains { $0.processor == processor && $0.form == form && $0.hash == vector.hash.byteSwapped }
    }
}
