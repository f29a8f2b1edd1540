public import Ephemeral
internal import Linux

/// The store for what may vanish, in Redis. Lives on the loop of its connection.
public final class RedisStore: EphemeralStore {
    public let connection: RedisConnection
    /// Stands before every key, so that several programs can share a database.
    public let prefix: String
    /// Tells this connection's lives from those of others where the server does not.
    let nonce = UInt64.random(in: 0 ... .max)

    public init(_ connection: RedisConnection, prefix: String = "gh:") {
        self.connection = connection
        self.prefix = prefix
    }

    public func get(_ keys: [String]) async throws(EphemeralStoreError) -> [[UInt8]?] {
        if keys.isEmpty { return [] }
        let reply = try await connection.send(RedisCommand("MGET", keys.map(key), isRepeatable: true)).checked()
        guard case .array(let elements) = reply, elements.count == keys.count else { throw connection.distrust() }
        var values: [[UInt8]?] = []
        values.reserveCapacity(keys.count)
        for element in elements {
            switch element {
            case .bulk(let value): values.append(value)
            case .null: values.append(nil)
            default: throw connection.distrust()
            }
        }
        return values
    }

    @discardableResult
    public func set(
        _ key: String,
        to value: [UInt8],
        expiresIn: Duration?,
        when condition: SetCondition
    ) async throws(EphemeralStoreError) -> Bool {
        var arguments = [self.key(key), .bytes(value)]
        if let expiresIn { arguments += ["PX", .integer(expiresIn.timeToLive)] }
        switch condition {
        case .always: break
        case .onlyIfAbsent: arguments.append("NX")
        case .onlyIfPresent: arguments.append("XX")
        }
        switch try await connection.send(RedisCommand("SET", arguments)).checked() {
        case .simple: return true
        case .null where condition != .always: return false
        default: throw connection.distrust()
        }
    }

    public func set(_ entries: [EphemeralEntry]) async throws(EphemeralStoreError) {
        if entries.isEmpty { return }
        var arguments: [RedisCommand.Argument] = []
        arguments.reserveCapacity(2 * entries.count)
        for entry in entries {
            arguments.append(.bytes(entry.value))
            arguments.append(.integer(entry.expiresIn?.timeToLive ?? 0))
        }
        let reply = try await connection.evaluate(
            StoreScripts.setMany,
            keys: entries.map { key($0.key) },
            arguments: arguments
        )
        guard case .simple = try reply.checked() else { throw connection.distrust() }
    }

    @discardableResult
    public func replace(
        _ key: String,
        _ old: [UInt8],
        with new: [UInt8],
        expiresIn: Duration?
    ) async throws(EphemeralStoreError) -> Bool {
        let reply = try await connection.evaluate(
            StoreScripts.replace,
            keys: [self.key(key)],
            arguments: [.bytes(old), .bytes(new), .integer(expiresIn?.timeToLive ?? 0)]
        )
        guard case .integer(let count) = try reply.checked() else { throw connection.distrust() }
        return count == 1
    }

    public func raise(_ numbers: [EphemeralNumber]) async throws(EphemeralStoreError) {
        if numbers.isEmpty { return }
        let reply = try await connection.evaluate(
            StoreScripts.raise,
            keys: numbers.map { key($0.key) },
            arguments: numbers.flatMap { [.integer($0.number), .integer($0.expiresIn.timeToLive)] }
        )
        guard case .simple = try reply.checked() else { throw connection.distrust() }
    }

    @discardableResult
    public func remove(_ keys: [String]) async throws(EphemeralStoreError) -> Int {
        if keys.isEmpty { return 0 }
        // UNLINK frees large values on another thread of the server.
        guard case .integer(let count) = try await connection.send(RedisCommand("UNLINK", keys.map(key))).checked()
        else { throw connection.distrust() }
        return count
    }

    @discardableResult
    public func expire(_ key: String, in duration: Duration) async throws(EphemeralStoreError) -> Bool {
        let command = RedisCommand("PEXPIRE", [self.key(key), .integer(duration.timeToLive)])
        guard case .integer(let count) = try await connection.send(command).checked() else {
            throw connection.distrust()
        }
        return count == 1
    }

    public func increment(
        _ key: String,
        by amount: Int,
        expiresIn: Duration
    ) async throws(EphemeralStoreError) -> Int {
        let reply = try await connection.evaluate(
            StoreScripts.increment,
            keys: [self.key(key)],
            arguments: [.integer(amount), .integer(expiresIn.timeToLive)]
        )
        guard case .bulk(let digits) = try reply.checked(), let value = Int(String(decoding: digits, as: UTF8.self))
        else { throw connection.distrust() }
        return value
    }

    public func ping(timeout: Duration) async throws(EphemeralStoreError) -> Duration {
        try await connection.ping(timeout: timeout)
    }

    public func close() async { await connection.close() }

    func key(_ key: String) -> RedisCommand.Argument { .joined(prefix, key) }
}
