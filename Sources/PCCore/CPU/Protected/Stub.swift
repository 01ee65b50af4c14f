extension Core {
    func noteAccess(_ linear: UInt32, size: UInt32, write: Bool) {}
}
