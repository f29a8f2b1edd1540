public import Linux

/// The queue of a blocking pool is full: the answer is 503, at once.
public struct BlockingPoolFull: Error, Equatable, CustomStringConvertible, Sendable {
    public var description: String { "too much slow work is waiting already" }
}

/// A fixed number of threads for work that would hold up a loop: password hashes, SQLite, name resolution.
///
/// The queue is bounded, and a full one refuses at once: work that would wait for longer than anybody waits for it is
/// better not begun.
public final class BlockingPool: Sendable {
    private struct Queue {
        var waiting: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let queue = Monitor(Queue())
    private let limit: Int
    private let threads: [SystemThread]

    /// - Parameter niceness: how far the threads stand back when others want to run, 0 (not at all) to 19.
    public init(
        name: String,
        threads count: Int,
        queueLimit: Int,
        niceness: Int = 0
    ) throws(SystemError) {
        precondition(count > 0 && queueLimit > 0, "a pool needs a thread and a place in its queue")
        limit = queueLimit
        var threads: [SystemThread] = []
        for index in 0..<count {
            threads.append(
                try SystemThread.start(name: "\(name)-\(index)", niceness: niceness) { [queue] in
                    BlockingPool.serve(queue)
                }
            )
        }
        self.threads = threads
    }

    /// Runs `work` on a thread of the pool. Throws `BlockingPoolFull` when too much waits already, and what the work
    /// throws.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let outcome: Result<Value, any Error> = await withUnsafeContinuation { continuation in
            let isAccepted = queue.update { queue in
                guard !queue.isClosed, queue.waiting.count < limit else { return false }
                queue.waiting.append { continuation.resume(returning: Result { try work() }) }
                return true
            }
            if !isAccepted { continuation.resume(returning: .failure(BlockingPoolFull())) }
        }
        return try outcome.get()
    }

    /// How many pieces of work wait for a thread.
    public var waitingCount: Int { queue.update { $0.waiting.count } }

    /// Finishes what waits, then ends the threads. Blocks until they have.
    public func close() {
        queue.update(wakingAll: true) { $0.isClosed = true }
        for thread in threads { thread.join() }
    }

    private static func serve(_ queue: Monitor<Queue>) {
        while let work = next(queue) { work() }
    }

    private static func next(_ queue: Monitor<Queue>) -> (@Sendable () -> Void)? {
        queue.wait { queue in
            if !queue.waiting.isEmpty { return .some(queue.waiting.removeFirst()) }
            return queue.isClosed ? .some(nil) : nil
        }
    }
}
