extension Core {
    func noteAccess(_ linear: UInt32, size: UInt32, write: Bool) {}
    func loadSegment(_ number: Int, _ selector: UInt16) throws(Fault) {
        var c = s.segment(number).pointee; c.selector = selector; c.base = UInt32(selector) << 4; setSegment(number, c) }
    func farJump(_ selector: UInt16, _ offset: UInt32, operand32: Bool) throws(Fault) {
        try loadSegment(1, selector); s.pointee.eip = offset }
    func farCall(_ selector: UInt16, _ offset: UInt32, operand32: Bool) throws(Fault) {}
    func farReturn(release: UInt32, operand32: Bool) throws(Fault) {}
    func interruptReturn(operand32: Bool) throws(Fault) {}
    func softwareInterrupt(_ vector: UInt8) throws(Fault) {}
    func breakpointInterrupt() throws(Fault) {}
    func overflowInterrupt() throws(Fault) {}
    func icebp() {}
    func raise(_ fault: Fault) { s.pointee.shutdown = true; s.pointee.leaveTrace = true }
    func deliverExternal(_ vector: UInt8) {}
    func deliverNMI() {}
    func checkPort(_ port: UInt16, size: UInt32) throws(Fault) {}
    func pushFlags(operand32: Bool) throws(Fault) {}
    func popFlags(operand32: Bool) throws(Fault) {}
    func clearInterruptFlag() throws(Fault) {}
    func setInterruptFlag() throws(Fault) {}
    func storeGDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {}
    func storeIDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {}
    func loadGDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {}
    func loadIDTR(_ segment: Int, _ offset: UInt32, operand32: Bool) throws(Fault) {}
    func loadLDT(_ selector: UInt16) throws(Fault) {}
    func loadTaskRegister(_ selector: UInt16) throws(Fault) {}
    func verify(_ selector: UInt16, write: Bool) throws(Fault) -> Bool { false }
    func storeMachineStatus() -> UInt32 { 0 }
    func loadMachineStatus(_ value: UInt16) throws(Fault) {}
    func clearTaskSwitched() throws(Fault) {}
    func accessRights(_ selector: UInt16) throws(Fault) -> UInt32? { nil }
    func segmentLimit(_ selector: UInt16) throws(Fault) -> UInt32? { nil }
    func readControlRegister(_ n: Int) throws(Fault) -> UInt32 { 0 }
    func writeControlRegister(_ n: Int, _ value: UInt32) throws(Fault) {}
    func readDebugRegister(_ n: Int) throws(Fault) -> UInt32 { 0 }
    func writeDebugRegister(_ n: Int, _ value: UInt32) throws(Fault) {}
    func readTestRegister(_ n: Int) throws(Fault) -> UInt32 { 0 }
    func writeTestRegister(_ n: Int, _ value: UInt32) throws(Fault) {}
    func identify() {}
    func readTimeStamp() throws(Fault) {}
    func readMSR() throws(Fault) {}
    func writeMSR() throws(Fault) {}
    func readPerformanceCounter() throws(Fault) {}
    func systemEnter() throws(Fault) {}
    func systemExit() throws(Fault) {}
    func loadAll286() throws(Fault) {}
    func loadAll386() throws(Fault) {}
    func requirePrivilege0() throws(Fault) {}
    func noteIOAccess(port: UInt16, size: UInt32) {}
    func instructionBreakpoint() -> UInt32 { 0 }
    func takePendingDebug() {}
}
