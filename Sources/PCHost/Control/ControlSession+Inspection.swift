import PCCore

/// What can be seen of the machine. Looking changes nothing in it.
extension ControlSession {
    func status(_ session: MachineSession) -> String {
        switch session.ending {
        case nil: isPaused ? "paused" : "running"
        case .haltedForEver: "halted"
        default: "off"
        }
    }

    func text(_ session: MachineSession) -> [String] {
        session.pc.textScreen?.lines ?? ["graphics"]
    }

    func writeScreen(to path: String) throws(BadInput) {
        let session = try running()
        guard !path.isEmpty else { throw BadInput("screen: needs the name of a file") }
        try Picture.write(session.pc.frame(blinkVisible: true), to: path, keepingOff: session.media.files)
    }

    /// The picture in the format that was asked for, whatever the name is.
    func dumpScreen(isPNG: Bool, to path: String) throws(BadInput) {
        let session = try running()
        let frame = session.pc.frame(blinkVisible: true)
        try HostFile.write(isPNG ? Picture.png(frame) : Picture.ppm(frame), to: path, keepingOff: session.media.files)
    }

    /// Lines of what came out of COM1. Carriage returns are left out: readers take them for line ends.
    func serial(_ session: MachineSession) -> [String] {
        let bytes = session.link.serialOutput.filter { $0 != 13 }
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) }))
        }
    }

    /// The machine hash, with the disks that are in the drives now.
    func hash(_ session: MachineSession) -> String {
        MachineHash.hex(session.pc, disks: session.disks)
    }

    /// Sixteen bytes a line behind their address; what is no memory reads FF.
    func memory(_ line: String) throws(BadInput) -> [String] {
        let session = try running()
        let words = line.split(separator: " ")
        guard words.count == 2, let address = OptionValue.address(words[0]),
            let count = OptionValue.integer(words[1]), (1...65536).contains(count)
        else { throw BadInput("memory: needs an address such as 0x400 or 40:17, and a count from 1 to 65536") }
        let start: UInt32 =
            switch address {
            case .linear(let physical): physical
            case .segmented(let selector, let offset): UInt32(selector) << 4 &+ offset
            }
        return stride(from: 0, to: Int(count), by: 16).map { first in
            let place = start &+ UInt32(truncatingIfNeeded: first)
            let bytes = (0..<min(16, Int(count) - first)).map { offset in
                session.pc.bus.memory.peek(place &+ UInt32(truncatingIfNeeded: offset)) ?? 0xFF
            }
            return HexText.number(place, digits: 8) + " "
                + bytes.map { HexText.number($0, digits: 2) }.joined(separator: " ")
        }
    }

    /// `name=value`, a register a line, those that the CPU has.
    func registers(_ session: MachineSession) -> [String] {
        let all: [Register] =
            [.eax, .ebx, .ecx, .edx, .esi, .edi, .ebp, .esp, .eip, .eflags, .es, .cs, .ss, .ds, .fs, .gs]
            + [.ldtr, .tr, .cr0, .cr2, .cr3, .cr4, .dr0, .dr1, .dr2, .dr3, .dr6, .dr7]
        let narrow: [Register] = [.ax, .bx, .cx, .dx, .si, .di, .bp, .sp, .ip, .flags, .es, .cs, .ss, .ds]
        return (plan.cpu >= .i80386 ? all : narrow).filter { $0.since <= plan.cpu }.map { register in
            "\(register.rawValue)=" + HexText.number(session.pc.cpu[register], digits: register.bits / 4)
        }
    }
}
