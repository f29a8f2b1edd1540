/// What kind of request is counted: each has windows of its own.
enum LimitClass: String, CaseIterable, Sendable {
    case general
    case login
    case signUp = "signup"
    case refresh
}

/// How the requests of an operation are counted. There is no default: whoever adds an operation has to decide it.
enum LimitRule: Equatable, Sendable {
    /// Not at all: for health checks, which must be answered whatever happens, and for what is asked about each request of
    /// another application, which has limits of its own.
    case exempt
    /// By address, before anything else is done.
    case address(LimitClass)
    /// For operations that need a token: by user once it was checked, by address without one and when it was refused.
    case caller
}
