public import Linux

/// A deadline on a loop that can be moved as often as one likes.
///
/// Moving it later only notes the new time: when the heap's entry comes up, it sees that it is not due and goes back in.
/// A connection that pushes its idle deadline ahead with every request therefore pays one store for it.
public final class Timer {
    public let loop: EventLoop
    /// Called on the loop when the time has come.
    public var action: (() -> Void)?
    /// When it is to fire.
    public private(set) var due = MonotonicTime.distantFuture
    /// Its time in the heap, at or before `due`.
    var key = MonotonicTime.distantFuture
    var heapIndex: Int?

    public init(loop: EventLoop) { self.loop = loop }

    public func move(to time: MonotonicTime) {
        due = time
        if heapIndex == nil {
            if time < .distantFuture { loop.schedule(self) }
        } else if time < key {
            loop.hasten(self)
        }
    }

    /// It will not fire, but may stay in the heap until its old time: for timers that are set again soon.
    public func disarm() { due = .distantFuture }

    /// It will not fire, and nothing is left of it.
    public func cancel() {
        due = .distantFuture
        action = nil
        loop.cancel(self)
    }

    func fire() {
        due = .distantFuture
        action?()
    }

    /// Fires at the next turn if it has not yet.
    func hastenIfPending() {
        if due < .distantFuture { move(to: loop.now) }
    }
}
