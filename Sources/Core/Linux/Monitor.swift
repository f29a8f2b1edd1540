internal import Glibc

/// A state behind a lock, for threads that wait until it changes (pthread_mutex and pthread_cond).
///
/// Only for blocking threads. A loop must never wait here.
public final class Monitor<State: Sendable>: @unchecked Sendable {
    // The lock guards the state; both C objects keep one address from init to deinit, as their manual asks.
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    public init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        defer { pthread_condattr_destroy(&attributes) }
        // Without this a deadline would be a time of day, which somebody may set.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        let codes = (pthread_mutex_init(mutex, nil), pthread_cond_init(condition, &attributes))
        precondition(codes == (0, 0), "a default mutex and condition need nothing that could be missing")
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes the state and wakes one waiting thread, or all of them.
    public func update<Result>(wakingAll: Bool = false, _ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = body(&state)
        if wakingAll { pthread_cond_broadcast(condition) } else { pthread_cond_signal(condition) }
        return result
    }

    /// Waits until `body` answers something, asking it again after every change.
    public func wait<Result>(for body: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// The same, but not beyond a deadline: nil when `body` had nothing to answer by then.
    public func wait<Result>(until deadline: MonotonicTime, for body: (inout State) -> Result?) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let (seconds, nanoseconds) = deadline.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
        while true {
            if let result = body(&state) { return result }
            // > These functions shall not return an error code of [EINTR].
            if pthread_cond_timedwait(condition, mutex, &time) != 0 { return body(&state) }
        }
    }
}
