/// A request, as a server receives it and as a client sends it.
public struct HTTPRequest {
    public var method: HTTPMethod
    /// The request target as it stands in the request line: path and query, still percent-encoded; `*` for OPTIONS.
    public var target: String
    public var version: HTTPVersion
    public var fields: HTTPFields
    public var body: HTTPBody

    public init(
        method: HTTPMethod,
        target: String,
        version: HTTPVersion = .http11,
        fields: HTTPFields = HTTPFields(),
        body: HTTPBody = .empty
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        self.body = body
    }

    /// The target up to its query, still percent-encoded.
    public var path: Substring {
        target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
    }

    /// What follows the first `?`, still percent-encoded; nil without one.
    public var query: Substring? {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return target[target.utf8.index(after: mark)...]
    }
}

public enum HTTPVersion: Equatable, Sendable {
    case http10
    case http11
}
