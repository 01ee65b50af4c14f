import Glibc

/// Holds back the signals that ask a program to end, so that a run can end between two slices.
public final class SignalWatch {
    private var watched = sigset_t()
    private var before = sigset_t()

    /// From now on SIGINT, SIGTERM and SIGHUP wait to be asked for.
    public init() {
        sigemptyset(&watched)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&watched, number) }
        pthread_sigmask(SIG_BLOCK, &watched, &before)
    }

    deinit {
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    /// A signal that has come since the last call.
    public func take() -> Int32? {
        var none = timespec(tv_sec: 0, tv_nsec: 0)
        let number = sigtimedwait(&watched, nil, &none)
        return number > 0 ? number : nil
    }

    /// Whether a signal that is held back has come to this thread or its program.
    static var isPending: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return [SIGINT, SIGTERM, SIGHUP].contains { sigismember(&pending, $0) == 1 }
    }
}
