internal import Database
internal import Linux
internal import Tokens

/// The signing keys in the database. Each method is one statement.
struct SigningKeyRepository {
    let executor: any QueryExecutor

    /// All of an algorithm, the oldest first. There are a handful.
    func keys(for algorithm: JWTAlgorithm) async throws(DatabaseError) -> [SigningKey] {
        let result = try await executor.query(
            """
            SELECT id, algorithm, state, public_key, private_key, created_at, activated_at, retired_at
            FROM signing_keys WHERE algorithm = \(algorithm.rawValue) ORDER BY created_at, id
            """
        )
        return try result.map { (row) throws(DatabaseError) in
            var reader = row.reader
            return try SigningKey(&reader)
        }
    }

    /// False when the algorithm has an active key already and this would be another: of any number at once exactly one
    /// succeeds.
    func add(_ key: SigningKey) async throws(DatabaseError) -> Bool {
        try await executor.query(
            """
            INSERT INTO signing_keys (id, algorithm, state, public_key, private_key, created_at, activated_at, retired_at)
            VALUES (\(key.id), \(key.algorithm.rawValue), \(key.state.rawValue), \(key.publicKey),
                \(key.sealedPrivateKey), \(key.createdAt), \(key.activatedAt), \(key.retiredAt))
            ON CONFLICT DO NOTHING
            """
        ).changedCount > 0
    }

    /// False when the key is not active.
    func retire(_ id: String, replacingPrivateKey emptyBox: [UInt8], at time: WallTime) async throws(DatabaseError)
        -> Bool
    {
        try await executor.query(
            """
            UPDATE signing_keys SET state = 'retired', private_key = \(emptyBox), retired_at = \(time)
            WHERE id = \(id) AND state = 'active'
            """
        ).changedCount > 0
    }

    /// False when the key is not next.
    func activate(_ id: String, at time: WallTime) async throws(DatabaseError) -> Bool {
        try await executor.query(
            """
            UPDATE signing_keys SET state = 'active', activated_at = \(time) WHERE id = \(id) AND state = 'next'
            """
        ).changedCount > 0
    }

    /// False when there is no such key, or when it is in another state.
    func remove(_ id: String, _ state: SigningKey.State) async throws(DatabaseError) -> Bool {
        try await executor.query(
            "DELETE FROM signing_keys WHERE id = \(id) AND state = \(state.rawValue)"
        ).changedCount > 0
    }

    /// Removes those whose last token has expired; answers how many.
    func removeRetired(before time: WallTime) async throws(DatabaseError) -> Int {
        try await executor.query(
            "DELETE FROM signing_keys WHERE state = 'retired' AND retired_at < \(time)"
        ).changedCount
    }
}

extension SigningKey {
    fileprivate init(_ reader: inout RowReader) throws(DatabaseError) {
        id = try reader.next()
        guard let algorithm = JWTAlgorithm(rawValue: try reader.next()),
            let state = State(rawValue: try reader.next())
        else { throw DatabaseError(.unexpectedResult, message: "a signing key of a kind that is not known") }
        self.algorithm = algorithm
        self.state = state
        publicKey = try reader.nextIfPresent() ?? []
        sealedPrivateKey = try reader.next()
        createdAt = try reader.next()
        activatedAt = try reader.nextIfPresent()
        retiredAt = try reader.nextIfPresent()
    }
}
