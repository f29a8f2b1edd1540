import Glibc
import Linux
import Operations
import Testing

private struct Failure: Error, CustomDebugStringConvertible {
    var debugDescription: String { "port taken" }
}

/// What happened, in order, and a clock that only moves when it is told to.
private final class Journal: Sendable {
    private let entries = Lock<[String]>([])
    private let time = Lock(MonotonicTime(nanoseconds: 0))

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

/// Keeps the lines, and tells when the group has said that it is ready or that it heard a signal.
private struct ListeningSink: LogSink {
    let kept = CollectingLogSink()
    let onReady: @Sendable () -> Void
    let onSignal: @Sendable () -> Void

    func write(_ line: [UInt8]) {
        kept.write(line)
        let text = String(decoding: line, as: UTF8.self)
        if text.contains(" NOTICE ready ") { onReady() }
        if text.contains("asked to stop signal=") { onSignal() }
    }
}

/// Everything around a group that a test holds.
private struct Bench {
    let journal = Journal()
    let trigger = ServiceGroup.Trigger()
    let signals: AsyncStream<Signal>
    let signal: AsyncStream<Signal>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream() }

    /// What a run ended with and said.
    struct Outcome {
        let status: Int32
        let log: CollectingLogSink
    }

    func run(
        _ parts: [Part],
        onReady: @escaping @Sendable () -> Void = {},
        onSignal: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable () -> Void = {}
    ) async -> Outcome {
        let sink = ListeningSink(onReady: onReady, onSignal: onSignal)
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
        return Outcome(status: await group.run(), log: sink.kept)
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

    /// Does not hear of a cancellation, like a part that is stuck.
    func waitStubbornly() async { await Task { await wait() }.value }
}

@Suite(.timeLimit(.minutes(1))) struct ServiceGroupTests {
    @Test(arguments: [(Signal.terminate, "SIGTERM"), (.interrupt, "SIGINT")])
    func `parts start in order and stop in reverse`(signal: Signal, name: String) async {
        let bench = Bench()
        let parts = [bench.part("a"), bench.part("b"), bench.part("c")]
        let outcome = await bench.run(parts, onReady: { bench.signal.yield(signal) })
        #expect(outcome.status == 0)
        #expect(
            bench.journal.all == [
                "start a", "start b", "start c", "stop c within 10000", "stop b within 10000", "stop a within 10000",
            ]
        )
        #expect(outcome.log.contains("asked to stop signal=" + name))
        #expect(outcome.log.lines.last?.hasSuffix("NOTICE ended status=0") == true)
    }

