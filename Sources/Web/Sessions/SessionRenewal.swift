internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Linux
internal import Networking
internal import Operations

/// Exchanges the tokens of sessions for the next ones. A refresh token works once, so of all requests that need it, on
/// every loop and in every process, one makes the exchange and the others wait for what it got. Lives on one loop.
final class SessionRenewal {
    struct Timing: Sendable {
        /// Nobody waits longer for what another one does.
        var patience = Duration.seconds(12)
        /// From one look at what another loop or process does to the next.
        var interval = Duration.milliseconds(20)
        /// A holder that is gone keeps others waiting no longer. Longer than a call of the API may take, and than asking
        /// again does.
        var turn = Duration.seconds(15)
        /// From the first time that tokens are asked for until nobody asks again. Far within `REFRESH_REUSE_WINDOW`: a
        /// token that is used again later than that looks stolen.
        var asking = Duration.seconds(4)
        /// New tokens that are not stored are lost, and the session with them.
        var storing = Duration.seconds(5)
    }

    private typealias Outcome = Result<Session, any Error>

    private let store: SessionStore
    private let api: APIClient
    private let life: SessionLife
    private let loop: EventLoop
    private let timing: Timing
    private let now: @Sendable () -> WallTime
    private var underWay: [String: Task<Outcome, Never>] = [:]

    init(
        store: SessionStore,
        api: APIClient,
        life: SessionLife,
        on loop: EventLoop,
        timing: Timing = Timing(),
        now: @escaping @Sendable () -> WallTime
    ) {
        self.store = store
        self.api = api
        self.life = life
        self.loop = loop
        self.timing = timing
        self.now = now
    }

    /// The session with another access token than it has here.
    func renew(_ session: Session, for person: Person) async throws -> Session {
        loop.assertCurrent()
        let key = session.id.fingerprint
        if let task = underWay[key] {
            let other = try await task.value.get()
            if other.record.accessToken != session.record.accessToken { return other }
        }
        // Not part of the request that begins it: others wait for it too, and tokens that were exchanged must be stored
        // even if that request is cancelled.
        let confined = LoopBound(self, on: loop)
        let task = loop.spawn { await confined.value.outcome(session, person) }
        underWay[key] = task
        let outcome = await task.value
        if underWay[key] == task { underWay[key] = nil }
        return try outcome.get()
    }

    private func outcome(_ session: Session, _ person: Person) async -> Outcome {
        do {
            return .success(try await takeTurn(session, person))
        } catch {
            return .failure(error)
        }
    }

    private func takeTurn(_ session: Session, _ person: Person) async throws -> Session {
        let deadline = loop.now + timing.patience
        while true {
            if let turn = try await store.takeTurn(session.id, for: timing.turn) {
                do {
                    let renewed = try await exchange(session, person)
                    await store.giveBack(turn)
                    return renewed
                } catch {
                    await store.giveBack(turn)
                    throw error
                }
            }
            if let other = try await elsewhere(session) { return other }
            guard loop.now < deadline else { throw SessionError.busy }
            await loop.sleep(for: timing.interval)
        }
    }

    /// What somebody else has made of the session meanwhile; nil when nobody has.
    private func elsewhere(_ session: Session) async throws -> Session? {
        guard let stored = try await store.find(session.id) else { throw SessionError.over }
        return stored.record.accessToken == session.record.accessToken ? nil : stored
    }

    private func exchange(_ session: Session, _ person: Person) async throws -> Session {
        // Whoever had the turn before may have done it all.
        if let other = try await elsewhere(session) { return other }
        let tokens: TokensBody
        do throws(APIError) {
            tokens = try await ask(session.record.refreshToken, person)
        } catch {
            guard case .refused(let refusal) = error, refusal.status == .unauthorized || refusal.code == .inactiveUser
            else { throw error }
            // A turn that ended before its holder did: then there are newer tokens than the refused one.
            if let other = try await elsewhere(session) { return other }
            try await store.remove(session.id)
            throw SessionError.over
        }
        return try await keep(tokens, session)
    }

    /// An answer that was lost is asked for again at once, for as long as an API takes that is started anew. Whether the
    /// token was used is not known then. Where it was, the API gives the same tokens again, or, unless its
    /// `REFRESH_REUSE_POLICY` is `replay`, none at all; where it was not, nothing is lost.
    private func ask(_ token: String, _ person: Person) async throws(APIError) -> TokensBody {
        let deadline = loop.now + timing.asking
        var pause = timing.interval
        var isLost = false
        while true {
            do throws(APIError) {
                return try await api.send(.refresh(token), for: person, timeout: isLost ? timing.asking : nil)
            } catch {
                isLost = isLost || error.leavesDoubt
                guard isLost, error.isPassing, loop.now + pause < deadline else { throw error }
            }
            await loop.sleep(for: pause)
            pause = pause * 2
        }
    }

    private func keep(_ tokens: TokensBody, _ session: Session) async throws -> Session {
        let deadline = loop.now + timing.storing
        var current = session
        while true {
            var record = current.record
            record.take(tokens, at: now())
            guard let remainder = life.remainder(of: record, at: now()) else { throw SessionError.over }
            do {
                if let kept = try await store.replace(current, with: record, for: remainder) { return kept }
                // Its last use was noted meanwhile, or it was ended, or this was stored and the answer was lost.
                guard let stored = try await store.find(session.id) else { throw SessionError.over }
                if stored.record.accessToken == tokens.accessToken { return stored }
                current = stored
            } catch let error as EphemeralStoreError {
                guard loop.now < deadline else { throw error }
                await loop.sleep(for: timing.interval)
            }
        }
    }
}
