internal import Contract
internal import HTTPEngine
internal import Linux

/// What an error answer says.
struct APIFailure {
    let code: ErrorCode
    let message: String
    let status: HTTPStatus
    var fields = FieldErrors()
    var head = HTTPFields()

    init(_ code: ErrorCode, _ message: String, status: HTTPStatus? = nil, head: HTTPFields = HTTPFields()) {
        self.code = code
        self.message = message
        self.status = status ?? code.status
        self.head = head
    }

    static let unavailable = APIFailure(
        .serviceUnavailable,
        "the service is not available now",
        head: [.retryAfter: "1"]
    )

    /// What the errors of the services mean; nil for others.
    init?(meaning error: any Error) {
        switch error {
        case let error as AuthenticationError: self.init(error)
        case let error as AccountError: self.init(error)
        case let error as Authenticator.Refusal: self.init(error)
        case let error as RateLimitExceeded:
            self.init(
                .rateLimitExceeded,
                "too many requests",
                head: [.retryAfter: "\(error.retryAfter.wholeSecondsUp)"]
            )
        case is Gate.Forbidden: self.init(.authorizationError, "you may not do this")
        case let error as InvalidFields: self.init(error.fields)
        default: return nil
        }
    }

    private init(_ fields: FieldErrors) {
        self.init(.validationError, "some fields are not as they should be")
        self.fields = fields
    }

    private init(_ messages: [String: [String]]) {
        var fields = FieldErrors()
        for (name, messages) in messages.sorted(by: { $0.key < $1.key }) {
            for message in messages { fields.add(name, message) }
        }
        self.init(fields)
    }

    /// RFC 6750, section 3: without a token the challenge says no more.
    private init(_ refusal: Authenticator.Refusal) {
        switch refusal {
        case .missing:
            self.init(.authenticationError, "an access token is needed", head: [.wwwAuthenticate: "Bearer"])
        case .expired: self.init(.tokenExpired, "the token has expired", head: APIFailure.invalidToken)
        case .invalid: self.init(.invalidToken, "the token is not valid", head: APIFailure.invalidToken)
        }
    }

    private static let invalidToken: HTTPFields = [.wwwAuthenticate: #"Bearer error="invalid_token""#]

    private init(_ error: AuthenticationError) {
        switch error {
        case .wrongCredentials:
            self.init(.authenticationError, "the name or the password is wrong", head: [.wwwAuthenticate: "Bearer"])
        case .inactive: self.init(.inactiveUser, "this account is not active")
        case .tooManyAttempts(let duration):
            let seconds = max(1, (duration.nanoseconds + 999_999_999) / 1_000_000_000)
            self.init(.rateLimitExceeded, "too many attempts", head: [.retryAfter: "\(seconds)"])
        case .sessionLimitReached: self.init(.sessionLimitExceeded, "there are too many sessions")
        case .invalidRefreshToken:
            self.init(.invalidToken, "the refresh token is not valid", head: APIFailure.invalidToken)
        case .noSuchSession: self.init(.notFound, "there is no such session")
        case .wrongCurrentPassword(let problems):
            self.init(["current_password": ["This is not your password."], "new_password": problems.map(\.message)])
        case .unacceptablePassword(let problems): self.init(["new_password": problems.map(\.message)])
        }
    }

    private init(_ error: AccountError) {
        switch error {
        case .unacceptable(let problems): self.init(problems)
        case .usernameTaken: self.init(taken: ["username": "username"])
        case .emailTaken: self.init(taken: ["email": "e-mail address"])
        case .bothTaken: self.init(taken: ["username": "username", "email": "e-mail address"])
        case .noSuchUser: self.init(.notFound, "there is no such user")
        case .lastAdministrator: self.init(.conflict, "the last active administrator must stay")
        case .signUpClosed: self.init(.authorizationError, "signing up is closed")
        case .signUpByInvitation: self.init(.authorizationError, "signing up needs an invitation")
        }
    }

    /// - Parameter names: the words for them, by field.
    private init(taken names: KeyValuePairs<String, String>) {
        self.init(.conflict, "somebody else has this " + names.map(\.value).joined(separator: ", and this "))
        for (field, word) in names { fields.add(field, "This \(word) is taken.") }
    }
}
