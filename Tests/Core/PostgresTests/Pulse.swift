import Linux
import Networking
import TestKit

/// One task tells another one that something has happened, each time once.
final class Pulse: Sendable {
    private let count = Lock(0)

    func send() { count.withLock { $0 += 1 } }

    /// Waits for the next one.
    func wait(on loop: EventLoop) async throws { try await loop.wait(for: "a pulse") { take() } }

    private func take() -> Bool {
        count.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
    }
}
