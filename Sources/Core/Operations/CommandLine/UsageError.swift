/// A command line that can not be carried out. A command throws it for what only it can judge.
public struct UsageError: Error, Equatable, Sendable {
    /// What is wrong, in words that continue `gatehouse-api: `.
    public let problem: String

    /// The word that was probably meant.
    let suggestion: String?

    public init(_ problem: String) {
        self.init(problem, suggestion: nil)
    }

    init(_ problem: String, suggestion: String?) {
        self.problem = problem
        self.suggestion = suggestion
    }

    /// A word that is not among those there are.
    static func unknown(_ what: String, _ word: String, among known: [String]) -> UsageError {
        UsageError(
            "unknown \(what) '\(Excerpt(word))'",
            suggestion: NearestName(known).nearest(to: word)
        )
    }
}

extension UsageError: CustomStringConvertible {
    /// One line, without the program's name.
    public var description: String {
        suggestion.map { "\(problem); did you mean '\($0)'?" } ?? problem
    }
}
