/// What a token must be to be accepted, beside being signed with the right key.
public struct JWTExpectations: Equatable, Sendable {
    /// Who must have issued it (`iss`); nil: anybody who has the key.
    public var issuer: String?
    /// Whom it must name (`aud`). Nil: nobody, because who finds no name of its own among those named must refuse the token
    /// (RFC 7519 §4.1.3).
    public var audience: String?
    /// What it must call itself (`typ`). A token without a type is refused too: JWTSigner always writes it, so one without was
    /// made for something else, and two kinds of tokens under one key are told apart by nothing better (RFC 8725 §3.11).
    /// Nil: `JWT` or no type.
    public var type: String?
    /// How many seconds it lives on when it has expired. None: nobody needs a token in its last second, and every second
    /// here is one more for a stolen token.
    public var expiryLeeway: Int64
    /// How many seconds before its time (`iat`, `nbf`) it is accepted. Clocks of two instances are never quite the same: without
    /// this a token would be refused where the clock is behind, right behind the sign-in. It prolongs no token's life.
    public var startLeeway: Int64

    public init(
        issuer: String?,
        audience: String?,
        type: String? = "JWT",
        expiryLeeway: Int64 = 0,
        startLeeway: Int64 = 30
    ) {
        precondition((0...3_600).contains(expiryLeeway), "clocks do not differ by more than an hour")
        precondition((0...3_600).contains(startLeeway), "clocks do not differ by more than an hour")
        self.issuer = issuer
        self.audience = audience
        self.type = type
        self.expiryLeeway = expiryLeeway
        self.startLeeway = startLeeway
    }
}
