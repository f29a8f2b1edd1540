internal import HTTPEngine

extension Operation {
    public static let signUp = Operation(
        "signUp",
        .authentication,
        .post,
        "/api/v1/auth/signup",
        aliases: ["/api/v1/auth/register"],
        caller: .anyone,
        summary: "Make an account of one's own, where that is open to anyone",
        content: Content(SignUpRequest.self),
        answers: Answer(.created, "The account.", UserBody.schema),
        failures: [
            Failure(.authorizationError, "Signing up is closed, or needs an invitation."),
            Failure(.conflict, "The username or the e-mail address is taken."),
        ]
    )

    public static let login = Operation(
        "login",
        .authentication,
        .post,
        "/api/v1/auth/login",
        caller: .anyone,
        summary: "Sign in with a username or an e-mail address",
        notes: "Unknown names and wrong passwords get the same answer, after the same time.",
        fields: [
            Parameter(
                HTTPFieldName.xDeviceToken.text,
                .text,
                "What the last sign-in on this device was answered: strangers who fail do not keep it waiting."
            )
        ],
        content: Content(LoginRequest.self),
        answers: Answer(
            .ok,
            "A new session's tokens.",
            TokensBody.schema,
            fields: [
                .init(name: HTTPFieldName.xDeviceToken.text, note: "To be kept, and sent with the next sign-in.")
            ]
        ),
        failures: [
            Failure(.authenticationError, "The name or the password is wrong."),
            Failure(.inactiveUser, "The password is right and the account is not active."),
            Failure(.sessionLimitExceeded, "There are as many sessions as one may have, and none of them gives way."),
        ]
    )

    public static let refresh = Operation(
        "refresh",
        .authentication,
        .post,
        "/api/v1/auth/refresh",
        caller: .holder,
        summary: "Exchange a refresh token for the next pair of tokens",
        notes: "The refresh token goes into the content or into Authorization as Bearer. It works once: used again "
            + "later, the session ends.",
        content: Content(RefreshRequest.self),
        answers: Answer(.ok, "The next tokens of the session.", TokensBody.schema),
        failures: [Failure(.inactiveUser, "The account is not active any more.")]
    )

    public static let logout = Operation(
        "logout",
        .authentication,
        .post,
        "/api/v1/auth/logout",
        caller: .holder,
        summary: "End the session",
        notes: "By the access token as Bearer, by the refresh token in the content, or by both. Every token of the "
            + "session is refused from the next request on.",
        content: Content(LogoutRequest.self),
        answers: Answer(.noContent, "The session has ended.")
    )

    public static let logoutAll = Operation(
        "logoutAll",
        .authentication,
        .post,
        "/api/v1/auth/logout-all",
        caller: .user,
        summary: "End every session of one's own, this one too",
        answers: Answer(.noContent, "All sessions have ended.")
    )

    public static let verify = Operation(
        "verify",
        .authentication,
        .get,
        "/api/v1/auth/verify",
        caller: .bearer,
        summary: "Whether an access token counts: made for nginx auth_request",
        notes: "Not counted: it is asked for each request of another application, which has limits of its own.",
        isLimited: false,
        answers: Answer(
            .noContent,
            "It does, and this is whose it is.",
            fields: [
                .init(name: "X-Auth-User-Id", note: "The identifier of the user."),
                .init(name: "X-Auth-Username", note: "The username."),
                .init(name: "X-Auth-Roles", note: "The roles, separated by commas."),
            ]
        )
    )
}
