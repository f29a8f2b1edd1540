/// What was said to a command, after it was found to make sense. Asking for what the command does not declare is a
/// mistake of the program and traps.
public struct ProgramInvocation: Sendable {
    let command: ProgramCommand
    /// Where the command prints.
    public let console: ProgramConsole
    private let values: [String: String]
    private let flags: Set<String>
    private let words: [String: [String]]

    init(
        command: ProgramCommand,
        console: ProgramConsole,
        values: [String: String],
        flags: Set<String>,
        words: [String: [String]]
    ) {
        self.command = command
        self.console = console
        self.values = values
        self.flags = flags
        self.words = words
    }

    /// Whether the flag is there.
    public func isOn(_ flag: String) -> Bool {
        require(command.options.contains { $0.name == flag && $0.placeholder == nil }, "flag", flag)
        return flags.contains(flag)
    }

    /// The value of the option, if it is there.
    public func option(_ name: String) -> String? {
        require(command.options.contains { $0.name == name && $0.placeholder != nil }, "option", name)
        return values[name]
    }

    /// The word for a required argument.
    public func argument(_ name: String) -> String {
        requireArgument(name, .required)
        guard let word = words[name]?.first else { preconditionFailure("the parser let a missing \(name) pass") }
        return word
    }

    /// The word for an optional argument, if it is there.
    public func optionalArgument(_ name: String) -> String? {
        requireArgument(name, .optional)
        return words[name]?.first
    }

    /// The words for the argument that takes the rest.
    public func remainingArguments(_ name: String) -> [String] {
        requireArgument(name, .rest)
        return words[name] ?? []
    }

    private func requireArgument(_ name: String, _ presence: ProgramArgument.Presence) {
        require(
            command.arguments.contains { $0.name == name && $0.presence == presence },
            "\(presence) argument",
            name
        )
    }

    private func require(_ isDeclared: Bool, _ what: String, _ name: String) {
        precondition(isDeclared, "the command \(command.name) declares no \(what) \(name)")
    }
}
