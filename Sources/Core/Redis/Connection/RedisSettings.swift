internal import Linux
public import Networking
public import Operations

/// How a connection to Redis behaves.
public struct RedisSettings: Sendable {
    public var address: RedisAddress
    /// Shown by CLIENT LIST.
    public var clientName = "gatehouse"
    /// A command without a reply for this long ends the connection.
    public var commandTimeout = Duration.seconds(1)
    /// For an attempt to connect, resolving and signing in included.
    public var connectTimeout = Duration.seconds(1)
    /// How long commands wait for a new connection before they are refused. Once an attempt has failed they do not wait
    /// at all.
    public var patience = Duration.milliseconds(200)
    public var shortestPause = Duration.milliseconds(20)
    public var longestPause = Duration.milliseconds(500)
    /// Commands that wait for a reply or to be sent.
    public var queueLimit = 16_384
    /// Bytes of commands that wait to be sent.
    public var queueByteLimit = 32 << 20
    /// A longer reply ends the connection.
    public var maximumReplyLength = 8 << 20
    /// Where names are resolved. Without it the host must be an address.
    public var resolver: BlockingPool?
    public var log: Logger?
    /// From 0 up to 1: spreads the attempts of many clients.
    public var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    public init(address: RedisAddress) { self.address = address }
}
