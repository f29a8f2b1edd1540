/// Names that stand in one `.env` for all programs and for the commands that start them. A program finds the others'
/// names there and must not take them for slips of its own.
public enum SharedVariables {
    public static let api: Set<String> = [
        "API_LISTEN", "CORS_ORIGINS", "DATABASE_URL", "DATABASE_POOL_SIZE", "REDIS_URL", "MIGRATIONS_PATH",
    ]
    public static let web: Set<String> = ["WEB_LISTEN", "API_URL"]
    /// Read by `make` and the containers.
    public static let stack: Set<String> = ["STACK", "BIND", "HTTP_PORT", "HTTPS_PORT"]
}
