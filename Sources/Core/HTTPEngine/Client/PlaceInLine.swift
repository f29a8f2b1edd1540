internal import Linux
internal import Networking

/// One place in a line of those who wait for something, on one loop: a connection, the addresses behind a name.
final class PlaceInLine<Value> {
    private let timer: Timer
    private var continuation: CheckedContinuation<Void, Never>?
    private var value: Value?

    init(loop: EventLoop) { timer = Timer(loop: loop) }

    /// Nil when the deadline, or the end of the task, came first.
    func wait(until deadline: MonotonicTime) async -> Value? {
        if Task.isCancelled { return nil }
        let confined = LoopBound(self, on: timer.loop)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume() }
                self.continuation = continuation
                timer.action = { [self] in _ = resume(nil) }
                timer.move(to: deadline)
            }
        } onCancel: {
            confined.loop.execute { _ = confined.value.resume(nil) }
        }
        return value
    }

    /// False when the wait is over already: what was given is not taken back, and who gave up gets nothing.
    func resume(_ value: Value?) -> Bool {
        guard let continuation else { return false }
        self.continuation = nil
        self.value = value
        timer.cancel()
        continuation.resume()
        return true
    }
}
