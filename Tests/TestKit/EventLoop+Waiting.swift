internal import Linux
public import Networking

extension EventLoop {
    /// Waits, within bounds, for something that nobody announces.
    public func wait(
        for what: String,
        within patience: Duration = .seconds(20),
        until condition: () async throws -> Bool
    ) async throws {
        let deadline = MonotonicTime.now() + patience
        while try await !condition() {
            guard MonotonicTime.now() < deadline else { throw NeverHappened(what: what) }
            await sleep(for: .milliseconds(1))
        }
    }
}

/// What a test waited for in vain.
public struct NeverHappened: Error, CustomStringConvertible {
    public let what: String
    public var description: String { "never happened: \(what)" }
}
