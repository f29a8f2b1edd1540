internal import Contract
internal import Cryptography
internal import Database
internal import Linux
internal import Tokens

/// What operators do with the keys in the database. Running instances see it at their next look.
struct KeyRotation {
    enum Outcome: Equatable {
        /// There is a new key, which signs after a while.
        case published(next: String)
        /// Another key signs now. `old` is nil when there was none.
        case rotated(old: String?, new: String, next: String)
    }

    /// A key is published that long before it signs: everybody who keeps a copy of the key set has fetched a new one.
    static let publishing = Duration.seconds(JWKSHandlers.maximumAge) + .seconds(300)

    /// How long a retired key verifies: the life of a token that was signed by the last instance to hear of the rotation, and
    /// what clocks may differ.
    static func overlap(_ accessLifetime: Duration) -> Duration { accessLifetime + .seconds(120) }

    let database: any Database
    let algorithm: JWTAlgorithm
    let maker: SigningKeyMaker

    func list() async throws(DatabaseError) -> [SigningKey] {
        try await SigningKeyRepository(executor: database).keys(for: algorithm)
    }

    /// Publishes a key that signs after a rotation.
    func add(at time: WallTime) async throws -> SigningKey {
        if let next = try await list().first(where: { $0.state == .next }) {
            throw KeyRotationError.nextExists(next.id)
        }
        let key = try await maker.make(.next, at: time)
        try await change(.keyAdded, key.id, at: time) { keys in _ = try await keys.add(key) }
        return key
    }

    /// Has the next key sign, and publishes one for the time after. Done every now and then, nobody notices: without a next
    /// key it publishes one, and one that not everybody knows yet does not sign.
    ///
    /// `isImmediate` passes over that, for a key that has become known: others may refuse tokens until they have fetched the
    /// keys again.
    func rotate(at time: WallTime, isImmediate: Bool) async throws -> Outcome {
        let stored = try await list()
        let active = stored.first { $0.state == .active }
        let candidates = stored.filter { $0.state == .next }
        let usable = candidates.first { (try? $0.open(maker.sealing)) != nil }
        let next = if let usable { usable } else { try await maker.make(.next, at: time) }
        if active != nil, !isImmediate {
            guard usable != nil else {
                try await change(.keyAdded, next.id, at: time) { keys in _ = try await keys.add(next) }
                return .published(next: next.id)
            }
            let ready = next.createdAt + KeyRotation.publishing
            if time < ready { throw KeyRotationError.tooEarly(next.id, until: ready) }
        }
        let following = try await maker.make(.next, at: time)
        try await change(.keysRotated, next.id, at: time) { keys in
            // Of another secret, or added twice at once: none of them has signed anything.
            for other in candidates where other != usable { _ = try await keys.remove(other.id, .next) }
            if let active { try await end(active, keys, at: time) }
            if usable == nil { _ = try await keys.add(next) }
            guard try await keys.activate(next.id, at: time) else { throw KeyRotationError.interrupted }
            _ = try await keys.add(following)
            // Whoever rotates may have another configuration than those who serve. They know when it is over.
            let overlap = KeyRotation.overlap(TokenSettings.longestAccessLifetime)
            _ = try await keys.removeRetired(before: time - overlap)
        }
        return .rotated(old: active?.id, new: next.id, next: following.id)
    }

    /// Takes a key away that does not sign: what it signed is refused from now on.
    func retire(_ id: String, at time: WallTime) async throws {
        guard let key = try await list().first(where: { $0.id == id }) else { throw KeyRotationError.unknown(id) }
        if key.state == .active { throw KeyRotationError.signs(id) }
        try await change(.keyRetired, id, at: time) { keys in
            guard try await keys.remove(id, key.state) else { throw KeyRotationError.interrupted }
        }
    }

    /// One that this secret does not open can not be vouched for either: it goes at once. When there is nothing to change,
    /// somebody else's rotation had locked the row, and is done by now.
    private func end(_ active: SigningKey, _ keys: SigningKeyRepository, at time: WallTime) async throws {
        // Each way on its own: two awaits in one expression crash the optimizer of Swift 6.3.1.
        guard (try? active.open(maker.sealing)) != nil else {
            guard try await keys.remove(active.id, .active) else { throw KeyRotationError.interrupted }
            return
        }
        let emptyBox = active.emptyBox(maker.sealing)
        guard try await keys.retire(active.id, replacingPrivateKey: emptyBox, at: time) else {
            throw KeyRotationError.interrupted
        }
    }

    private func change(
        _ action: AuditAction,
        _ id: String,
        at time: WallTime,
        _ body: (SigningKeyRepository) async throws -> Void
    ) async throws {
        try await database.transaction { executor in
            try await body(SigningKeyRepository(executor: executor))
            let trail = AuditTrail(executor: executor, client: .operator, time: time, identifiers: .random)
            try await trail.record(action, by: nil, named: Actor.operator.name, targetName: id)
        }
    }
}
