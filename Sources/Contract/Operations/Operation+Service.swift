internal import HTTPEngine
internal import JSON

extension Operation {
    public static let health = Operation(
        "health",
        .health,
        .get,
        "/health",
        caller: .anyone,
        summary: "Whether the process answers",
        isLimited: false,
        answers: Answer(.ok, "It does.", HealthBody.schema)
    )

    public static let readiness = Operation(
        "readiness",
        .health,
        .get,
        "/health/ready",
        caller: .anyone,
        summary: "Whether the service can do its job, and the state of each store",
        isLimited: false,
        answers: Answer(.ok, "It can; degraded is slower, and still right.", ReadinessBody.schema),
        Answer(.serviceUnavailable, "It can not.", ReadinessBody.schema)
    )

    public static let keys = Operation(
        "keys",
        .service,
        .get,
        "/.well-known/jwks.json",
        caller: .anyone,
        summary: "The public keys that access tokens are verified with (RFC 7517)",
        answers: Answer(.ok, "The keys; none where tokens are signed with a shared secret.", keySet)
    )

    public static let openAPI = Operation(
        "openAPI",
        .service,
        .get,
        "/api/v1/openapi.json",
        caller: .anyone,
        summary: "This document, where it is enabled",
        answers: Answer(.ok, "An OpenAPI 3.1 document.", as: "application/json"),
        failures: disabled
    )

    public static let documentation = Operation(
        "documentation",
        .service,
        .get,
        "/docs",
        caller: .anyone,
        summary: "This document for people, where it is enabled",
        answers: Answer(.ok, "A page without scripts.", as: "text/html; charset=utf-8"),
        failures: disabled
    )

    private static let disabled = [Failure(.notFound, "The documents are not enabled.")]

    private static let keySet = Component.answer(
        "KeySet",
        "A JSON Web Key Set.",
        example: JSONFragment { $0.object { $0.member("keys", [String]()) } },
        [.init("keys", .list(of: .anyObject))]
    )
}
