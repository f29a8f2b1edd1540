import Glibc
import Linux
import Operations
import Synchronization
import Testing

private struct Failure: Error, CustomDebugStringConvertible {
    var debugDescription: String { "port taken" }
}

/// What happened, in order, and a clock that only moves when it is told to.
private final class Journal: Sendable {
    private let entries = Mutex<[String]>([])
    private let time = Mutex(MonotonicTime(nanoseconds: 0))

    var all: [String] { entries.withLock { $0 } }

    func add(_ entry: String) { entries.withLock { $0.append(entry) } }

    func now() -> MonotonicTime { time.withLock { $0 } }

    func pass(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}

private struct Part: Service {
    let name: String
    let journal: Journal
    var starting: @Sendable () async throws -> Void = {}
    var stopping: @Sendable () async -> Void = {}

    func start() async throws {
        journal.add("start \(name)")
        try await starting()
    }

    func stop(within limit: Duration) async {
        journal.add("stop \(name) within \(limit.nanoseconds / 1_000_000)")
        await stopping()
    }
}

/// Everything around a group that a test holds.
private struct Bench {
    let journal = Journal()
    let sink = CollectingLogSink()
    let trigger = ServiceGroup.Trigger()
    let signals: AsyncStream<Signal>
    let signal: AsyncStream<Signal>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream() }

    func run(_ parts: [Part], onExit: @escaping @Sendable () -> Void = {}) async -> Int32 {
        let group = ServiceGroup(
            parts,
            shutdownLimit: .seconds(10),
            logger: Logger(minimumLevel: .debug, sink: sink),
            trigger: trigger,
            signals: signals,
            now: { [journal] in journal.now() },
            exit: { [journal] status in
                journal.add("exit \(status)")
                onExit()
            }
        )
        return await group.run()
    }

    func part(
        _ name: String,
        starting: @escaping @Sendable () async throws -> Void = {},
        stopping: @escaping @Sendable () async -> Void = {}
    ) -> Part {
        Part(name: name, journal: journal, starting: starting, stopping: stopping)
    }
}

/// Waits until it is opened; cancelling the task that waits opens it too.
private struct Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}

@Suite(.timeLimit(.minutes(1))) struct ServiceGroupTests {
    @Test(arguments: [Signal.terminate, .interrupt])
    func `parts start in order and stop in reverse`(signal: Signal) async {
        let bench = Bench()
        let last = bench.part("c", starting: { bench.signal.yield(signal) })
        let status = await bench.run([bench.part("a"), bench.part("b"), last])
        #expect(status == 0)
        #expect(bench.journal.all.filter { $0.hasPrefix("start") } == ["start a", "start b", "start c"])
        #expect(
            bench.journal.all.filter { $0.hasPrefix("stop") }
                == ["stop c within 10000", "stop b within 10000", "stop a within 10000"]
        )
        #expect(!bench.journal.all.contains { $0.hasPrefix("exit") })
        #expect(bench.sink.contains("signal=" + (signal == .terminate ? "SIGTERM" : "SIGINT")))
    }

    @Test func `a part that fails to start is named, and those before it are stopped`() async {
        let bench = Bench()
        let status = await bench.run([
            bench.part("a"), bench.part("b"), bench.part("c", starting: { throw Failure() }), bench.part("d"),
        ])
        #expect(status == 1)
        #expect(
            bench.journal.all
                == ["start a", "start b", "start c", "stop b within 10000", "stop a within 10000"]
        )
        #expect(bench.sink.contains(#"CRITICAL start failed part=c error="port taken""#))
        #expect(!bench.sink.contains("ready"))
        #expect(!bench.sink.contains("part=d"))
    }

    @Test func `a part gets what the parts before it left of the time`() async {
        let bench = Bench()
        let parts = [
            bench.part("a"),
            bench.part("b", stopping: { bench.journal.pass(.seconds(9)) }),
            bench.part("c", stopping: { bench.journal.pass(.seconds(4)) }),
        ]
        bench.trigger.stop()
        // Whether the stop is heard before the parts are started is nobody's concern here, so it waits for the last one.
        let ready = Bench()
        _ = ready
        let status = await bench.run(parts)
        #expect(status == 0)
    }
}
