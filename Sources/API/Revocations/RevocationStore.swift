internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations

/// Tells whether a token still counts. Lives on one loop.
///
/// The database is the truth. The copy answers instead of it while it is whole, and while this loop has lately looked into
/// the database for revocations that somebody could not copy, which it then holds itself. So a revocation that was
/// acknowledged is in force: either it is in the copy, or everybody has seen it in the database.
final class RevocationStore {
    struct Timing: Sendable {
        /// From one look into the database to the next.
        var interval = Duration.milliseconds(500)
        /// A database that takes longer to answer a look, on a way where nobody else is, is away: tokens are then checked
        /// against the copy alone.
        var patience = Duration.milliseconds(800)
        /// From one look to the next while the database is away.
        var intervalWhileAway = Duration.milliseconds(100)
        /// A look that began before that is too old to trust the copy, and a revocation that could not be copied is known to
        /// everybody after that, if the database has answered all the while.
        var horizon = Duration.milliseconds(1_500)
        /// Longer between the answers of two looks, and the database has not answered all the while. Less than the horizon by
        /// more than the interval: who looks once within the horizon, and gets no answer until its end, is noticed.
        var longestSilence = Duration.milliseconds(900)
        /// How far a look goes back: the clocks of others, and their transactions that were under way during the last one.
        var overlap = Duration.seconds(20)
        /// The copy passes for whole that long after a look that found nothing that is not in it. Less than the overlap by
        /// far more than the horizon: who begins to look while it does finds whatever was made since.
        var trust = Duration.seconds(10)
        /// Somebody else who loads the copy is given that long from one page to the next.
        var loadingPatience = Duration.seconds(5)
        /// After a load that failed.
        var loadingPause = Duration.milliseconds(200)

        init() {}
    }

    // For the files of this type; nobody else touches these.
    let repository: RevocationRepository
    /// For looks.
    let watch: RevocationRepository
    /// Nobody else's statements are on the way of the looks.
    let isWatchAlone: Bool
    let held: HeldRevocations
    let copy: RevocationCopy?
    let othersKeepCopies: Bool
    let loop: EventLoop
    let logger: Logger
    let timing: Timing
    let wallTime: @Sendable () -> WallTime

    /// When the last look into the database began that succeeded, by both clocks.
    var lastLook: MonotonicTime?
    var lastLookTime: WallTime?
    var isDatabaseAway = false
    /// When the database answered a look last, and since when it has answered all of them.
    var lastAnswer: MonotonicTime?
    var answersSince: MonotonicTime?
    /// What the last look found, so that the next one holds only what is new.
    var lastFound: [Revocation.Subject: Revocation] = [:]
    var looker: Task<Void, Never>?
    var copier: Task<Void, Never>?
    var loader: Task<Void, Never>?
    var nextLoad = MonotonicTime(nanoseconds: 0)
    var isStopped = false

    static let pageSize = 500

    /// Without a copy every token is checked in the database.
    ///
    /// - Parameters:
    ///   - watch: a way to the database for looks alone: silence there means that the database is away, and not that
    ///     others keep it busy. Nil: looks go the way of everything else, and silence means nothing.
    ///   - held: one for all loops of the process.
    ///   - othersKeepCopies: in the memory of another process, out of reach, as the one that serves has it beside an
    ///     embedded database.
    init(
        database: any Database,
        watch: (any Database)? = nil,
        held: HeldRevocations = HeldRevocations(),
        copy: (any EphemeralStore)?,
        othersKeepCopies: Bool = false,
        on loop: EventLoop,
        logger: Logger,
        timing: Timing = Timing(),
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        repository = RevocationRepository(executor: database)
        self.watch = RevocationRepository(executor: watch ?? database)
        isWatchAlone = watch != nil
        self.held = held
        self.othersKeepCopies = othersKeepCopies
        self.copy = copy.map { RevocationCopy(store: $0, trust: timing.trust) }
        self.loop = loop
        self.logger = logger
        self.timing = timing
        self.wallTime = wallTime
    }

    /// Whether a token that is otherwise good must be refused. Throws when that can not be told.
    func isRevoked(_ token: TokenIdentity) async throws(DatabaseError) -> Bool {
        loop.assertCurrent()
        if held.isRevoked(token) { return true }
        if let copy, isUpToDate {
            switch await copy.verdict(on: token) {
            case .valid: return false
            case .revoked: return true
            case .unknown: load()
            }
        }
        return try await repository.isRevoked(token)
    }

    /// Whether the copy is there to answer. True where there is none to keep.
    var isCopyBelieved: Bool {
        get async {
            guard let copy else { return true }
            let isComplete = await copy.isComplete
            return isComplete && isUpToDate
        }
    }

    var isUpToDate: Bool {
        if isDatabaseAway { return true }
        guard let lastLook else { return false }
        return loop.now - lastLook < timing.horizon
    }
}

// MARK: - Telling others

extension RevocationStore {
    /// Tells everybody of revocations that were committed. Once it returns they are in force everywhere. When it throws they
    /// are in force in this process, and everywhere as soon as one of the two stores can tell.
    func spread(_ revocations: [Revocation]) async throws(DatabaseError) {
        loop.assertCurrent()
        if revocations.isEmpty { return }
        guard let copy else {
            // Everybody has looked into the database by then.
            if othersKeepCopies { await loop.sleep(for: timing.horizon) }
            return
        }
        held.hold(revocations)
        let start = loop.now
        while true {
            do throws(EphemeralStoreError) {
                try await copy.add(revocations, at: wallTime())
                return held.release(revocations)
            } catch {
                if Task.isCancelled { throw DatabaseError(.cancelled) }
            }
            // Somebody else of this process may have copied them.
            if !held.holds(anyOf: revocations) || hasEverybodyLooked(since: start) { return }
            // A moment of silence is waited out; it is not known to be more.
            let patience = isDatabaseAway ? timing.horizon : timing.horizon * 2
            if loop.now - start >= patience {
                throw DatabaseError(.unavailable, message: "neither store could tell others of a revocation")
            }
            await loop.sleep(for: .milliseconds(50))
        }
    }

    /// Whether everybody who can reach the database has seen there what was committed at a time, or does not believe the
    /// copy. Who believes the copy alone, since the database was away, may have seen nothing: so it must have answered all
    /// the while.
    private func hasEverybodyLooked(since start: MonotonicTime) -> Bool {
        guard let lastAnswer, let answersSince, loop.now - lastAnswer < timing.longestSilence else { return false }
        return loop.now - max(start, answersSince) >= timing.horizon
    }
}
