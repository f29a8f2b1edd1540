/// Which server a connection has reached, as far as it can be told: two that differ stand for data that may differ.
public struct RedisIncarnation: Hashable, Sendable {
    /// The name the server gave itself at its start: another one means that it was restarted, or that it is another
    /// server. Nil where the user may not ask for it.
    public let runID: String?
    /// Counts the connections from 1 up. A server can only have been restarted between two of them.
    public let connection: Int
}
