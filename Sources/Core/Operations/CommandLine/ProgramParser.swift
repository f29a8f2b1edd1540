/// Makes sense of the words after a program's name. A value: it prints nothing and runs nothing.
struct ProgramParser {
    enum Outcome {
        case run(ProgramInvocation)
        /// Usage of the command, or of the program.
        case usage(ProgramCommand?)
        case version
        /// The command is the one whose usage would have helped.
        case misuse(UsageError, ProgramCommand?)
    }

    /// Every command takes these, so none may declare them.
    static let builtInOptions: Set<String> = ["help", "version"]

    /// Where options end: whatever follows is an argument, however it begins.
    private static let endOfOptions = "--"

    let program: Program
    let console: ProgramConsole

    func parse(_ words: [String]) -> Outcome {
        let beforeEnd = words.prefix { $0 != ProgramParser.endOfOptions }
        let withoutHelp = beforeEnd.filter { $0 != "--help" && $0 != "-h" }
        if withoutHelp.first == Program.helpCommand { return usage(withoutHelp.dropFirst().first) }
        if withoutHelp.count < beforeEnd.count { return usage(withoutHelp.first) }
        if beforeEnd.contains("--version") { return .version }

        guard let first = words.first, !first.hasPrefix("-") else {
            guard let command = program.defaultCommand else {
                return .misuse(UsageError("which command?"), nil)
            }
            return invocation(of: command, words[...])
        }
        guard let command = program.command(first) else { return unknownCommand(first) }
        return invocation(of: command, words.dropFirst())
    }

    private func usage(_ word: String?) -> Outcome {
        guard let word, word != Program.helpCommand, !word.hasPrefix("-") else { return .usage(nil) }
        return program.command(word).map { .usage($0) } ?? unknownCommand(word)
    }

    private func unknownCommand(_ word: String) -> Outcome {
        .misuse(.unknown("command", word, among: program.commands.map(\.name) + [Program.helpCommand]), nil)
    }

    private func invocation(of command: ProgramCommand, _ words: ArraySlice<String>) -> Outcome {
        do throws(UsageError) {
            return .run(try read(words, for: command))
        } catch {
            return .misuse(error, command)
        }
    }

    private func read(
        _ words: ArraySlice<String>,
        for command: ProgramCommand
    ) throws(UsageError) -> ProgramInvocation {
        var values: [String: String] = [:]
        var flags: Set<String> = []
        var positional: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if word == ProgramParser.endOfOptions {
                positional += rest
                break
            }
            // A lone dash means standard input where a file is expected.
            guard word.hasPrefix("-"), word != "-" else {
                positional.append(word)
                continue
            }
            let (option, attached) = try option(word, of: command)
            if option.placeholder == nil {
                if attached != nil { throw UsageError("option '\(option.dashed)' takes no value") }
                flags.insert(option.name)
            } else {
                let value = if let attached { attached } else { try value(of: option, &rest) }
                try check(value, "option '\(option.dashed)'", option.choices)
                guard values.updateValue(value, forKey: option.name) == nil else {
                    throw UsageError("option '\(option.dashed)' is given twice")
                }
            }
        }
        return ProgramInvocation(
            command: command,
            console: console,
            values: values,
            flags: flags,
            words: try assign(positional, command)
        )
    }

    /// Takes `--name=value` apart. The value of an unknown option is not repeated: it may be a secret.
    private func option(_ word: String, of command: ProgramCommand) throws(UsageError) -> (ProgramOption, String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = command.options.first(where: { $0.dashed == name }) else {
            throw .unknown("option", name, among: command.options.map(\.dashed) + ["--help", "--version"])
        }
        return (option, parts.count > 1 ? String(parts[1]) : nil)
    }

    /// The next word, unless it is an option itself: then the value was forgotten.
    private func value(of option: ProgramOption, _ rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let next = rest.first, next == "-" || !next.hasPrefix("-") else {
            throw UsageError("option '\(option.dashed)' needs a value: \(option.shape)")
        }
        rest.removeFirst()
        return next
    }

    private func assign(_ positional: [String], _ command: ProgramCommand) throws(UsageError) -> [String: [String]] {
        var left = positional[...]
        var words: [String: [String]] = [:]
        for argument in command.arguments {
            let taken = argument.presence == .rest ? left : left.prefix(1)
            if taken.isEmpty, argument.presence == .required {
                throw UsageError("'\(command.name)' needs \(argument.name)")
            }
            for word in taken { try check(word, argument.name, argument.choices) }
            words[argument.name] = Array(taken)
            left = left.dropFirst(taken.count)
        }
        guard let surplus = left.first else { return words }
        throw UsageError("'\(command.name)' does not take '\(Excerpt(surplus))'")
    }

    private func check(_ word: String, _ what: String, _ choices: [String]) throws(UsageError) {
        if choices.isEmpty || choices.contains(word) { return }
        throw UsageError(
            "\(what) can not be '\(Excerpt(word))' but one of \(choices.joined(separator: ", "))",
            suggestion: NearestName(choices).nearest(to: word)
        )
    }
}
