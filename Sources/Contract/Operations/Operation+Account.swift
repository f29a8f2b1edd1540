internal import HTTPEngine

extension Operation {
    public static let me = Operation(
        "me",
        .account,
        .get,
        "/api/v1/auth/me",
        aliases: ["/api/v1/me"],
        caller: .user,
        summary: "One's own account",
        answers: Answer(.ok, "The account.", UserBody.schema)
    )

    public static let changeProfile = Operation(
        "changeProfile",
        .account,
        .patch,
        "/api/v1/auth/me",
        caller: .user,
        summary: "Change one's own username or e-mail address",
        notes: renaming,
        content: Content(ProfileChange.self),
        answers: Answer(.ok, "The account as it is now.", UserBody.schema),
        failures: [Failure(.conflict, "The username or the e-mail address is taken.")]
    )

    /// For whoever changes what access tokens say.
    static let renaming =
        "Access tokens that say what was before are refused from the next request on; sessions live, and a refresh gives "
        + "the next token."

    public static let changePassword = Operation(
        "changePassword",
        .account,
        .post,
        "/api/v1/auth/password-change",
        caller: .user,
        summary: "Change one's own password; every other session ends",
        content: Content(PasswordChange.self),
        answers: Answer(.noContent, "The new password is in force.")
    )

    public static let sessions = Operation(
        "sessions",
        .account,
        .get,
        "/api/v1/auth/sessions",
        caller: .user,
        summary: "Where one is signed in",
        answers: Answer(.ok, "The sessions that are alive, the newest first.", SessionList.schema)
    )

    public static let endSession = Operation(
        "endSession",
        .account,
        .delete,
        "/api/v1/auth/sessions/{id}",
        caller: .user,
        summary: "End one session of one's own",
        answers: Answer(.noContent, "The session has ended.")
    )

    public static let hello = Operation(
        "hello",
        .account,
        .get,
        "/api/v1/hello",
        caller: .user,
        summary: "A greeting for whoever is signed in",
        answers: Answer(.ok, "The greeting.", HelloBody.schema)
    )
}
