internal import Database
internal import JSON
internal import Linux
internal import Tokens

/// What a good access token says.
struct AccessToken: Equatable, Sendable {
    /// What a revocation can be about.
    let identity: TokenIdentity
    let id: UUID
    let username: String
    let email: String
    let isAdmin: Bool
    /// From then on it is refused.
    let expiresAt: WallTime

    var roles: [String] { isAdmin ? ["admin", "user"] : ["user"] }
}

extension AccessToken {
    /// `token_type`: tokens of other kinds under the same keys are refused.
    private static let kind = "access"

    /// Members of an object that has been opened: all claims but who issued it for whom.
    func writeMembers(to object: inout JSONWriter) {
        object.member("sid", identity.session.description)
        object.member("token_type", AccessToken.kind)
        object.member("username", username)
        object.member("email", email)
        object.member("roles", roles)
    }

    /// Nil when a claim is missing or is not of the form in which we write it.
    init?(_ claims: JWTClaims) {
        let registered = claims.registered
        guard claims["token_type"]?.string == AccessToken.kind,
            let user = registered.subject.flatMap({ UUID($0) }),
            let session = (claims["sid"]?.string).flatMap({ UUID($0) }),
            let id = registered.tokenID.flatMap({ UUID($0) }),
            let issuedAt = id.milliseconds, issuedAt.seconds == registered.issueTime?.seconds,
            let username = claims["username"]?.string,
            let email = claims["email"]?.string,
            let roles = claims["roles"]?.array?.map(\.string), roles.contains("user")
        else { return nil }
        identity = TokenIdentity(session: session, user: user, issuedAt: issuedAt)
        self.id = id
        self.username = username
        self.email = email
        isAdmin = roles.contains("admin")
        expiresAt = registered.expiry
    }
}

extension UUID {
    /// The time in an identifier of version 7 (RFC 9562 §5.7); nil for others.
    ///
    /// `iat` counts whole seconds, within which somebody may sign out everywhere and in again: the identifier has the rest.
    fileprivate var milliseconds: WallTime? {
        guard high >> 12 & 0xF == 7, low >> 62 == 2 else { return nil }
        let (seconds, rest) = (high >> 16).quotientAndRemainder(dividingBy: 1_000)
        return WallTime(seconds: Int64(seconds), nanosecondPart: Int32(rest) * 1_000_000)
    }
}
