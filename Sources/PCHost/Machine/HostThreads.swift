import Glibc

/// Threads of the host, for machines that run side by side.
enum HostThreads {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Calls `body` on `count` threads at once, and comes back when all of them have. Where the host gives no thread,
    /// those that there are do the work; the caller's is one of them.
    static func run(count: Int, _ body: @escaping @Sendable () -> Void) {
        var threads: [pthread_t] = []
        for _ in 1..<max(1, count) {
            var thread = pthread_t()
            // SAFETY: the thread takes over the reference that is passed here.
            let argument = Unmanaged.passRetained(Body(body)).toOpaque()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, argument)
            guard status == 0 else {
                Unmanaged<Body>.fromOpaque(argument).release()
                break
            }
            threads.append(thread)
        }
        body()
        for thread in threads { pthread_join(thread, nil) }
    }
}
