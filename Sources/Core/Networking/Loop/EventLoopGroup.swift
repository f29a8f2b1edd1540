public import Linux
internal import Synchronization

/// The loops of a program, one for each processor unless told otherwise.
public final class EventLoopGroup: Sendable {
    public let loops: [EventLoop]

    public init(count: Int = ProcessInfo.processorCount) throws(SystemError) {
        precondition(count > 0, "a group without loops can do nothing")
        var loops: [EventLoop] = []
        for index in 0..<count { loops.append(try EventLoop.start(index: index)) }
        self.loops = loops
    }

    /// The loop with the fewest connections: the first of those that have equally few, from `start` on.
    func leastLoaded(startingAt start: Int) -> EventLoop {
        var best = loops[start % loops.count]
        var bestLoad = best.load.load(ordering: .relaxed)
        for offset in 1..<max(1, loops.count) {
            let candidate = loops[(start + offset) % loops.count]
            let load = candidate.load.load(ordering: .relaxed)
            if load < bestLoad { (best, bestLoad) = (candidate, load) }
        }
        return best
    }

    public func stop() {
        for loop in loops { loop.stop() }
    }
}
