public import Linux

/// The parts of a program from start to end: starts them in order, waits for a reason to end, and stops them in reverse.
///
/// SIGTERM or SIGINT asks it to end; whoever sends a second one is not kept waiting. What a part does not finish within
/// its time is its own affair: a part that ignores its limit holds up the end until that second signal.
public struct ServiceGroup: Sendable {
    let services: [any Service]
    let shutdownLimit: Duration
    let logger: Logger
    let trigger: Trigger
    let signals: AsyncStream<Signal>?
    let now: @Sendable () -> MonotonicTime
    let exit: @Sendable (Int32) -> Void

    /// - Parameters:
    ///   - shutdownLimit: what all parts together may take to stop.
    ///   - trigger: the handle that parts got to end the group by themselves.
    ///   - signals: what asks to end; nil stands for the signals of the process, and then `prepareSignals` must have been
    ///     called first, by `runProgram` for example.
    ///   - exit: ends the process at once.
    public init(
        _ services: [any Service],
        shutdownLimit: Duration,
        logger: Logger,
        trigger: Trigger = Trigger(),
        signals: AsyncStream<Signal>? = nil,
        now: @escaping @Sendable () -> MonotonicTime = MonotonicTime.now,
        exit: @escaping @Sendable (Int32) -> Void = { ProcessInfo.exitImmediately($0) }
    ) {
        self.services = services
        self.shutdownLimit = shutdownLimit
        self.logger = logger
        self.trigger = trigger
        self.signals = signals
        self.now = now
        self.exit = exit
    }

    /// Runs the parts until there is a reason to end, and answers the exit status: 0 after a good end, 1 when a part
    /// failed, at the start or later. To be called once.
    ///
    /// Cancelling the task that runs it asks it to end too.
    public func run() async -> Int32 {
        let source: AsyncStream<Signal>
        do {
            source = try signals ?? ProcessSignals.stream()
        } catch {
            logger.critical("signals can not be waited for", ["error": .error(error)])
            return 1
        }
        let (events, inbox) = AsyncStream.makeStream(of: Event.self)
        return await withTaskGroup(of: Void.self) { sources in
            sources.addTask { for await signal in source { inbox.yield(.signal(signal)) } }
            sources.addTask { [requests = trigger.requests] in
                for await request in requests { inbox.yield(.request(request)) }
            }
            var run = ServiceGroupRun(group: self, events: events, inbox: inbox)
            let status = await run.run()
            sources.cancelAll()
            return status
        }
    }

    /// What happens while a group runs.
    enum Event: Sendable {
        case signal(Signal)
        case request(Trigger.Request)
        /// All parts have been started, or as many as could be.
        case startEnded
        case stopEnded
    }
}
