public import Linux
public import Networking
public import Operations

/// One request and its answer, as the engine sees them. Enough of a context for an application that needs no other.
public final class HTTPExchange: RequestContext {
    public let connection: HTTPConnectionInfo
    /// The route that was found; nil for 404 and 405.
    public let route: Route?
    public let parameters: PathParameters
    /// When the request's head was complete.
    public let start: MonotonicTime
    /// Who asks, as far as trusted proxies tell; nil for a unix-domain peer that names nobody.
    public let clientAddress: IPAddress?
    /// Whether the next hop is a proxy of ours, whose forwarding fields are believed.
    public let isFromTrustedProxy: Bool
    /// Whether the client's own connection is https, which only a trusted proxy can tell.
    public let isSecure: Bool
    /// Names this request in the log, in the answer and in requests made for its sake.
    public let requestID: String
    private let baseLogger: Logger

    public var exchange: HTTPExchange { self }
    public var loop: EventLoop { connection.loop }

    init(
        connection: HTTPConnectionInfo,
        route: Route?,
        parameters: PathParameters,
        clientAddress: IPAddress?,
        isFromTrustedProxy: Bool,
        isSecure: Bool,
        requestID: String,
        logger: Logger
    ) {
        self.connection = connection
        self.route = route
        self.parameters = parameters
        self.clientAddress = clientAddress
        self.isFromTrustedProxy = isFromTrustedProxy
        self.isSecure = isSecure
        self.requestID = requestID
        baseLogger = logger
        start = connection.loop.now
    }

    /// Whether a line of this level would be written: asked before a logger is made for it.
    func logs(_ level: LogLevel) -> Bool { baseLogger.isEnabled(level) }

    /// The log, with this request's id on every line.
    public var logger: Logger { baseLogger.with("request_id", .string(requestID)) }
}
