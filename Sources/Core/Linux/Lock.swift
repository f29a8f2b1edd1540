internal import Glibc

/// A state that one thread at a time may look at (pthread_mutex).
///
/// Not the standard library's Mutex: that one waits in the kernel by itself, which the thread sanitizer does not see, so
/// it takes every use for a race.
public final class Lock<State>: @unchecked Sendable {
    // The mutex guards the state, and keeps one address from init to deinit, as its manual asks.
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// The state must be something: one without a size shares its address with the object, and the thread sanitizer
    /// takes the two for one.
    public init(_ state: sending State) {
        precondition(MemoryLayout<State>.size > 0, "a lock guards a state")
        self.state = state
        mutex = .allocate(capacity: 1)
        let code = pthread_mutex_init(mutex, nil)
        precondition(code == 0, "a default mutex needs nothing that could be missing")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` while no other thread does. It may not take the same lock again.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }
}