    @Test func `a part that fails to start is named, and those before it are stopped`() async {
        let bench = Bench()
        let outcome = await bench.run([
            bench.part("a"), bench.part("b"), bench.part("c", starting: { throw Failure() }), bench.part("d"),
        ])
        #expect(outcome.status == 1)
        #expect(
            bench.journal.all == ["start a", "start b", "start c", "stop b within 10000", "stop a within 10000"]
        )
        #expect(outcome.log.contains(#"CRITICAL start failed part=c error="port taken""#))
        #expect(!outcome.log.contains("ready"))
        #expect(!outcome.log.contains("part=d"))
    }

    @Test func `a part gets what the parts before it left of the time`() async {
        let bench = Bench()
        let parts = [
            bench.part("a"),
            bench.part("b", stopping: { bench.journal.pass(.seconds(9)) }),
            bench.part("c", stopping: { bench.journal.pass(.seconds(4)) }),
        ]
        let outcome = await bench.run(parts, onReady: { bench.signal.yield(.terminate) })
        #expect(outcome.status == 0)
        #expect(
            bench.journal.all.suffix(3) == ["stop c within 10000", "stop b within 6000", "stop a within 0"]
        )
        #expect(outcome.log.contains("INFO  stopped part=c duration=4.000000s late=false"))
        #expect(outcome.log.contains("WARNING stopped part=b duration=9.000000s late=true"))
    }

    @Test func `a signal during the start gives it up without calling it a failure`() async {
        let bench = Bench()
        let gate = Gate()
        let slow = bench.part(
            "b",
            starting: {
                bench.signal.yield(.terminate)
                await gate.wait()
                try Task.checkCancellation()
            }
        )
        let outcome = await bench.run([bench.part("a"), slow, bench.part("c")])
        #expect(outcome.status == 0)
        #expect(bench.journal.all == ["start a", "start b", "stop a within 10000"])
        #expect(outcome.log.contains("start given up part=b"))
        #expect(!outcome.log.contains("start failed"))
        #expect(!outcome.log.contains("ready"))
    }

    @Test func `a part that was started in spite of a signal is stopped too`() async {
        let bench = Bench()
        let gate = Gate()
        let slow = bench.part(
            "b",
            starting: {
                bench.signal.yield(.terminate)
                await gate.wait()
            }
        )
        let outcome = await bench.run([bench.part("a"), slow, bench.part("c")])
        #expect(outcome.status == 0)
        #expect(
            bench.journal.all == ["start a", "start b", "stop b within 10000", "stop a within 10000"]
        )
    }

    @Test(arguments: [(Signal.terminate, Int32(143)), (.interrupt, 130)])
    func `a second signal during the stop ends the process at once`(second: Signal, status: Int32) async {
        let bench = Bench()
        let gate = Gate()
        let stuck = bench.part(
            "b",
            stopping: {
                bench.signal.yield(second)
                await gate.waitStubbornly()
            }
        )
        let outcome = await bench.run(
            [bench.part("a"), stuck],
            onReady: { bench.signal.yield(.terminate) },
            onExit: { gate.open() }
        )
        #expect(outcome.status == status)
        #expect(
            bench.journal.all
                == ["start a", "start b", "stop b within 10000", "exit \(status)", "stop a within 10000"]
        )
    }

    @Test func `a second signal during the start ends the process at once`() async {
        let bench = Bench()
        let gate = Gate()
        let stuck = bench.part(
            "a",
            starting: {
                bench.signal.yield(.interrupt)
                bench.signal.yield(.interrupt)
                await gate.waitStubbornly()
                throw Failure()
            }
        )
        let outcome = await bench.run([stuck], onExit: { gate.open() })
        #expect(outcome.status == 130)
        #expect(bench.journal.all == ["start a", "exit 130"])
    }

    @Test func `a second signal ends the process also when nobody reads the log`() async throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (output, input) = (FileDescriptor(number: ends[0]), FileDescriptor(number: ends[1]))
        let sink = try BackgroundLogSink(input)
        let logger = Logger(minimumLevel: .debug, sink: sink)
        let gate = Gate()
        let bench = Bench()
        let stuck = bench.part("a", stopping: { await gate.waitStubbornly() })
        // More than a pipe holds: from here on a write to it waits until somebody reads.
        for _ in 0..<20 { logger.info("full", ["text": .string(String(repeating: "x", count: 9_000))]) }
        bench.signal.yield(.terminate)
        bench.signal.yield(.terminate)
        let group = ServiceGroup(
            [stuck],
            shutdownLimit: .seconds(10),
            logger: logger,
            signals: bench.signals,
            exit: { status in
                bench.journal.add("exit \(status)")
                gate.open()
            }
        )
        #expect(await group.run() == 143)
        #expect(bench.journal.all.contains("exit 143"))
        let reader = try SystemThread.start(name: "reader") {
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
            defer { chunk.deallocate() }
            while let count = try? output.read(into: chunk), count > 0 {}
        }
        #expect(sink.flush(within: .seconds(30)))
        input.close()
        reader.join()
        output.close()
    }

    @Test func `a part that fails later ends the group with status 1 and is named`() async {
        let bench = Bench()
        let outcome = await bench.run(
            [bench.part("a"), bench.part("b")],
            onReady: { bench.trigger.fail(Failure(), in: "b") }
        )
        #expect(outcome.status == 1)
        #expect(
            bench.journal.all == ["start a", "start b", "stop b within 10000", "stop a within 10000"]
        )
        #expect(outcome.log.contains(#"CRITICAL part failed part=b error="port taken""#))
    }

    @Test func `the first signal after a failure does not cut the stop short`() async {
        let bench = Bench()
        let gate = Gate()
        let slow = bench.part(
            "b",
            stopping: {
                bench.signal.yield(.terminate)
                // The signal is heard before the stop ends: the log says so, and only then the part goes on.
                await gate.waitStubbornly()
            }
        )
        let outcome = await bench.run(
            [bench.part("a"), slow],
            onReady: { bench.trigger.fail(Failure(), in: "b") },
            onSignal: { gate.open() }
        )
        #expect(outcome.status == 1)
        #expect(bench.journal.all == ["start a", "start b", "stop b within 10000", "stop a within 10000"])
    }

    @Test func `a group that is told that nothing is left to do ends well`() async {
        let bench = Bench()
        let outcome = await bench.run([bench.part("a")], onReady: { bench.trigger.stop() })
        #expect(outcome.status == 0)
        #expect(bench.journal.all == ["start a", "stop a within 10000"])
    }

    @Test func `cancelling the task that runs a group stops its parts`() async {
        let bench = Bench()
        let (ready, readiness) = AsyncStream.makeStream(of: Never.self)
        let task = Task { await bench.run([bench.part("a"), bench.part("b")], onReady: { readiness.finish() }) }
        for await _ in ready {}
        task.cancel()
        let outcome = await task.value
        #expect(outcome.status == 0)
        #expect(
            bench.journal.all == ["start a", "start b", "stop b within 10000", "stop a within 10000"]
        )
        #expect(outcome.log.contains("asked to stop reason=cancelled"))
    }

    @Test func `a broken pipe does not end a process whose signals are prepared`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            ServiceGroup.prepareSignals()
            kill(getpid(), SIGPIPE)
            exit(7)
        }
    }
}
