internal import HTTPEngine

extension Operation {
    public static let listUsers = Operation(
        "listUsers",
        .users,
        .get,
        "/api/v1/users",
        aliases: ["/api/v1/admin/users"],
        caller: .administrator,
        summary: "The users, in pages",
        parameters: UserListQuery.parameters,
        answers: Answer(.ok, "One page.", UserPage.schema)
    )

    public static let createUser = Operation(
        "createUser",
        .users,
        .post,
        "/api/v1/users",
        aliases: ["/api/v1/register"],
        caller: .administrator,
        summary: "Make an account for somebody",
        content: Content(UserCreation.self),
        answers: Answer(.created, "The account.", UserBody.schema),
        failures: [taken]
    )

    public static let user = Operation(
        "user",
        .users,
        .get,
        "/api/v1/users/{id}",
        caller: .administratorOrSelf,
        summary: "One user",
        answers: Answer(.ok, "The user.", UserBody.schema)
    )

    public static let replaceUser = Operation(
        "replaceUser",
        .users,
        .put,
        "/api/v1/users/{id}",
        caller: .administrator,
        summary: "Set all that can be set of a user",
        notes: renaming,
        content: Content(UserReplacement.self),
        answers: Answer(.ok, "The user as it is now.", UserBody.schema),
        failures: [taken, last]
    )

    public static let changeUser = Operation(
        "changeUser",
        .users,
        .patch,
        "/api/v1/users/{id}",
        caller: .administrator,
        summary: "Change some of what can be set of a user",
        notes: renaming,
        content: Content(UserChange.self),
        answers: Answer(.ok, "The user as it is now.", UserBody.schema),
        failures: [taken, last]
    )

    public static let deleteUser = Operation(
        "deleteUser",
        .users,
        .delete,
        "/api/v1/users/{id}",
        caller: .administrator,
        summary: "Delete a user; the row stays for the audit unless hard is true",
        notes: "Who was deleted can still be deleted hard.",
        parameters: UserDeletionQuery.parameters,
        answers: Answer(.noContent, "The user is gone, and every session with it."),
        failures: [last]
    )

    private static let taken = Failure(.conflict, "The username or the e-mail address is taken.")
    static let last = Failure(.conflict, "There would be no active administrator left.")
}
