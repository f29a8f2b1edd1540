internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Linux
internal import Operations

/// The sessions of browsers: begun by a sign-in, ended by a sign-out or by time, and meanwhile what the API is called with.
/// Lives on one loop.
struct Sessions {
    let store: SessionStore
    let renewal: SessionRenewal
    let api: APIClient
    let life: SessionLife
    let now: @Sendable () -> WallTime

    /// A session of a browser; nil when it has none that counts.
    func find(_ id: BrowserSecret) async throws(EphemeralStoreError) -> Session? {
        guard let session = try await store.find(id) else { return nil }
        let time = now()
        guard life.remainder(of: session.record, at: time) != nil else { return nil }
        guard life.isUseWorthNoting(session.record, at: time) else { return session }
        var record = session.record
        record.noteUse(at: time)
        guard let remainder = life.remainder(of: record, at: time) else { return nil }
        // Who is too late is no worse off: somebody else has noted it.
        return try await store.replace(session, with: record, for: remainder) ?? session
    }

    /// Begins one, always under an id that nobody has seen before.
    func begin(_ tokens: TokensBody, isKept: Bool) async throws(EphemeralStoreError) -> Session {
        let record = SessionRecord(tokens, isKept: isKept, at: now())
        return try await store.add(record, .random(), for: isKept ? life.longest : min(life.idle, life.longest))
    }

    /// Ends one here, and at the API. The error of the latter is answered: here it has ended by then.
    func end(_ session: Session, for person: Person) async throws(EphemeralStoreError) -> APIError? {
        try await store.remove(session.id)
        do throws(APIError) {
            try await api.send(.logout(session.record.refreshToken), for: person)
            return nil
        } catch {
            // One that has ended there already is as good.
            if case .refused(let refusal) = error, refusal.status == .unauthorized { return nil }
            return error
        }
    }

    /// Notes what the API says of the user now.
    func note(_ user: UserBody, _ session: Session) async -> Session {
        var record = session.record
        record.user = user
        guard record != session.record, let remainder = life.remainder(of: record, at: now()) else { return session }
        return (try? await store.replace(session, with: record, for: remainder)) ?? session
    }

    /// Calls the API in the name of whoever is signed in, and answers the session as it is after that.
    func call<Answer>(
        _ call: APICall<Answer>,
        _ session: Session,
        for person: Person
    ) async throws -> (Answer, Session) {
        var current = session
        if now() >= current.record.renewal { current = try await renewal.renew(current, for: person) }
        do throws(APIError) {
            return (try await api.send(call, token: current.record.accessToken, for: person), current)
        } catch {
            guard case .refused(let refusal) = error, refusal.concernsToken else { throw error }
        }
        // What the token says of the user has changed, or the session has ended: the exchange of tokens tells which. The
        // call was refused before anything was done, so it may be made again.
        current = try await renewal.renew(current, for: person)
        do throws(APIError) {
            return (try await api.send(call, token: current.record.accessToken, for: person), current)
        } catch {
            guard case .refused(let refusal) = error, refusal.concernsToken else { throw error }
            try await store.remove(current.id)
            throw SessionError.over
        }
    }
}
