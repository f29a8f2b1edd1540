internal import HTTPEngine

extension Operation {
    public static let activateUser = change("activateUser", "activate", "Let a user sign in again")
    public static let deactivateUser = change(
        "deactivateUser",
        "deactivate",
        "Keep a user from signing in, and end every session",
        failures: [last]
    )
    public static let makeAdministrator = change("makeAdministrator", "make-admin", "Make a user an administrator")
    public static let removeAdministrator = change(
        "removeAdministrator",
        "remove-admin",
        "Make an administrator a user like others",
        failures: [last]
    )

    private static func change(
        _ id: String,
        _ verb: String,
        _ summary: String,
        failures: [Failure] = []
    ) -> Operation {
        Operation(
            id,
            .administration,
            .post,
            "/api/v1/admin/users/{id}/\(verb)",
            caller: .administrator,
            summary: summary,
            answers: Answer(.ok, "The user as it is now.", UserBody.schema),
            failures: failures
        )
    }

    public static let endUserSessions = Operation(
        "endUserSessions",
        .administration,
        .delete,
        "/api/v1/admin/users/{id}/sessions",
        caller: .administrator,
        summary: "End every session of a user",
        answers: Answer(.noContent, "All sessions have ended.")
    )

    public static let statistics = Operation(
        "statistics",
        .administration,
        .get,
        "/api/v1/admin/stats",
        caller: .administrator,
        summary: "The figures of the dashboard",
        answers: Answer(.ok, "The figures.", StatisticsBody.schema)
    )

    public static let audit = Operation(
        "audit",
        .administration,
        .get,
        "/api/v1/admin/audit",
        caller: .administrator,
        summary: "What was done and tried, in pages, the newest first",
        parameters: AuditListQuery.parameters,
        answers: Answer(.ok, "One page of the newest \(AuditEntryBody.countLimit) that match.", AuditPage.schema)
    )
}
