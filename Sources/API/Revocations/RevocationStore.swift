internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations

/// Tells whether a token still counts. Lives on one loop.
///
/// The database is the truth. The copy answers instead of it while it is whole, and while this loop has lately looked into
/// the database for revocations that somebody could not copy. So a revocation that was acknowledged is in force: either it
/// is in the copy, or everybody has seen it in the database.
final class RevocationStore {
    struct Timing: Sendable {
        /// From one look into the database to the next.
        var interval = Duration.milliseconds(500)
        /// A database that takes longer to answer a look is away: tokens are then checked against the copy alone.
        var patience = Duration.milliseconds(800)
        /// A look that began before that is too old to trust the copy, and a revocation that could not be copied is known to
        /// everybody after that.
        var horizon = Duration.milliseconds(1_500)
        /// How far a look goes back: the clocks of others, and their transactions that were under way during the last one.
        var overlap = Duration.seconds(20)
        /// Somebody else who loads the copy is given that long.
        var loadingPatience = Duration.seconds(5)
        /// After a load that failed.
        var loadingPause = Duration.milliseconds(200)

        init() {}
    }

    private let repository: RevocationRepository
    private let copy: RevocationCopy?
    private let othersKeepCopies: Bool
    private let loop: EventLoop
    private let logger: Logger
    private let timing: Timing
    private let wallTime: @Sendable () -> WallTime

    /// When the last look into the database began that succeeded.
    private var lastLook: MonotonicTime?
    private var isDatabaseAway = false
    /// What the last look found, so that the next one copies only what is new.
    private var lastFound: [Revocation.Subject: Revocation] = [:]
    private var looker: Task<Void, Never>?
    private var loader: Task<Void, Never>?
    private var nextLoad = MonotonicTime(nanoseconds: 0)
    private var isStopped = false

    private static let pageSize = 500

    /// Without a copy every token is checked in the database.
    ///
    /// - Parameter othersKeepCopies: in the memory of another process, out of reach, as the one that serves has it beside an
    ///   embedded database.
    init(
        database: any Database,
        copy: (any EphemeralStore)?,
        othersKeepCopies: Bool = false,
        on loop: EventLoop,
        logger: Logger,
        timing: Timing = Timing(),
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        repository = RevocationRepository(executor: database)
        self.othersKeepCopies = othersKeepCopies
        self.copy = copy.map { RevocationCopy(store: $0) }
        self.loop = loop
        self.logger = logger
        self.timing = timing
        self.wallTime = wallTime
    }

    /// Whether a token that is otherwise good must be refused. Throws when that can not be told.
    func isRevoked(_ token: TokenIdentity) async throws(DatabaseError) -> Bool {
        loop.assertCurrent()
        if let copy, isUpToDate {
            switch await copy.verdict(on: token) {
            case .valid: return false
            case .revoked: return true
            case .unknown: load()
            }
        }
        return try await repository.isRevoked(token)
    }

    /// Tells everybody of revocations that were committed. Once it returns they are in force everywhere.
    func spread(_ revocations: [Revocation]) async {
        loop.assertCurrent()
        guard let copy else {
            // Everybody has looked into the database by then.
            if othersKeepCopies, !revocations.isEmpty { await loop.sleep(for: timing.horizon) }
            return
        }
        let end = loop.now + timing.horizon
        while true {
            do throws(EphemeralStoreError) {
                return try await copy.add(revocations, at: wallTime())
            } catch {
                guard loop.now < end, !Task.isCancelled else { return }
                await loop.sleep(for: .milliseconds(50))
            }
        }
    }

    private var isUpToDate: Bool {
        if isDatabaseAway { return true }
        guard let lastLook else { return false }
        return loop.now - lastLook < timing.horizon
    }
}

// MARK: - Looking into the database

extension RevocationStore {
    /// Begins to look into the database now and then. To be stopped.
    func start() {
        loop.assertCurrent()
        guard copy != nil else { return }
        let confined = LoopBound(self, on: loop)
        looker = loop.spawn { await confined.value.keepLooking() }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        looker?.cancel()
        loader?.cancel()
        await looker?.value
        await loader?.value
    }

    private func keepLooking() async {
        let silence = Timer(loop: loop)
        silence.action = { [unowned self] in noteDatabase(isAway: true) }
        while !isStopped {
            silence.move(to: loop.now + timing.patience)
            await look()
            silence.cancel()
            if let copy, await !copy.isComplete { load() }
            await loop.sleep(for: timing.interval)
        }
    }

    /// Copies what was revoked lately, whoever did it and whether or not they could.
    private func look() async {
        let start = loop.now
        do {
            let found = try await repository.made(since: wallTime() - timing.overlap)
            noteDatabase(isAway: false)
            let news = found.filter { lastFound[$0.subject] != $0 }
            try await copy?.add(news, at: wallTime())
            lastFound = Dictionary(found.map { ($0.subject, $0) }) { $1 }
            lastLook = start
        } catch let error as DatabaseError {
            if error.isUnavailability { noteDatabase(isAway: true) }
        } catch {
            // The copy is away: nobody trusts it, and the next look tries again.
        }
    }

    private func noteDatabase(isAway: Bool) {
        guard isAway != isDatabaseAway else { return }
        isDatabaseAway = isAway
        if isAway {
            logger.warning("the database does not answer: tokens are checked against the copy of the revocations alone")
        } else {
            logger.notice("the database answers again")
        }
    }
}

// MARK: - Loading the copy

extension RevocationStore {
    /// Has the copy made whole, in the background.
    private func load() {
        guard loader == nil, !isStopped, loop.now >= nextLoad, let copy else { return }
        let confined = LoopBound((self, copy), on: loop)
        loader = loop.spawn {
            let (store, copy) = confined.value
            await store.load(copy)
            store.loader = nil
        }
    }

    private func load(_ copy: RevocationCopy) async {
        let start = loop.now
        var other: (mark: [UInt8], since: MonotonicTime)?
        do {
            while !isStopped {
                let isPatienceOver = other.map { loop.now - $0.since > timing.loadingPatience } ?? false
                let nonce = UInt64.random(in: 0 ... .max)
                switch try await copy.beginLoading(displacing: isPatienceOver ? other?.mark : nil, nonce: nonce) {
                case .complete: return
                case .underWay(let mark):
                    if other?.mark != mark { other = (mark, loop.now) }
                    await loop.sleep(for: .milliseconds(20))
                case .begun(let loading):
                    guard let count = try await fill(copy, loading), try await copy.finish(loading) else { continue }
                    logger.notice(
                        "copied the revocations",
                        ["count": .integer(count), "took": .duration(loop.now - start)]
                    )
                    return
                }
            }
        } catch {
            // One of the two is away. The next request, or the next look, tries again.
            logger.debug("could not copy the revocations", ["error": .error(error)])
            nextLoad = loop.now + timing.loadingPause
        }
    }

    /// Copies all; nil when the right to say so was lost on the way.
    private func fill(_ copy: RevocationCopy, _ loading: RevocationCopy.Loading) async throws -> Int? {
        var count = 0
        var last: Revocation.Subject?
        while true {
            let page = try await repository.live(at: wallTime(), after: last, limit: RevocationStore.pageSize)
            try await copy.add(page, at: wallTime())
            count += page.count
            guard let end = page.last, page.count == RevocationStore.pageSize else { return count }
            last = end.subject
            guard try await copy.prolong(loading) else { return nil }
        }
    }
}
