/// One thing a program can do, with all that may be said to it.
public struct ProgramCommand: Sendable {
    /// Does the work and answers how it went. What it throws is printed in one line; a `UsageError` counts as wrong usage.
    public typealias Body = @Sendable (ProgramInvocation) async throws -> ProgramStatus

    public let name: String
    /// One line, in the list of commands and at the head of the command's usage.
    public let help: String
    public let options: [ProgramOption]
    public let arguments: [ProgramArgument]
    let body: Body

    public init(
        _ name: String,
        help: String,
        options: [ProgramOption] = [],
        arguments: [ProgramArgument] = [],
        body: @escaping Body
    ) {
        let optionNames = options.map(\.name)
        precondition(Set(optionNames).count == optionNames.count, "\(name) has two options of one name")
        precondition(
            Set(optionNames).isDisjoint(with: ProgramParser.builtInOptions),
            "\(name) has an option that every program has"
        )
        precondition(
            arguments.dropLast().allSatisfy { $0.presence != .rest },
            "\(name) has an argument behind the one that takes the rest"
        )
        precondition(
            arguments.drop { $0.presence == .required }.allSatisfy { $0.presence != .required },
            "\(name) has a required argument behind an optional one"
        )
        self.name = name
        self.help = help
        self.options = options
        self.arguments = arguments
        self.body = body
    }
}
