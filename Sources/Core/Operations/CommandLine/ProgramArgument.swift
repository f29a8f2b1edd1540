/// A word of a command that is known by its place.
public struct ProgramArgument: Sendable {
    enum Presence: Sendable {
        case required
        case optional
        /// All words that are left, of which there may be none.
        case rest
    }

    /// In capitals, as usage prints it: `TEMPLATE`.
    public let name: String
    public let help: String
    let presence: Presence
    /// The only words that will do; empty when any will.
    let choices: [String]

    /// One word that must be there.
    public static func required(_ name: String, help: String, choices: [String] = []) -> ProgramArgument {
        ProgramArgument(name: name, help: help, presence: .required, choices: choices)
    }

    /// One word that may be left out. Stands behind the required ones.
    public static func optional(_ name: String, help: String, choices: [String] = []) -> ProgramArgument {
        ProgramArgument(name: name, help: help, presence: .optional, choices: choices)
    }

    /// All words that are left. Stands last.
    public static func rest(_ name: String, help: String, choices: [String] = []) -> ProgramArgument {
        ProgramArgument(name: name, help: help, presence: .rest, choices: choices)
    }

    /// As usage prints it: `TEMPLATE`, `[NAME]`, `[NAME]...`.
    var shape: String {
        switch presence {
        case .required: name
        case .optional: "[\(name)]"
        case .rest: "[\(name)]..."
        }
    }
}
