public import Ephemeral

/// A Lua script, known to the server by the SHA-1 of its text. To be made once.
public struct RedisScript: Sendable {
    public let text: String
    public let sha1: String

    public init(_ text: String) {
        self.text = text
        sha1 = SHA1.hexDigest(of: text)
    }
}

extension RedisConnection {
    /// Runs a script by its hash, and with its text where the server does not have it: after a start or SCRIPT FLUSH. That
    /// is no repetition, since a script the server does not have was not run.
    public func evaluate(
        _ script: RedisScript,
        keys: [RedisCommand.Argument],
        arguments: [RedisCommand.Argument] = []
    ) async throws(EphemeralStoreError) -> RedisReply {
        let tail = [RedisCommand.Argument.integer(keys.count)] + keys + arguments
        let reply = try await send(RedisCommand("EVALSHA", [.string(script.sha1)] + tail))
        guard case .error("NOSCRIPT", _) = reply else { return reply }
        return try await send(RedisCommand("EVAL", [.string(script.text)] + tail))
    }
}
