internal import Linux

/// One run of a group: what has happened so far, and what follows from it.
struct ServiceGroupRun {
    private let group: ServiceGroup
    private let inbox: AsyncStream<ServiceGroup.Event>.Continuation
    private var events: AsyncStream<ServiceGroup.Event>.Iterator
    private var hasSignal = false
    private var isAskedToStop = false
    private var status: Int32 = 0

    /// What became of one event.
    private enum Step {
        case goOn
        case stop
        /// The phase that was going on has ended.
        case phaseEnded
        /// Somebody asked for the second time.
        case exit
    }

    init(
        group: ServiceGroup,
        events: AsyncStream<ServiceGroup.Event>,
        inbox: AsyncStream<ServiceGroup.Event>.Continuation
    ) {
        self.group = group
        self.inbox = inbox
        self.events = events.makeAsyncIterator()
    }

    mutating func run() async -> Int32 {
        let started = await start()
        if started.failed, status == 0 { status = 1 }
        if !started.failed, !isAskedToStop {
            group.logger.notice("ready", ["parts": .integer(started.count)])
            await waitUntilAskedToStop()
        }
        await stop(started.count)
        group.logger.notice("ended", ["status": .integer(Int(status))])
        return status
    }
}

// MARK: - Phases

extension ServiceGroupRun {
    /// Starts the parts while listening for a reason not to: the part that is being started then is cancelled.
    private mutating func start() async -> StartResult {
        await withTaskGroup(of: StartResult.self) { starting in
            starting.addTask { [group, inbox] in
                let result = await group.startParts()
                inbox.yield(.startEnded)
                return result
            }
            phase: while true {
                switch await nextStep() {
                case .goOn: continue
                case .stop: starting.cancelAll()
                case .phaseEnded, .exit: break phase
                }
            }
            starting.cancelAll()
            return await starting.next() ?? StartResult(count: 0, failed: false)
        }
    }

    private mutating func waitUntilAskedToStop() async {
        while !isAskedToStop { _ = await nextStep() }
    }

    private mutating func stop(_ count: Int) async {
        await withTaskGroup(of: Void.self) { stopping in
            stopping.addTask { [group, inbox] in
                await group.stopParts(count)
                inbox.yield(.stopEnded)
            }
            phase: while true {
                switch await nextStep() {
                case .goOn, .stop: continue
                case .phaseEnded: break phase
                case .exit:
                    stopping.cancelAll()
                    break phase
                }
            }
        }
    }

    private mutating func nextStep() async -> Step {
        switch await events.next(isolation: #isolation) {
        case .signal(let signal): return answer(signal)
        case .request(.stop):
            group.logger.notice("asked to stop", ["reason": "a part has finished"])
            isAskedToStop = true
            return .stop
        case .request(.fail(let part, let error)):
            group.logger.critical("part failed", ["part": .string(part), "error": .error(error)])
            isAskedToStop = true
            status = 1
            return .stop
        case .startEnded, .stopEnded: return .phaseEnded
        case nil:
            // The task was cancelled. No event will come any more, the end of a phase no more than others, but a task
            // group waits for its children anyway.
            if !isAskedToStop { group.logger.notice("asked to stop", ["reason": "cancelled"]) }
            isAskedToStop = true
            return .phaseEnded
        }
    }

    private mutating func answer(_ signal: Signal) -> Step {
        guard hasSignal else {
            group.logger.notice("asked to stop", ["signal": .string(signal.name)])
            hasSignal = true
            isAskedToStop = true
            return .stop
        }
        status = 128 + signal.rawValue
        group.logger.warning("ended by a second signal", ["signal": .string(signal.name)])
        // Who reads the log may be what everything waits for: the end does not.
        group.logger.flush(within: .milliseconds(200))
        group.exit(status)
        return .exit
    }
}

// MARK: - Parts

/// How far the start came: how many parts are to be stopped, and whether the next one failed.
private struct StartResult: Sendable {
    let count: Int
    let failed: Bool
}

extension ServiceGroup {
    fileprivate func startParts() async -> StartResult {
        for (count, service) in services.enumerated() {
            if Task.isCancelled { return StartResult(count: count, failed: false) }
            let part = LogValue.string(service.name)
            logger.debug("starting", ["part": part])
            let began = now()
            do {
                try await service.start()
            } catch {
                // A part that gives up because it was told to has not failed.
                if Task.isCancelled {
                    logger.notice("start given up", ["part": part])
                    return StartResult(count: count, failed: false)
                }
                logger.critical("start failed", ["part": part, "error": .error(error)])
                return StartResult(count: count, failed: true)
            }
            logger.info("started", ["part": part, "duration": .duration(now() - began)])
        }
        return StartResult(count: services.count, failed: false)
    }

    fileprivate func stopParts(_ count: Int) async {
        let deadline = now() + shutdownLimit
        for service in services.prefix(count).reversed() {
            let part = LogValue.string(service.name)
            let began = now()
            let limit = max(deadline - began, .zero)
            logger.debug("stopping", ["part": part, "limit": .duration(limit)])
            await service.stop(within: limit)
            let duration = now() - began
            let level = duration > limit ? LogLevel.warning : .info
            logger.log(
                level,
                "stopped",
                ["part": part, "duration": .duration(duration), "late": .boolean(duration > limit)]
            )
        }
    }
}

extension Signal {
    fileprivate var name: String {
        switch self {
        case .interrupt: "SIGINT"
        case .terminate: "SIGTERM"
        case .hangUp: "SIGHUP"
        }
    }
}
