/// An option of a command: `--name value`, or a flag that is there or not.
public struct ProgramOption: Sendable {
    /// Without the dashes.
    public let name: String
    public let help: String
    /// What usage prints for the value; nil for a flag, which takes none.
    let placeholder: String?
    /// The only values that will do; empty when any will.
    let choices: [String]

    /// `--name`: on when it is there.
    public static func flag(_ name: String, help: String) -> ProgramOption {
        ProgramOption(name: name, help: help, placeholder: nil, choices: [])
    }

    /// `--name value` or `--name=value`.
    public static func value(
        _ name: String,
        _ placeholder: String,
        help: String,
        choices: [String] = []
    ) -> ProgramOption {
        ProgramOption(name: name, help: help, placeholder: placeholder, choices: choices)
    }

    var dashed: String { "--\(name)" }

    /// As usage prints it: `--data FILE`.
    var shape: String { placeholder.map { "\(dashed) \($0)" } ?? dashed }
}
