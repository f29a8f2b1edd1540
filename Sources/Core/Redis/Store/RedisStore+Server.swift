public import Ephemeral

extension RedisStore {
    /// Which server answers now; nil while none does.
    public var incarnation: RedisIncarnation? { connection.incarnation }

    /// The server's name for itself, made anew at each of its starts: one that comes back with what it saved may lack the
    /// last second. Where it does not tell, each connection counts as another life.
    public var generation: String? {
        guard let incarnation = connection.incarnation else { return nil }
        return incarnation.runID ?? "\(nonce)-\(incarnation.connection)"
    }

    /// What an operator should know of the way the server is set up, in sentences. Empty when all is well, and where we may
    /// not ask.
    public func serverWarnings() async throws(EphemeralStoreError) -> [String] {
        let reply = try await connection.send(RedisCommand("INFO", ["memory"], isRepeatable: true))
        guard case .bulk(let text) = reply else { return [] }
        let information = RedisInformation(text)
        guard let policy = information["maxmemory_policy"], policy != "noeviction" else { return [] }
        let bound = information["maxmemory"].flatMap { Int($0) } ?? 0
        let when = bound > 0 ? "when its \(bound) bytes are full" : "as soon as maxmemory is set"
        return [
            "Redis may drop revocations, counters and sessions \(when): maxmemory-policy is \(policy), "
                + "and should be noeviction"
        ]
    }
}
