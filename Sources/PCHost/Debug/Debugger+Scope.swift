import PCCore

/// What names mean in expressions.
extension Debugger: DebugScope {
    func value(ofRegister name: String) -> Int64? {
        guard let register = Register(rawValue: name.lowercased()), register.since <= pc.cpu.model else { return nil }
        return Int64(pc.cpu[register])
    }

    func value(ofFigure name: String) -> Int64? {
        let name = name.lowercased()
        switch name {
        case "pc": return Int64(pc.cpu.codeAddress)
        case "cpl": return Int64(pc.cpu.privilege)
        case "count": return Int64(bitPattern: pc.instructionCount)
        case "time": return Int64(bitPattern: session.seconds.nanoseconds(slots: pc.now))
        case "gdtr.base": return Int64(pc.cpu.gdtr.base)
        case "gdtr.limit": return Int64(pc.cpu.gdtr.limit)
        case "idtr.base": return Int64(pc.cpu.idtr.base)
        case "idtr.limit": return Int64(pc.cpu.idtr.limit)
        default: break
        }
        let parts = name.split(separator: ".")
        guard parts.count == 2, let segment = Register(rawValue: String(parts[0])).flatMap(pc.cpu.segment) else {
            return nil
        }
        switch parts[1] {
        case "base": return Int64(segment.base)
        case "limit": return Int64(segment.limit)
        case "access": return Int64(segment.access)
        default: return nil
        }
    }

    func address(ofSymbol name: String) -> UInt32? { symbols.address(of: name) }

    func base(ofSegmentRegister name: String) -> UInt32? {
        Register(rawValue: name.lowercased()).flatMap(pc.cpu.segment)?.base
    }

    func base(ofSelector selector: UInt16) -> UInt32? {
        guard pc.cpu.isProtected else { return UInt32(selector) << 4 }
        // A segment register keeps what it was loaded with, whatever stands in the table by now.
        for register in [Register.cs, .ds, .es, .ss, .fs, .gs] where register.since <= pc.cpu.model {
            if let segment = pc.cpu.segment(register), segment.selector == selector { return segment.base }
        }
        guard let entry = descriptor(selector), entry.isSegment, entry.isPresent else { return nil }
        return entry.base
    }

    func read(_ linear: UInt32, count: Int) -> [UInt8?] { target.read(linear: linear, count: count) }

    var width: Int { pc.cpu.isCode32 ? 4 : 2 }
}
