#if Window
    import CSDL2
    import PCCore
    import PCHost
    public final class WindowDisplay: FrontEnd {
        public init(name: String) throws(BadInput) {}
        public func turn(_ session: MachineSession) -> Bool { true }
        public func close() {}
    }
#endif
