public import Linux
import Synchronization

/// One thread that waits for many descriptors, and the executor of everything that lives on it.
///
/// A task that is started with `spawn` runs on the loop's thread and comes back to it after every suspension; an actor
/// that names the loop's `actorExecutor` as its executor lives there too. What belongs to a loop is used from its thread only, so none of
/// it needs a lock. Other threads reach a loop through `execute` and nothing else.
///
/// A turn of the loop is: run what is ready, wait for the kernel, hand out what it reported, fire the timers that are
/// due.
public final class EventLoop: @unchecked Sendable {
    // @unchecked: everything below the first mark is confined to the loop's thread, and every entry asserts it.

    public let index: Int
    /// What an actor that is to live on this loop names as its executor.
    public let actorExecutor = ActorExecutor()
    private let wakeUp: EventDescriptor
    private let inbox = Lock(Inbox())
    /// The identity of the loop's thread: written once, by that thread, before anybody else can hold the loop.
    private let thread = Atomic<UInt>(0)
    /// How many connections live here. The acceptor reads it to hand the next one to the loop that has the fewest.
    let load = Atomic<Int>(0)

    // MARK: Confined to the loop's thread

    private let epoll: Epoll
    private var watched: [WatchedDescriptor?] = []
    private var nextRegistration: UInt32 = 0
    private var ready: [ReadyJob] = []
    private var running: [ReadyJob] = []
    private var timers = TimerHeap()
    private var turnEndObservers: [any TurnEndObserver] = []
    private var isStopping = false
    private var currentTime = MonotonicTime.now()
    /// Where sockets are read into. Its content is worth something until the next read on this loop, so it is only lent
    /// to functions that can not suspend.
    let readBuffer: UnsafeMutableBufferPointer<UInt8>

    /// Runs ready jobs at most this often before it looks at the kernel again and fires timers: tasks that keep waking each
    /// other, or themselves, must not keep everybody else from being heard.
    private static let roundsPerTurn = 8
    private static let readBufferSize = 65_536

    fileprivate init(index: Int) throws(SystemError) {
        self.index = index
        wakeUp = try EventDescriptor()
        epoll = try Epoll()
        readBuffer = .allocate(capacity: EventLoop.readBufferSize)
        readBuffer.initialize(repeating: 0)
        try epoll.addReadable(wakeUp.descriptor, token: EventLoop.wakeUpToken)
        actorExecutor.attach(to: self)
    }

    deinit { readBuffer.deallocate() }

    /// Starts a loop on a thread of its own.
    public static func start(index: Int = 0, name: String = "loop") throws(SystemError) -> EventLoop {
        let loop = try EventLoop(index: index)
        let started = Monitor(false)
        let thread = try SystemThread.start(name: "\(name)-\(index)") {
            loop.thread.store(SystemThread.currentIdentity, ordering: .releasing)
            started.update { $0 = true }
            loop.run()
        }
        thread.detach()
        started.wait { $0 ? () : nil }
        return loop
    }
}

// MARK: - Reaching the loop

extension EventLoop {
    /// Whether the caller runs on this loop's thread.
    @inline(__always)
    public var isCurrent: Bool { thread.load(ordering: .relaxed) == SystemThread.currentIdentity }

    /// Stops the program when the caller is elsewhere: state of a loop was about to be used from outside it.
    @inline(__always)
    public func assertCurrent() { precondition(isCurrent, "state of an event loop was used outside its thread") }

    /// Starts a task that lives on this loop.
    @discardableResult
    public func spawn<Value: Sendable>(_ operation: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
        Task(executorPreference: self) { await operation() }
    }

    /// Runs a task on this loop and waits for what it answers, from wherever the caller is.
    public func run<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Task(executorPreference: self) { try await operation() }.value
    }

    /// Runs a function on the loop's thread soon; at once when that is the caller's. After the loop has stopped it is
    /// dropped.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        if isCurrent { return body() }
        let mustWake = inbox.withLock { $0.add(body) }
        if mustWake { wakeUp.signal() }
    }
}

extension EventLoop: TaskExecutor {
    public func enqueue(_ job: consuming ExecutorJob) { makeReady(ReadyJob(job: UnownedJob(job), isOfActor: false)) }

    func makeReady(_ job: ReadyJob) {
        if isCurrent {
            ready.append(job)
        } else {
            let mustWake = inbox.withLock { $0.add(job) }
            if mustWake { wakeUp.signal() }
        }
    }

}

/// Something that collects work during a turn of the loop and does it in one piece at its end.
public protocol TurnEndObserver: AnyObject {
    /// Called on the loop. What it resumes runs before the loop sleeps.
    func turnEnded()
}

/// What other threads left for the loop.
private struct Inbox {
    private var jobs: [ReadyJob] = []
    private var functions: [@Sendable () -> Void] = []

    /// True when the loop has to be woken: it was empty before.
    mutating func add(_ job: ReadyJob) -> Bool {
        defer { jobs.append(job) }
        return jobs.isEmpty && functions.isEmpty
    }

    mutating func add(_ function: @escaping @Sendable () -> Void) -> Bool {
        defer { functions.append(function) }
        return jobs.isEmpty && functions.isEmpty
    }

    mutating func takeAll() -> (jobs: [ReadyJob], functions: [@Sendable () -> Void]) {
        defer {
            jobs = []
            functions = []
        }
        return (jobs, functions)
    }
}

// MARK: - The turn

