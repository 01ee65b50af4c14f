// The VGA's ports; offsets count from 3B0h. The CRT controller, feature control and input status 1 answer at 3Bxh or
// 3Dxh as bit 0 of the miscellaneous output register says; the other place is open bus. [FreeVGA extreg]

extension VGA: PortDevice {
    /// Ports by their offset from 3B0h.
    private enum Port {
        static let attribute: UInt16 = 0x10
        static let attributeData: UInt16 = 0x11
        /// Written: miscellaneous output. Read: input status 0.
        static let miscellaneous: UInt16 = 0x12
        static let subsystemEnable: UInt16 = 0x13
        static let sequencerIndex: UInt16 = 0x14
        static let sequencerData: UInt16 = 0x15
        static let pelMask: UInt16 = 0x16
        /// Written: the DAC's read address. Read: its state.
        static let pelReadAddress: UInt16 = 0x17
        static let pelWriteAddress: UInt16 = 0x18
        static let pelData: UInt16 = 0x19
        static let featureControlRead: UInt16 = 0x1A
        static let miscellaneousRead: UInt16 = 0x1C
        static let graphicsIndex: UInt16 = 0x1E
        static let graphicsData: UInt16 = 0x1F
        /// Those at 3B4h-3BAh or, this much higher, at 3D4h-3DAh.
        static let colourBias: UInt16 = 0x20
        static let crtcIndex: UInt16 = 0x04
        static let crtcData: UInt16 = 0x05
        /// Written: feature control. Read: input status 1.
        static let status: UInt16 = 0x0A
    }

    private static let openBus: UInt8 = 0xFF

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        UInt32(readRegister(offset))
    }

    private func readRegister(_ offset: UInt16) -> UInt8 {
        if offset == Port.subsystemEnable { return registers.subsystemEnable }
        guard subsystemEnabled else { return Self.openBus }
        switch offset {
        case Port.attribute: return registers.attribute.index
        case Port.attributeData: return registers.attribute.read()
        case Port.miscellaneous: return (interruptPending ? 0x80 : 0) | (registers.dac.sense ? 0x10 : 0)
        case Port.sequencerIndex: return registers.sequencer.index
        case Port.sequencerData: return registers.sequencer.read()
        case Port.pelMask: return registers.dac.mask
        case Port.pelReadAddress: return registers.dac.status
        case Port.pelWriteAddress: return registers.dac.address
        case Port.pelData: return registers.dac.readData()
        case Port.featureControlRead: return registers.featureControl
        case Port.miscellaneousRead: return registers.miscellaneousOutput
        case Port.graphicsIndex: return registers.graphics.index
        case Port.graphicsData: return registers.graphics.read()
        default: return readMovable(offset &- movableBias)
        }
    }

    private func readMovable(_ offset: UInt16) -> UInt8 {
        switch offset {
        case Port.crtcIndex: return registers.crtc.index
        case Port.crtcData: return readCRTC()
        case Port.status:
            registers.attribute.expectIndex()
            let beam = timing.beam(at: scheduler.now)
            return (beam.displaying ? 0 : 1) | (beam.retrace ? 8 : 0)
        default: return Self.openBus
        }
    }

    private func readCRTC() -> UInt8 {
        // Not by IBM, but on its chip and on all that were built after it. [VGADOC crtc 22h, 24h, 26h]
        switch registers.crtc.index {
        case 0x22: UInt8(truncatingIfNeeded: registers.latches >> (UInt32(registers.graphics.readMap) &* 8))
        case 0x24: registers.attribute.expectsData ? 0x80 : 0
        case 0x26: registers.attribute.index
        default: registers.crtc.read()
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        writeRegister(offset, UInt8(truncatingIfNeeded: value))
    }

    private func writeRegister(_ offset: UInt16, _ value: UInt8) {
        if offset == Port.subsystemEnable {
            registers.subsystemEnable = value & 1
            return apply(.memoryPath)
        }
        guard subsystemEnabled else { return }
        switch offset {
        case Port.attribute: changePicture { $0.attribute.write(value) }
        case Port.miscellaneous:
            // Bit 4 is not there.
            let changed = (value & 0xEF) ^ registers.miscellaneousOutput
            registers.miscellaneousOutput = value & 0xEF
            if changed & 0x02 != 0 { apply(.memoryPath) }
            if changed & 0x0C != 0 { apply(.timing) }
        case Port.sequencerIndex: registers.sequencer.index = value & 0x07
        case Port.sequencerData:
            // The map mask is written all the time while a guest draws.
            if registers.sequencer.pictureDepends {
                changePicture { $0.sequencer.write(value) }
            } else {
                apply(registers.sequencer.write(value))
            }
        case Port.pelMask: changePicture { $0.dac.writeMask(value) }
        case Port.pelReadAddress: registers.dac.writeReadAddress(value)
        case Port.pelWriteAddress: registers.dac.writeWriteAddress(value)
        case Port.pelData: changePicture { $0.dac.writeData(value) }
        case Port.graphicsIndex: registers.graphics.index = value & 0x0F
        case Port.graphicsData:
            if registers.graphics.pictureDepends(on: value) {
                changePicture { $0.graphics.write(value) }
            } else {
                apply(registers.graphics.write(value))
            }
        default: writeMovable(offset &- movableBias, value)
        }
    }

    private func writeMovable(_ offset: UInt16, _ value: UInt8) {
        switch offset {
        case Port.crtcIndex: registers.crtc.index = value & 0x3F
        case Port.crtcData: writeCRTC(value)
        case Port.status: registers.featureControl = value & 0x03
        default: break
        }
    }

    private func writeCRTC(_ value: UInt8) {
        if registers.crtc.isStartAddress { return changeStart { $0.crtc.write(value) } }
        let interrupt = registers.crtc.index == UInt8(CRTController.Register.verticalRetraceEnd.rawValue)
        // The latch is settled by the timing that it ran with.
        if interrupt { settleInterrupt() }
        changePicture { $0.crtc.write(value) }
        if interrupt { updateInterrupt() }
    }

    private var movableBias: UInt16 { registers.miscellaneousOutput & 1 != 0 ? Port.colourBias : 0 }
}
