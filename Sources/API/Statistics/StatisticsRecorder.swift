internal import Database
internal import Linux
internal import Networking
internal import Operations

/// Counts events of a loop, and adds them to the database now and then: a count costs nothing, and a crash loses some
/// seconds of it.
final class StatisticsRecorder {
    private let repository: StatisticsRepository
    private let loop: EventLoop
    private let logger: Logger
    private let interval: Duration
    private var counts: [Place: Int] = [:]
    private var flusher: Task<Void, Never>?
    private var isStopped = false

    private struct Place: Hashable {
        let day: Int
        let event: DailyEvent
    }

    init(database: any Database, on loop: EventLoop, logger: Logger, interval: Duration = .seconds(5)) {
        repository = StatisticsRepository(executor: database)
        self.loop = loop
        self.logger = logger
        self.interval = interval
    }

    func count(_ event: DailyEvent, at time: WallTime) {
        loop.assertCurrent()
        counts[Place(day: Int(time.seconds / 86_400), event: event), default: 0] += 1
    }

    func start() {
        loop.assertCurrent()
        let confined = LoopBound(self, on: loop)
        flusher = loop.spawn {
            while !confined.value.isStopped {
                await confined.value.loop.sleep(for: confined.value.interval)
                await confined.value.flush()
            }
        }
    }

    /// Adds what is left.
    func stop() async {
        loop.assertCurrent()
        isStopped = true
        flusher?.cancel()
        await flusher?.value
        await flush()
    }

    /// Adds what was counted; keeps it for the next time when the database is away.
    func flush() async {
        if counts.isEmpty { return }
        let taken = counts
        counts = [:]
        do throws(DatabaseError) {
            try await repository.add(
                taken.map { StatisticsRepository.Count(day: $0.key.day, event: $0.key.event.rawValue, count: $0.value) }
            )
        } catch {
            logger.debug("could not add to the statistics", ["error": .error(error)])
            // One whose fate is unknown is not counted twice.
            guard error.code != .connectionLost else { return }
            counts.merge(taken, uniquingKeysWith: +)
        }
    }
}
