import PCCore

/// What gdb is told about the machine's registers [GDB manual, Target Descriptions].
struct GDBTargetDescription {
    /// How gdb disassembles: its name for the code that the machine runs.
    enum Architecture: String, CaseIterable {
        /// 16-bit code.
        case i8086
        /// 32-bit code.
        case i386

        /// Real mode, virtual-8086 mode and 16-bit segments are one, the rest is the other.
        init(_ cpu: CPU) { self = cpu.isCode32 ? .i386 : .i8086 }
    }

    let architecture: Architecture

    var xml: String {
        """
        <?xml version="1.0"?>
        <!DOCTYPE target SYSTEM "gdb-target.dtd">
        <target version="1.0">
        <architecture>\(architecture.rawValue)</architecture>
        <osabi>none</osabi>
        <feature name="org.gnu.gdb.i386.core">
        \(Self.flags("i386_eflags", Self.eflags))
        \(Self.lines(GDBRegister.core))
        </feature>
        <feature name="org.swift86.segments">
        \(Self.lines(GDBRegister.segments))
        </feature>
        <feature name="org.swift86.system">
        \(Self.lines(GDBRegister.system))
        </feature>
        </target>

        """
    }

    /// Names and bits of EFLAGS [SDM 1 3.4.3]. gdb shows a flag whose name is empty if it is set, as nothing.
    private static let eflags: [(String, ClosedRange<Int>)] = [
        ("CF", 0...0), ("", 1...1), ("PF", 2...2), ("AF", 4...4), ("ZF", 6...6), ("SF", 7...7), ("TF", 8...8),
        ("IF", 9...9), ("DF", 10...10), ("OF", 11...11), ("IOPL", 12...13), ("NT", 14...14), ("RF", 16...16),
        ("VM", 17...17), ("AC", 18...18), ("VIF", 19...19), ("VIP", 20...20), ("ID", 21...21),
    ]

    private static func flags(_ name: String, _ fields: [(String, ClosedRange<Int>)]) -> String {
        let lines = fields.map { name, bits in
            let type = bits.count > 1 ? " type=\"uint32\"" : ""
            return "<field name=\"\(name)\" start=\"\(bits.lowerBound)\" end=\"\(bits.upperBound)\"\(type)/>"
        }
        return (["<flags id=\"\(name)\" size=\"4\">"] + lines + ["</flags>"]).joined(separator: "\n")
    }

    private static func lines(_ registers: [GDBRegister]) -> String {
        registers.map { register in
            let group = register.group.map { " group=\"\($0)\"" } ?? ""
            return "<reg name=\"\(register.name)\" bitsize=\"\(register.bits)\" type=\"\(register.type)\"\(group)/>"
        }.joined(separator: "\n")
    }
}
