/// Names that stand in one `.env` for all programs and for the commands that start them. A program finds the others'
/// names there and must not take them for slips of its own.
public enum SharedVariables {
    public static let api: Set<String> = [
        "API_LISTEN", "CORS_ORIGINS", "DATABASE_URL", "DATABASE_POOL_SIZE", "REDIS_URL", "MIGRATIONS_PATH",
        "RATE_LIMIT_ENABLED", "RATE_LIMIT_PER_MINUTE", "RATE_LIMIT_PER_HOUR", "RATE_LIMIT_PER_DAY",
        "RATE_LIMIT_USER_FACTOR", "RATE_LIMIT_LOGIN", "RATE_LIMIT_SIGNUP", "RATE_LIMIT_REFRESH", "LOGIN_ATTEMPTS",
        "LOGIN_BACKOFF_FIRST", "LOGIN_BACKOFF_FACTOR", "LOGIN_BACKOFF_LONGEST", "LOGIN_BACKOFF_FORGET",
    ]
    public static let web: Set<String> = ["WEB_LISTEN", "API_URL"]
    /// Read by `make` and the containers.
    public static let stack: Set<String> = ["STACK", "BIND", "HTTP_PORT", "HTTPS_PORT"]
}
