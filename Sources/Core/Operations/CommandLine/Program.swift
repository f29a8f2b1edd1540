/// A program as its user sees it: commands with options and arguments, usage, a version, and errors that say what was
/// probably meant.
///
/// `program [command] [options] [arguments]`. `--help`, `-h` and the command `help` print usage wherever they stand;
/// `--` ends the options.
public struct Program: Sendable {
    /// Built in; no command may have its name.
    static let helpCommand = "help"

    public let name: String
    public let version: String
    public let help: String
    public let commands: [ProgramCommand]
    let defaultCommand: ProgramCommand?

    /// - Parameter defaultCommand: the name of the command that runs when none is given.
    public init(
        _ name: String,
        version: String,
        help: String,
        commands: [ProgramCommand],
        defaultCommand: String? = nil
    ) {
        let names = commands.map(\.name) + [Program.helpCommand]
        precondition(Set(names).count == names.count, "\(name) has two commands of one name")
        self.name = name
        self.version = version
        self.help = help
        self.commands = commands
        self.defaultCommand = commands.first { $0.name == defaultCommand }
        precondition(defaultCommand == self.defaultCommand?.name, "the default of \(name) is none of its commands")
    }

    /// Runs the command that this process was started with, on its standard streams, and answers the number to exit with.
    ///
    /// It does not exit itself: how a process ends is for whoever owns its threads and signals to say.
    public func run() async -> Int32 {
        await run(Array(CommandLine.arguments.dropFirst()), console: .process).rawValue
    }

    /// Runs the command that the words ask for, and answers how it went.
    public func run(_ words: [String], console: ProgramConsole) async -> ProgramStatus {
        switch ProgramParser(program: self, console: console).parse(words) {
        case .usage(let command):
            let usage = ProgramUsage(program: self)
            console.write(command.map(usage.of) ?? usage.ofProgram)
            return .good
        case .version:
            console.print("\(name) \(version)")
            return .good
        case .misuse(let error, let command):
            return complain(error, about: command, console)
        case .run(let invocation):
            do {
                return try await invocation.command.body(invocation)
            } catch let error as UsageError {
                return complain(error, about: invocation.command, console)
            } catch {
                for line in Program.words(for: error).split(separator: "\n") { console.complain("\(name): \(line)") }
                return .failed
            }
        }
    }

    func command(_ name: String) -> ProgramCommand? { commands.first { $0.name == name } }

    private func complain(
        _ error: UsageError,
        about command: ProgramCommand?,
        _ console: ProgramConsole
    ) -> ProgramStatus {
        let asking = ([name] + (command.map { [$0.name] } ?? []) + ["--help"]).joined(separator: " ")
        let separator = error.description.hasSuffix("?") ? "" : ";"
        console.complain("\(name): \(error)\(separator) '\(asking)' lists \(command == nil ? "them" : "what it takes")")
        return .wrongUsage
    }

    /// A description is made to be shown. Without one, printing the error would print what it holds, whatever that is.
    private static func words(for error: any Error) -> String {
        (error as? any CustomStringConvertible)?.description ?? "failed (\(type(of: error)))"
    }
}
