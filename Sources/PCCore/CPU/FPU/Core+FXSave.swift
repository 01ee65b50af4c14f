/// FXSAVE and FXRSTOR as a Pentium II has them, without the registers of SSE [SDM 1 10.5].
extension Core {
    /// Places in the area of 512 bytes. What lies between and behind is reserved, and is left as it was.
    private enum Area {
        static let size: UInt32 = 512
        static let control: UInt32 = 0
        static let status: UInt32 = 2
        static let tags: UInt32 = 4
        static let opcode: UInt32 = 6
        static let instructionPointer: UInt32 = 8
        static let instructionSelector: UInt32 = 12
        static let dataPointer: UInt32 = 16
        static let dataSelector: UInt32 = 20
        /// ST(0) to ST(7), or MM0 to MM7, each in 16 bytes.
        static let registers: UInt32 = 32
    }

    /// Group 15: 0Fh AEh. Neither waits for a pending exception.
    func fastSaveGroup(_ i: Instruction) throws(Fault) {
        guard s.pointee.model >= .pentiumII, s.pointee.fpu.isPresent, !i.isRegisterForm, i.reg < 2 else {
            throw .invalidOpcode
        }
        if s.pointee.cr0 & (CR0.emulation | CR0.taskSwitched) != 0 { throw .deviceNotAvailable }
        let at = offset(i)
        guard (s.segment(Int(i.segment)).pointee.base &+ at) & 15 == 0 else { throw .generalProtection() }
        if i.reg == 0 { try fastSave(i) } else { try fastRestore(Int(i.segment), at) }
    }

    private func fastSave(_ i: Instruction) throws(Fault) {
        let place = try floatPlace(i, size: Area.size, alignment: 16)
        let (segment, at) = (place.segment, place.offset)
        let fpu = s.pointee.fpu
        var valid: UInt16 = 0
        for number in 0..<UInt32(8) where s.floatRegister(number).pointee.isEmpty == 0 {
            valid |= 1 << UInt16(number)
        }
        try write(segment, at &+ Area.control, fpu.controlWord)
        try write(segment, at &+ Area.status, floatStatus)
        try write(segment, at &+ Area.tags, valid)
        try write(segment, at &+ Area.opcode, fpu.opcode)
        try write(segment, at &+ Area.instructionPointer, fpu.instructionPointer)
        try write(segment, at &+ Area.instructionSelector, fpu.instructionSelector)
        try write(segment, at &+ Area.dataPointer, fpu.dataPointer)
        try write(segment, at &+ Area.dataSelector, fpu.dataSelector)
        for number in 0..<UInt8(8) {
            let value = stack(number).pointee.value
            let register = at &+ Area.registers &+ UInt32(number) &* 16
            try write(segment, register, value.significand)
            try write(segment, register &+ 8, value.signExponent)
        }
    }

    private func fastRestore(_ segment: Int, _ at: UInt32) throws(Fault) {
        // What the area as a whole would raise comes before any change.
        let linear = try linearForRead(segment, at, size: Area.size)
        try probeRead(linear, size: Area.size, user: s.pointee.cpl == 3)
        s.pointee.fpu.controlWord = knownControl(try read(segment, at &+ Area.control))
        try setFloatStatus(read(segment, at &+ Area.status))
        let valid: UInt8 = try read(segment, at &+ Area.tags)
        for number in 0..<UInt32(8) {
            s.floatRegister(number).pointee.isEmpty = valid >> UInt8(number) & 1 == 0 ? 1 : 0
        }
        s.pointee.fpu.opcode = try read(segment, at &+ Area.opcode, as: UInt16.self) & 0x7FF
        s.pointee.fpu.instructionPointer = try read(segment, at &+ Area.instructionPointer)
        s.pointee.fpu.instructionSelector = try read(segment, at &+ Area.instructionSelector)
        s.pointee.fpu.dataPointer = try read(segment, at &+ Area.dataPointer)
        s.pointee.fpu.dataSelector = try read(segment, at &+ Area.dataSelector)
        for number in 0..<UInt8(8) {
            let register = at &+ Area.registers &+ UInt32(number) &* 16
            stack(number).pointee.significand = try read(segment, register)
            stack(number).pointee.signExponent = try read(segment, register &+ 8)
        }
    }
}
