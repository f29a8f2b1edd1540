/// The text that `--help` prints.
struct ProgramUsage {
    let program: Program

    var ofProgram: String {
        let commands = program.commands.map { command in
            let isDefault = command.name == program.defaultCommand?.name
            return (left: command.name, right: isDefault ? "\(command.help) (the default)" : command.help)
        }
        return """
            \(program.name) \(program.version): \(program.help)

            Usage: \(program.name) \(program.defaultCommand == nil ? "COMMAND" : "[COMMAND]") [OPTIONS] [ARGUMENTS]

            Commands:
            \(TextColumns.lines(commands + [(Program.helpCommand, "print this, or what a command takes")]))
            Options:
            \(TextColumns.lines(builtIn + [("--version", "print the version")]))
            '\(program.name) COMMAND --help' tells more about one.

            """
    }

    func of(_ command: ProgramCommand) -> String {
        let shapes = ["[OPTIONS]"] + command.arguments.map(\.shape)
        var text = """
            \(command.help)

            Usage: \(program.name) \(command.name) \(shapes.joined(separator: " "))


            """
        if !command.arguments.isEmpty {
            let rows = command.arguments.map { (left: $0.name, right: explained($0.help, $0.choices)) }
            text += "Arguments:\n\(TextColumns.lines(rows))\n"
        }
        let rows = command.options.map { (left: $0.shape, right: explained($0.help, $0.choices)) }
        return text + "Options:\n\(TextColumns.lines(rows + builtIn))"
    }

    private var builtIn: [(left: String, right: String)] { [("-h, --help", "print this")] }

    private func explained(_ help: String, _ choices: [String]) -> String {
        choices.isEmpty ? help : "\(help) (\(choices.joined(separator: ", ")))"
    }
}
