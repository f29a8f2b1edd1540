internal import Cryptography
internal import Ephemeral
internal import JSON
internal import Linux

/// Keeps the records of sessions, each under the hash of its id and sealed with a key made of it. Whoever reads the store
/// finds neither an id nor a token: for both they need the cookie. Lives on one loop.
struct SessionStore {
    private let store: any EphemeralStore

    init(_ store: any EphemeralStore) { self.store = store }

    /// Nil when there is none, or none that its id opens.
    func find(_ id: BrowserSecret) async throws(EphemeralStoreError) -> Session? {
        let key = SessionStore.key(id)
        guard let sealed = try await store.get([key])[0] else { return nil }
        guard let box = try? SealedBox(bytes: sealed),
            let json = try? id.sealingKey.open(box, context: Array(key.utf8)),
            let record = SessionRecord(parsing: json)
        else { return nil }
        return Session(id: id, record: record, sealed: sealed)
    }

    func add(_ record: SessionRecord, _ id: BrowserSecret, for life: Duration) async throws(EphemeralStoreError)
        -> Session
    {
        let session = SessionStore.seal(record, id)
        try await store.set(SessionStore.key(id), to: session.sealed, expiresIn: life, when: .always)
        return session
    }

    /// Nil when it is not what it was any more.
    func replace(
        _ session: Session,
        with record: SessionRecord,
        for life: Duration
    ) async throws(EphemeralStoreError) -> Session? {
        let changed = SessionStore.seal(record, session.id)
        let isDone = try await store.replace(
            SessionStore.key(session.id),
            session.sealed,
            with: changed.sealed,
            expiresIn: life
        )
        return isDone ? changed : nil
    }

    func remove(_ id: BrowserSecret) async throws(EphemeralStoreError) {
        try await store.remove([SessionStore.key(id)])
    }

    func ping(timeout: Duration) async throws(EphemeralStoreError) -> Duration {
        try await store.ping(timeout: timeout)
    }

    private static func key(_ id: BrowserSecret) -> String { "web:session:" + id.fingerprint }

    private static func seal(_ record: SessionRecord, _ id: BrowserSecret) -> Session {
        let box = id.sealingKey.seal(record.json, context: Array(key(id).utf8))
        return Session(id: id, record: record, sealed: box.bytes)
    }
}

// MARK: - The right to renew

extension SessionStore {
    /// The right to exchange a session's refresh token, which one has at a time, whoever else serves the same browser.
    struct Turn {
        fileprivate let key: String
        fileprivate let mark: [UInt8]
    }

    /// Nil while somebody else has it. It ends by itself when its holder does not give it back.
    func takeTurn(_ id: BrowserSecret, for life: Duration) async throws(EphemeralStoreError) -> Turn? {
        let turn = Turn(key: "web:renewal:" + id.fingerprint, mark: SecureRandom().bytes(count: 16))
        return try await store.set(turn.key, to: turn.mark, expiresIn: life, when: .onlyIfAbsent) ? turn : nil
    }

    /// Only what is one's own still: the next holder must not lose theirs.
    func giveBack(_ turn: Turn) async {
        _ = try? await store.replace(turn.key, turn.mark, with: [], expiresIn: .milliseconds(1))
    }
}
