public import JSON

/// What a verified token says.
public struct JWTClaims: Equatable, Sendable {
    public let registered: RegisteredClaims
    /// All of them, the registered ones too.
    public let object: JSONObject

    public subscript(name: String) -> JSONValue? { object[name] }
}

extension JWTClaims: CustomStringConvertible, CustomDebugStringConvertible {
    /// Who a token is about is nobody else's business: safe to show.
    public var description: String { "claims: \(object)" }

    /// The same.
    public var debugDescription: String { description }
}
