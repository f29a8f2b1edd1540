internal import Linux
internal import Synchronization

/// How long a statement may run, and a way to end it early.
struct StatementBounds: Sendable {
    let deadline: MonotonicTime
    let cancellation: Cancellation?

    static let none = StatementBounds(deadline: .distantFuture, cancellation: nil)

    /// Set by any thread, seen by the one that runs the statement.
    final class Cancellation: Sendable {
        private let flag = Atomic<Bool>(false)

        var isRequested: Bool { flag.load(ordering: .acquiring) }

        func request() { flag.store(true, ordering: .releasing) }
    }

    var isExceeded: Bool { cancellation?.isRequested == true || deadline < .now() }
}
