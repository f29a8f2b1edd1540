internal import Database
internal import Ephemeral
internal import Linux

/// The revocations in the store that may vanish: a copy that answers faster than the database, while it is whole.
///
/// A key for each subject holds the time (microseconds since 1970) before which tokens are refused, and expires with the
/// last of them. A marker says that everything the database had was copied in this generation of the store. Whoever empties
/// the store takes the marker with it, and a server that comes back, even with what it had saved, begins another
/// generation: in both cases the copy is not trusted until it was loaded again. Nor is it after a while in which nobody
/// has compared it with the database: then somebody who could not copy a revocation may be gone, and it with them.
struct RevocationCopy {
    enum Verdict {
        case valid
        case revoked
        /// The store is away, or the copy is not whole.
        case unknown
    }

    let store: any EphemeralStore
    /// How long it passes for whole after somebody has said so.
    let trust: Duration

    private static let complete = Array("complete".utf8)
    private static let loadingLife = Duration.seconds(60)

    /// The verdict in one round trip.
    func verdict(on token: TokenIdentity) async -> Verdict {
        guard let generation = store.generation else { return .unknown }
        let keys = [
            Revocation.Subject.session(token.session).key, Revocation.Subject.user(token.user).key,
            RevocationCopy.marker(generation),
        ]
        guard let values = try? await store.get(keys) else { return .unknown }
        // A reply may come from another generation than the one the marker was named for.
        guard values[2] == RevocationCopy.complete, store.generation == generation else { return .unknown }
        if values[0] != nil { return .revoked }
        guard let limit = values[1] else { return .valid }
        guard let microseconds = Int64(String(decoding: limit, as: UTF8.self)) else { return .unknown }
        return token.issuedAt < WallTime(microseconds: microseconds) ? .revoked : .valid
    }

    var isComplete: Bool {
        get async {
            guard let generation = store.generation else { return false }
            let values = try? await store.get([RevocationCopy.marker(generation)])
            return values?[0] == RevocationCopy.complete && store.generation == generation
        }
    }

    /// Says once more that it is whole, if it is; false where it is not. For those who hold nothing that is not in it.
    func renew() async throws(EphemeralStoreError) -> Bool {
        guard let generation = store.generation else { return false }
        let complete = RevocationCopy.complete
        return try await store.replace(
            RevocationCopy.marker(generation),
            complete,
            with: complete,
            expiresIn: trust
        )
    }

    func add(_ revocations: [Revocation], at now: WallTime) async throws(EphemeralStoreError) {
        let numbers = revocations.filter { $0.expiresAt > now }.map { revocation in
            EphemeralNumber(
                key: revocation.subject.key,
                number: Int(revocation.validAfter.microseconds),
                expiresIn: .microseconds(revocation.expiresAt.microseconds - now.microseconds)
            )
        }
        try await store.raise(numbers)
    }

    /// Says that it is not whole, so that everybody asks the database until it was loaded again.
    func distrust() async throws(EphemeralStoreError) {
        guard let generation = store.generation else { return }
        try await store.remove([RevocationCopy.marker(generation)])
    }

    private static func marker(_ generation: String) -> String { "revocations:" + generation }
}

// MARK: - Loading

extension RevocationCopy {
    /// The right to say, at the end, that everything was copied. It is lost with everything else when the store is emptied
    /// in between, and when somebody else takes over.
    struct Loading {
        fileprivate let marker: String
        fileprivate let nonce: UInt64
        /// With how far it got, so that others see that somebody is still at it.
        fileprivate var count = 0

        fileprivate var value: [UInt8] { Array("loading \(nonce) \(count)".utf8) }
    }

    enum Beginning {
        case complete
        case begun(Loading)
        /// Somebody else is at it, with this mark.
        case underWay([UInt8])
    }

    /// Begins to load unless it has been done, or somebody else is at it whose mark is not the one to displace.
    func beginLoading(displacing stale: [UInt8]?, nonce: UInt64) async throws(EphemeralStoreError) -> Beginning {
        guard let generation = store.generation else { throw EphemeralStoreError(.unavailable) }
        let marker = RevocationCopy.marker(generation)
        let loading = Loading(marker: marker, nonce: nonce)
        let present = try await store.get([marker])[0]
        if present == RevocationCopy.complete { return .complete }
        let life = RevocationCopy.loadingLife
        let isMine: Bool
        if let present {
            guard present == stale else { return .underWay(present) }
            isMine = try await store.replace(marker, present, with: loading.value, expiresIn: life)
        } else {
            isMine = try await store.set(marker, to: loading.value, expiresIn: life, when: .onlyIfAbsent)
        }
        return isMine ? .begun(loading) : .underWay(present ?? [])
    }

    /// Says that all was copied; false when that right was lost.
    func finish(_ loading: Loading) async throws(EphemeralStoreError) -> Bool {
        try await store.replace(
            loading.marker,
            loading.value,
            with: RevocationCopy.complete,
            expiresIn: trust
        )
    }

    /// Lives on while a long load goes on, under another mark each time; false when the right was lost.
    func prolong(_ loading: inout Loading, copied count: Int) async throws(EphemeralStoreError) -> Bool {
        let before = loading.value
        loading.count = count
        return try await store.replace(
            loading.marker,
            before,
            with: loading.value,
            expiresIn: RevocationCopy.loadingLife
        )
    }
}

extension Revocation.Subject {
    fileprivate var key: String {
        switch self {
        case .session(let identifier): "revoked:s:\(identifier)"
        case .user(let identifier): "revoked:u:\(identifier)"
        }
    }
}
