/// A loop as the executor of actors.
///
/// Not the loop itself: a job of an actor and one of a plain task must be run in different words, and by the time they
/// are enqueued the runtime does not tell which it is. Run in the other's words a task finds itself on what it takes for
/// a foreign executor, and hops to where it already is, at every suspension.
public final class ActorExecutor: SerialExecutor, @unchecked Sendable {
    // @unchecked: set once, by the loop, before anybody else can have either of them. Unowned, for the loop owns this.
    private unowned var owner: EventLoop?

    func attach(to loop: EventLoop) { owner = loop }

    private var loop: EventLoop {
        guard let owner else { preconditionFailure("an executor without its loop") }
        return owner
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        loop.makeReady(ReadyJob(job: UnownedJob(job), isOfActor: true))
    }

    public func checkIsolated() { loop.assertCurrent() }

    public func isIsolatingCurrentContext() -> Bool? { loop.isCurrent }
}

/// A job that is to be run, and in which words.
struct ReadyJob: Sendable {
    let job: UnownedJob
    let isOfActor: Bool
}
