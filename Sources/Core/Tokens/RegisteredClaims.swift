public import JSON
public import Linux

/// The claims that RFC 7519 §4.1 gives a meaning. Times are whole seconds.
public struct RegisteredClaims: Equatable, Sendable {
    /// `iss`
    public var issuer: String?
    /// `sub`
    public var subject: String?
    /// `aud`: one name or several.
    public var audience: [String]
    /// `exp`: from this second on the token is refused.
    public var expiry: WallTime
    /// `nbf`
    public var notBefore: WallTime?
    /// `iat`
    public var issueTime: WallTime?
    /// `jti`
    public var tokenID: String?

    public init(
        issuer: String? = nil,
        subject: String? = nil,
        audience: [String] = [],
        expiry: WallTime,
        notBefore: WallTime? = nil,
        issueTime: WallTime? = nil,
        tokenID: String? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.expiry = expiry
        self.notBefore = notBefore
        self.issueTime = issueTime
        self.tokenID = tokenID
    }
}

extension RegisteredClaims {
    /// Writes the members of an object that has been opened; others may come before and behind them.
    public func writeMembers(to object: inout JSONWriter) {
        object.member("iss", ifPresent: issuer)
        object.member("sub", ifPresent: subject)
        if audience.count == 1 {
            object.member("aud", audience[0])
        } else if !audience.isEmpty {
            object.member("aud", audience)
        }
        object.member("exp", expiry.seconds)
        object.member("nbf", ifPresent: notBefore?.seconds)
        object.member("iat", ifPresent: issueTime?.seconds)
        object.member("jti", ifPresent: tokenID)
    }

    /// Without `exp` a token would never end: it is refused. So are fractions of a second, which the RFC allows but nobody
    /// writes here.
    init(reading object: JSONObject) throws(JWTError) {
        guard let expiry = try RegisteredClaims.time("exp", in: object) else { throw .malformedClaims }
        self.expiry = expiry
        notBefore = try RegisteredClaims.time("nbf", in: object)
        issueTime = try RegisteredClaims.time("iat", in: object)
        issuer = try RegisteredClaims.text("iss", in: object)
        subject = try RegisteredClaims.text("sub", in: object)
        tokenID = try RegisteredClaims.text("jti", in: object)
        switch object["aud"] {
        case .none: audience = []
        case .string(let name): audience = [name]
        case .array(let names):
            audience = names.compactMap(\.string)
            // A token for nobody is not one for everybody.
            guard !names.isEmpty, audience.count == names.count else { throw .malformedClaims }
        default: throw .malformedClaims
        }
    }

    private static func text(_ name: String, in object: JSONObject) throws(JWTError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformedClaims }
        return text
    }

    private static func time(_ name: String, in object: JSONObject) throws(JWTError) -> WallTime? {
        guard let value = object[name] else { return nil }
        guard let seconds = value.integer else { throw .malformedClaims }
        return WallTime(seconds: seconds)
    }
}
