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

    // For the files of this type; nobody else touches these.
    let repository: RevocationRepository
    let copy: RevocationCopy?
    let othersKeepCopies: Bool
    let loop: EventLoop
    let logger: Logger
    let timing: Timing
    let wallTime: @Sendable () -> WallTime

    /// When the last look into the database began that succeeded.
    var lastLook: MonotonicTime?
    var isDatabaseAway = false
    /// What the last look found, so that the next one copies only what is new.
    var lastFound: [Revocation.Subject: Revocation] = [:]
    var looker: Task<Void, Never>?
    var loader: Task<Void, Never>?
    var nextLoad = MonotonicTime(nanoseconds: 0)
    var isStopped = false

    static let pageSize = 500

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

    var isUpToDate: Bool {
        if isDatabaseAway { return true }
        guard let lastLook else { return false }
        return loop.now - lastLook < timing.horizon
    }
}
