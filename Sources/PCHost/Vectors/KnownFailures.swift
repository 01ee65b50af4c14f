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
            processor: .i80286, form: "D4", hash: 0x9E44_0D66_70FB_DE74,
            reason: """
                SF, ZF and PF follow from the result [80286 PRM, AAM], and AAM 0 has none: it raises #DE. What the \
                chip pushed is in this one vector alone, which is too little to tell a rule from
                """),
        KnownFailure(
            processor: .i80286, form: "CE", hash: 0x7DF1_D2A9_48C4_16F5,
            reason: """
                INTO pushes CS [80286 PRM, INT]; the word that was recorded is SS, in one vector of 300, and was read \
                wrong from the bus
                """),
        KnownFailure(
            processor: .i80286, form: "FF.3", hash: 0xAB0C_EA0F_2B89_AE46,
            reason: """
                the exception pushes CS [80286 PRM 9.2]; the word that was recorded is SS, in one vector of 300, and \
                was read wrong from the bus
                """),
    ]

    /// Whether `vector` of this form is one of them.
    public static func contains(_ processor: VectorFile.Processor, _ form: String, _ vector: Vector) -> Bool {
        all.contains { $0.processor == processor && $0.form == form && $0.hash == vector.hash.byteSwapped }
    }
}
