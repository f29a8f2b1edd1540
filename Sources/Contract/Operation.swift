public import HTTPEngine

/// One thing the API can be asked to do: the API serves it and the web front end calls it by the same value.
public struct Operation: Sendable {
    public let method: HTTPMethod
    /// Written `/users/{id}`.
    public let path: String
    /// Who may ask. There is no default: whoever adds an operation has to decide it.
    public let caller: Caller
    /// One line, for listings.
    public let summary: String

    init(_ method: HTTPMethod, _ path: String, caller: Caller, summary: String) {
        self.method = method
        self.path = path
        self.caller = caller
        self.summary = summary
    }

    public enum Caller: String, Sendable {
        case anyone
        case user
        case administrator
    }
}

extension Operation {
    public static let health = Operation(.get, "/health", caller: .anyone, summary: "Whether the process answers")
    public static let readiness = Operation(
        .get,
        "/health/ready",
        caller: .anyone,
        summary: "Whether the service can do its job, and the state of each store"
    )

    /// Every operation of the API.
    public static let all = [health, readiness]
}
