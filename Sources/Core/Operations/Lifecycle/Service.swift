/// A part of the program that is started, runs beside the others, and is stopped: a pool, a listener, a sweeper.
public protocol Service: Sendable {
    /// What the log calls it.
    var name: String { get }

    /// Returns when the part is ready for those that are started after it. Its task is cancelled when the program is
    /// asked to end meanwhile. A part that throws has cleaned up after itself: it is not stopped.
    func start() async throws

    /// Finishes what is in flight, within the given time at most, and returns when nothing of the part runs any more.
    /// Nothing left of the time means: drop everything now.
    func stop(within limit: Duration) async
}
