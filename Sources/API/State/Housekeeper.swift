internal import Database
internal import Linux
internal import Networking
internal import Operations

/// Removes rows that are of no use any more, a few at a time. One loop of each process does it.
final class Housekeeper {
    private let database: any Database
    private let loop: EventLoop
    private let logger: Logger
    private let interval: Duration
    private let wallTime: @Sendable () -> WallTime
    private var worker: Task<Void, Never>?
    private var isStopped = false

    /// Removed by one statement: few enough to be done before anybody waits for them.
    static let portion = 500
    /// A revocation outlives the last token it concerns: clocks differ.
    private static let grace = Duration.seconds(60)

    init(
        database: any Database,
        on loop: EventLoop,
        logger: Logger,
        interval: Duration = .seconds(60),
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.database = database
        self.loop = loop
        self.logger = logger
        self.interval = interval
        self.wallTime = wallTime
    }

    func start() {
        loop.assertCurrent()
        let confined = LoopBound(self, on: loop)
        worker = loop.spawn {
            while !confined.value.isStopped {
                await confined.value.loop.sleep(for: confined.value.interval)
                await confined.value.clean()
            }
        }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        worker?.cancel()
        await worker?.value
    }

    /// Removes all there is to remove, unless it is stopped.
    func clean() async {
        let limit = wallTime() - Housekeeper.grace
        do throws(DatabaseError) {
            let sessions = SessionRepository(executor: database)
            while !isStopped, try await sessions.removeExpired(before: limit, limit: Housekeeper.portion) > 0 {}
            let revocations = RevocationRepository(executor: database)
            while !isStopped, try await revocations.removeExpired(before: limit, limit: Housekeeper.portion) > 0 {}
        } catch {
            logger.debug("could not remove what has expired", ["error": .error(error)])
        }
    }
}
