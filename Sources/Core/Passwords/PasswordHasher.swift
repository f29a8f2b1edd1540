public import Linux
internal import Networking

/// Password hashing for loops: on threads of its own, a few at a time, with a bounded queue.
///
/// No more hashes run than there are threads, so `concurrency` times the memory of one hash is all the memory they ever
/// take. What does not fit into the queue is refused at once with `busy`: a sign-in that would wait for longer than
/// anybody waits for it is better not begun.
public final class PasswordHasher: Sendable {
    private let hashing: PasswordHashing
    private let pool: BlockingPool

    /// The threads give way to others: with both cores full of hashes a loop that wakes up still runs at once, and when
    /// there is nothing else to do they get the whole machine.
    private static let niceness = 10

    /// - Parameters:
    ///   - concurrency: how many hashes run at once.
    ///   - queueLimit: how many wait at most.
    public init(
        _ hashing: PasswordHashing,
        concurrency: Int = ProcessInfo.processorCount,
        queueLimit: Int = 64
    ) throws(SystemError) {
        self.hashing = hashing
        pool = try BlockingPool(
            name: "hash",
            threads: concurrency,
            queueLimit: queueLimit,
            niceness: PasswordHasher.niceness
        )
    }

    /// `PasswordHashing.hash`. Throws `busy` when the queue is full.
    public func hash(_ password: Password) async throws(PasswordError) -> PasswordHash {
        try await run { [hashing] () throws(PasswordError) in try hashing.hash(password) }
    }

    /// `PasswordHashing.verify`. Throws `busy` when the queue is full.
    public func verify(
        _ password: Password,
        against stored: PasswordHash?
    ) async throws(PasswordError) -> PasswordVerification {
        try await run { [hashing] () throws(PasswordError) in try hashing.verify(password, against: stored) }
    }

    /// How many wait for a thread.
    public var waitingCount: Int { pool.waitingCount }

    /// Finishes what waits, then ends the threads. Blocks until they have.
    public func close() { pool.close() }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(PasswordError) -> Value
    ) async throws(PasswordError) -> Value {
        let result: Result<Value, PasswordError>
        do {
            result = try await pool.run { Result { () throws(PasswordError) in try work() } }
        } catch {
            // The work itself throws nothing, so this can only be the pool's refusal.
            throw PasswordError(.busy)
        }
        return try result.get()
    }
}
