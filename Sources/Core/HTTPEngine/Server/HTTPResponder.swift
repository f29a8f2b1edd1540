public import Linux
public import Networking

/// What a server serves. Every loop has an instance of its own, so nothing in it needs to be Sendable.
public protocol HTTPResponder: AnyObject {
    /// Answers a request. Whatever goes wrong has become a response by now.
    func respond(to request: HTTPRequest, on connection: HTTPConnectionInfo) async -> HTTPResponse

    /// Answers something that was no request. The connection is closed afterwards.
    func refuse(_ error: HTTPParseError, on connection: HTTPConnectionInfo) async -> HTTPResponse

    /// Answers a connection that there is no room for. It is closed afterwards.
    func turnAway(on connection: HTTPConnectionInfo) async -> HTTPResponse
}

extension HTTPResponder {
    public func turnAway(on connection: HTTPConnectionInfo) async -> HTTPResponse {
        let error = HTTPParseError(status: .serviceUnavailable, reason: "too many connections")
        var response = await refuse(error, on: connection)
        response.fields.set(.retryAfter, "1")
        return response
    }
}

/// What is known of a connection beside what is sent over it.
public struct HTTPConnectionInfo {
    public let loop: EventLoop
    /// Who is at the other end of the socket: the client, or the proxy that speaks for it.
    public let peer: SocketAddress

    public init(loop: EventLoop, peer: SocketAddress) {
        self.loop = loop
        self.peer = peer
    }
}
