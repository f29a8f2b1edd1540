/// One thing that is wrong with the configuration: where, what, and what would be right.
public struct ConfigurationMistake: Equatable, Sendable {
    /// The variable's name, or the place in the file when there is no name to give.
    public let name: String
    public let wrong: String
    /// What to write instead, where that can be said.
    public let right: String?

    /// The words may hold neither a secret nor a line break.
    public init(_ name: String, _ wrong: String, right: String? = nil) {
        self.name = name
        self.wrong = wrong
        self.right = right
    }
}

extension ConfigurationMistake: CustomStringConvertible {
    /// One line, safe to show: `API_WORKERS: "many" does not fit; expected a whole number from 1 to 64`.
    public var description: String {
        right.map { "\(name): \(wrong); \($0)" } ?? "\(name): \(wrong)"
    }
}
