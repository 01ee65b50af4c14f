/// FLDENV, FNSTENV, FRSTOR, FNSAVE: seven words or dwords, and the registers behind them [SDM 1 8.1.10, 8.1.11].
extension Core {
    /// A layout of the environment in memory: 16 or 32 bits, with the addresses of protected or of real mode.
    private struct Layout {
        let isWide: Bool
        let isProtected: Bool

        var unit: UInt32 { isWide ? 4 : 2 }
        var size: UInt32 { 7 &* unit }
    }

    private typealias Environment = InlineArray<7, UInt32>

    /// The layout of an instruction: by operand size and mode, where the 287 goes by what FSETPM has told it. Virtual
    /// 8086 mode is a real mode.
    private func layout(_ i: Instruction) -> Layout {
        let isProtected = floatGeneration == .i80287 ? s.pointee.fpu.usesProtectedFormat : s.pointee.isProtected
        return Layout(isWide: i.operand32, isProtected: isProtected)
    }

    // MARK: The environment as numbers

    private func environmentImage(_ layout: Layout) -> Environment {
        let fpu = s.pointee.fpu
        var image = Environment(repeating: 0)
        // Intel's chips leave ones in the halves that have no meaning.
        let unused: UInt32 = 0xFFFF_0000
        image[0] = UInt32(fpu.controlWord) | unused
        image[1] = UInt32(floatStatus) | unused
        image[2] = UInt32(tagWord) | unused
        if layout.isProtected {
            image[3] = fpu.instructionPointer
            image[4] = UInt32(fpu.instructionSelector) | UInt32(fpu.opcode) << 16
            image[5] = fpu.dataPointer
            image[6] = UInt32(fpu.dataSelector) | unused
        } else {
            let code = UInt32(fpu.instructionSelector) << 4 &+ fpu.instructionPointer
            let data = UInt32(fpu.dataSelector) << 4 &+ fpu.dataPointer
            // Above bit 15 of the address stand 16 bits more in the wide layout, and 4 in the narrow one.
            image[3] = code & 0xFFFF | (layout.isWide ? unused : 0)
            image[4] = code >> 4 & 0x0FFF_F000 | UInt32(fpu.opcode)
            image[5] = data & 0xFFFF | (layout.isWide ? unused : 0)
            image[6] = data >> 4 & 0x0FFF_F000
        }
        return image
    }

    private func setEnvironment(_ image: Environment, _ layout: Layout) {
        func low(_ number: Int) -> UInt16 { UInt16(truncatingIfNeeded: image[number]) }
        if layout.isProtected {
            s.pointee.fpu.instructionPointer = image[3]
            s.pointee.fpu.instructionSelector = low(4)
            if layout.isWide { s.pointee.fpu.opcode = UInt16(truncatingIfNeeded: image[4] >> 16) & 0x7FF }
            s.pointee.fpu.dataPointer = image[5]
            s.pointee.fpu.dataSelector = low(6)
        } else {
            s.pointee.fpu.instructionPointer = image[3] & 0xFFFF | image[4] << 4 & 0xFFFF_0000
            s.pointee.fpu.instructionSelector = 0
            s.pointee.fpu.opcode = low(4) & 0x7FF
            s.pointee.fpu.dataPointer = image[5] & 0xFFFF | image[6] << 4 & 0xFFFF_0000
            s.pointee.fpu.dataSelector = 0
        }
        loadTagWord(low(2))
        s.pointee.fpu.controlWord = knownControl(low(0))
        setFloatStatus(low(1))
    }

    // MARK: The environment in memory

    private func writeEnvironment(_ image: Environment, _ place: Place, _ layout: Layout) throws(Fault) {
        for number in 0..<7 {
            let at = place.offset &+ UInt32(number) &* layout.unit
            if layout.isWide {
                try write(place.segment, at, image[number])
            } else {
                try write(place.segment, at, UInt16(truncatingIfNeeded: image[number]))
            }
        }
    }

    private func readEnvironment(_ i: Instruction, _ layout: Layout) throws(Fault) -> Environment {
        var image = Environment(repeating: 0)
        for number in 0..<7 {
            let at = offset(i) &+ UInt32(number) &* layout.unit
            image[number] =
                layout.isWide
                ? try read(Int(i.segment), at, as: UInt32.self) : UInt32(try read(Int(i.segment), at, as: UInt16.self))
        }
        return image
    }

    // MARK: Instructions

    /// FNSTENV: masks all exceptions afterwards.
    func storeEnvironment(_ i: Instruction) throws(Fault) {
        let layout = layout(i)
        let place = try floatPlace(i, size: layout.size, alignment: layout.unit)
        try writeEnvironment(environmentImage(layout), place, layout)
        setControlWord(s.pointee.fpu.controlWord | FloatEnvironment.Status.exceptions)
    }

    func loadEnvironment(_ i: Instruction) throws(Fault) {
        let layout = layout(i)
        setEnvironment(try readEnvironment(i, layout), layout)
    }

    /// FNSAVE: the registers follow from ST(0) to ST(7), and the chip is as after FNINIT.
    func saveFloat(_ i: Instruction) throws(Fault) {
        let layout = layout(i)
        let place = try floatPlace(i, size: layout.size &+ 80, alignment: layout.unit)
        try writeEnvironment(environmentImage(layout), place, layout)
        for number in 0..<UInt8(8) {
            let value = stack(number).pointee.value
            let at = place.offset &+ layout.size &+ UInt32(number) &* 10
            // By words, whose alignment nobody asks for in this area.
            for part in 0..<UInt32(4) {
                let word = UInt16(truncatingIfNeeded: value.significand >> UInt64(part &* 16))
                try write(place.segment, at &+ part &* 2, word)
            }
            try write(place.segment, at &+ 8, value.signExponent)
        }
        initializeFloat()
    }

    func restoreFloat(_ i: Instruction) throws(Fault) {
        let layout = layout(i)
        let image = try readEnvironment(i, layout)
        var values = InlineArray<8, Extended>(repeating: .indefinite)
        for number in 0..<8 {
            let at = offset(i) &+ layout.size &+ UInt32(number) &* 10
            var significand: UInt64 = 0
            for part in 0..<UInt32(4) {
                let word: UInt16 = try read(Int(i.segment), at &+ part &* 2)
                significand |= UInt64(word) << UInt64(part &* 16)
            }
            values[number] = Extended(try read(Int(i.segment), at &+ 8), significand)
        }
        // TOP is in the image, and says which register is ST(0); the tags come with it.
        setEnvironment(image, layout)
        for number in 0..<8 {
            let register = stack(UInt8(number))
            register.pointee.significand = values[number].significand
            register.pointee.signExponent = values[number].signExponent
        }
    }
}
