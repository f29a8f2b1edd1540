/// What is known of one variable once it was read: enough to print the configuration and to document it.
public struct ConfigurationOption: Equatable, Sendable {
    /// Where the value in force comes from.
    public enum Source: String, Sendable {
        case `default`
        case environment
        case dotEnv = ".env"
        /// The file that NAME_FILE points to.
        case file
    }

    public let group: String
    public let name: String
    /// Kind, unit and range in words: `a whole number of connections from 1 to 64`.
    public let kind: String
    public let help: String
    /// Nil when the variable has no default.
    public let defaultText: String?
    public let isSecret: Bool
    /// The value in force as it would be written: the mask for a secret, nil when there is none.
    public let value: String?
    public let source: Source
}
