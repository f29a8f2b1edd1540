/// A request method (RFC 9110 §9). Methods are case-sensitive.
public enum HTTPMethod: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case patch
    case delete
    case options
    /// Any other token, as it was sent.
    case other(String)

    /// Nil when the name is not a token.
    public init?(_ name: String) {
        guard !name.isEmpty, name.utf8.allSatisfy({ ASCII.isToken($0) }) else { return nil }
        self = HTTPMethod.known.first { $0.name == name } ?? .other(name)
    }

    static let known: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]

    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other(let name): name
        }
    }

    /// RFC 9110 §9.2.2: making the request twice has the effect of making it once.
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        case .post, .patch, .other: false
        }
    }

    /// RFC 9110 §9.2.1: the client asks for no change.
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options: true
        case .post, .put, .patch, .delete, .other: false
        }
    }
}

extension HTTPMethod: CustomStringConvertible {
    public var description: String { name }
}
