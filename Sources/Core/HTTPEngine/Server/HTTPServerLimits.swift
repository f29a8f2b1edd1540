/// What a server allows a peer: sizes, and the time for each step.
///
/// The times for content in either direction are a start plus what the least acceptable rate grants for the bytes that
/// have passed: a slow but steady transfer goes on, a trickle ends.
public struct HTTPServerLimits: Equatable, Sendable {
    /// Sizes of a request head.
    public var head = HTTPHeadLimits()
    /// From the first byte of a request head to its last; for the first request, from the accept.
    public var headTimeout = Duration.seconds(10)
    /// For request content, beyond what `leastBytesPerSecond` grants.
    public var bodyTimeout = Duration.seconds(20)
    /// For the peer to take a response, beyond what `leastBytesPerSecond` grants.
    public var writeTimeout = Duration.seconds(20)
    /// How long a connection may wait for its next request.
    public var keepAliveTimeout = Duration.seconds(75)
    public var leastBytesPerSecond = 1_024
    /// Connections of all loops together; one more is answered 503.
    public var connections = 16_000
    /// Content that nobody read is skipped up to this size, so that the connection can be used again.
    public var skippedBody = 65_536

    public init() {}
}
