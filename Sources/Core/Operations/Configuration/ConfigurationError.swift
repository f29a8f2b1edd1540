/// Everything that is wrong with the configuration, so that an operator mends it in one go.
public struct ConfigurationError: Error, Equatable, Sendable {
    /// Never empty, in the order in which the variables were read.
    public let mistakes: [ConfigurationMistake]
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each mistake. Safe to show: a mistake never holds a secret.
    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