extension EventLoop {
    /// When this turn's events were received. Good to a turn's length, which is what deadlines need, and free.
    public var now: MonotonicTime { currentTime }

    private func run() {
        while true {
            runReadyJobs()
            notifyTurnEndObservers()
            if isStopping {
                closeEverything()
                return
            }
            waitForEvents()
            currentTime = .now()
            fireTimers()
        }
    }

    /// At most as many as there are now: one that sets itself to a time that has passed is for the next turn.
    private func fireTimers() {
        for _ in 0..<timers.count {
            guard let timer = timers.takeDue(at: currentTime) else { return }
            timer.fire()
        }
    }

    private func runReadyJobs() {
        var rounds = 0
        while !ready.isEmpty, rounds < EventLoop.roundsPerTurn {
            rounds += 1
            swap(&ready, &running)
            for ready in running { run(ready) }
            running.removeAll(keepingCapacity: true)
        }
    }

    private func run(_ ready: ReadyJob) {
        if ready.isOfActor {
            ready.job.runSynchronously(
                isolatedTo: actorExecutor.asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        } else {
            ready.job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    /// Has `observer` told once, when everything that is ready now has run and before the loop waits: the moment to send
    /// in one piece what was collected during the turn.
    public func callAtTurnEnd(_ observer: any TurnEndObserver) {
        assertCurrent()
        turnEndObservers.append(observer)
    }

    private func notifyTurnEndObservers() {
        if turnEndObservers.isEmpty { return }
        let observers = turnEndObservers
        turnEndObservers.removeAll(keepingCapacity: true)
        for observer in observers { observer.turnEnded() }
    }

    private func waitForEvents() {
        let isIdle = ready.isEmpty && turnEndObservers.isEmpty
        let timeout: CInt = isIdle ? timers.millisecondsUntilNext(from: currentTime) : 0
        do throws(SystemError) {
            try epoll.wait(milliseconds: timeout) { event in
                if event.token == EventLoop.wakeUpToken {
                    wakeUp.drain()
                    takeInbox()
                } else {
                    deliver(event)
                }
            }
        } catch {
            preconditionFailure("epoll_wait fails only for a descriptor that is not an epoll instance: \(error)")
        }
    }

    /// Lends the first bytes of the read buffer.
    func lendReadBuffer<Result>(_ count: Int, to consume: (Span<UInt8>) -> Result) -> Result {
        // By way of a local: the optimizer of Swift 6.3.1 fails on a span of the property itself.
        let bytes = UnsafeBufferPointer(rebasing: readBuffer[..<count])
        return consume(bytes.span)
    }

    private func takeInbox() {
        let (jobs, functions) = inbox.withLock { $0.takeAll() }
        // Functions first: they bring connections, and a job may be the one that ends the server.
        for function in functions { function() }
        ready.append(contentsOf: jobs)
    }

    /// Ends the thread: whoever still waits for a descriptor is told that it is closed, and gets to run once more.
    private func closeEverything() {
        for descriptor in watched { descriptor?.close() }
        takeInbox()
        while !ready.isEmpty { runReadyJobs() }
        // The system may give this thread's identity to another one.
        thread.store(0, ordering: .releasing)
    }

    /// Stops the loop after what is ready now. Tasks that wait for its sockets see them closed; timers do not fire any
    /// more, so whoever stops a loop has ended its users first.
    public func stop() {
        execute { self.isStopping = true }
    }
}

// MARK: - Descriptors

extension EventLoop {
    private static let wakeUpToken = UInt64.max

    /// Watches a descriptor. The token carries a registration number beside the descriptor's number: an event that was
    /// fetched before the descriptor was closed must not reach the one that got its number next.
    func register(_ target: WatchedDescriptor) throws(SystemError) -> UInt32 {
        assertCurrent()
        nextRegistration &+= 1
        let registration = nextRegistration
        let slot = Int(target.descriptor.number)
        let token = UInt64(registration) << 32 | UInt64(slot)
        try epoll.add(target.descriptor, token: token)
        while watched.count <= slot { watched.append(nil) }
        watched[slot] = target
        return registration
    }

    func unregister(_ target: WatchedDescriptor) {
        assertCurrent()
        // Closing would do, were it not for copies of the descriptor in a child process.
        try? epoll.remove(target.descriptor)
        watched[Int(target.descriptor.number)] = nil
    }

    /// How many descriptors the loop watches.
    package var watchedCount: Int {
        assertCurrent()
        return watched.count { $0 != nil }
    }

    private func deliver(_ event: Epoll.Event) {
        let slot = Int(event.token & 0xFFFF_FFFF)
        guard let target = watched[slot], target.registration == UInt32(event.token >> 32) else { return }
        target.deliver(event)
    }
}

// MARK: - Timers

extension EventLoop {
    func schedule(_ timer: Timer) {
        assertCurrent()
        timers.insert(timer)
    }

    func hasten(_ timer: Timer) {
        assertCurrent()
        timers.hasten(timer)
    }

    func cancel(_ timer: Timer) {
        assertCurrent()
        timers.remove(timer)
    }

    /// Suspends the calling task, which must live on this loop, for a time. A cancelled task wakes at once.
    public func sleep(for duration: Duration) async {
        assertCurrent()
        let timer = Timer(loop: self)
        let confined = LoopBound(timer, on: self)
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                timer.action = { continuation.resume() }
                timer.move(to: Task.isCancelled ? currentTime : currentTime + duration)
            }
        } onCancel: {
            execute { confined.value.hastenIfPending() }
        }
    }
}
