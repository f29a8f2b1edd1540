/// A response, as a server sends it and as a client receives it.
///
/// Content-Length, Transfer-Encoding, Connection and Date are the engine's: it derives them from the body and the state
/// of the connection, and overwrites what is there.
public struct HTTPResponse {
    public var status: HTTPStatus
    public var fields: HTTPFields
    public var body: HTTPBody

    public init(status: HTTPStatus = .ok, fields: HTTPFields = HTTPFields(), body: HTTPBody = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    public static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: [.contentType: "text/plain; charset=utf-8"], body: .text(text))
    }

    public static func html(_ html: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: [.contentType: "text/html; charset=utf-8"], body: .text(html))
    }

    public static func json(_ json: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: [.contentType: "application/json"], body: .bytes(json))
    }
}
