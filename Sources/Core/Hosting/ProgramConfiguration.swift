public import Operations

/// Reads a program's configuration, and says what is wrong with it, the same way for every program.
public struct ProgramConfiguration<Settings: Sendable>: Sendable {
    private let siblings: Set<String>
    private let make: @Sendable (ConfigurationReader) -> Settings

    /// `siblings` are the names that other programs read from the same `.env`.
    public init(siblings: Set<String>, make: @escaping @Sendable (ConfigurationReader) -> Settings) {
        self.siblings = siblings
        self.make = make
    }

    /// The settings in force. Warnings go to the console; all mistakes together are what is thrown.
    public func load(_ source: ConfigurationSource = .process(), console: ProgramConsole) throws -> Settings {
        let (settings, reader) = read(source)
        for warning in reader.warnings { console.complain("warning: \(warning)") }
        try reader.finish()
        return settings
    }

    private func read(_ source: ConfigurationSource) -> (Settings, ConfigurationReader) {
        let reader = ConfigurationReader(source, siblings: siblings)
        return (make(reader), reader)
    }

    /// The command `config`: prints what is in force, secrets masked, and checks it.
    public var command: ProgramCommand {
        ProgramCommand(
            "config",
            help: "Print the configuration in force, and check it",
            options: [.flag("markdown", help: "Print what can be configured, as Markdown tables")]
        ) { invocation in
            let console = invocation.console
            let (_, reader) = read(.process())
            let listing = ConfigurationListing(reader.options)
            if invocation.isOn("markdown") {
                console.write(listing.markdown())
                return .good
            }
            console.write(listing.text)
            for warning in reader.warnings { console.complain("warning: \(warning)") }
            try reader.finish()
            return .good
        }
    }
}
