/// What a client allows itself and its peers.
public struct HTTPClientLimits: Equatable, Sendable {
    public var connectTimeout = Duration.seconds(2)
    /// For a whole exchange, from the wait for a connection to the last byte of the answer.
    public var exchangeTimeout = Duration.seconds(15)
    /// A connection that rested for longer is not used again. Shorter than what servers allow, ours included.
    public var idleTimeout = Duration.seconds(30)
    public var connectionsPerOrigin = 64
    public var waitingPerOrigin = 1_024
    public var head = HTTPHeadLimits()

    public init() {}
}
