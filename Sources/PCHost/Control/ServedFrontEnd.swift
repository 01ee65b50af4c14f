/// A front-end with a server beside it, for a session that `MachineSession.run` runs: what clients ask for is done between
/// two slices.
public final class ServedFrontEnd: FrontEnd {
    private let session: ControlSession
    private let server: ControlServer
    private let front: (any FrontEnd)?

    /// - Parameter front: what shows the machine; nil: nothing does.
    public init(_ session: ControlSession, _ server: ControlServer, around front: (any FrontEnd)?) {
        self.session = session
        self.server = server
        self.front = front
    }

    /// Answers requests; while a client has paused the machine, it stays here.
    public func turn(_ session: MachineSession) -> Bool {
        repeat {
            if front?.turn(session) == false { return false }
            server.turn(waiting: self.session.isPaused ? 16 : 0)
            if self.session.isQuitting { return false }
        } while self.session.isPaused && session.ending == nil && !SignalWatch.isPending
        return true
    }

    /// Tells the clients that this is the end.
    public func close() {
        server.close(session.quitReason)
        front?.close()
    }
}
