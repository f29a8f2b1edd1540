internal import Linux

/// Where values come from: the process environment over a `.env` file. An empty value counts as unset.
public struct ConfigurationSource: Sendable {
    /// One value as it was found. Kept as a secret until a declaration says that it is none.
    struct Setting: Sendable {
        let value: Secret
        let source: ConfigurationOption.Source
    }

    private let settings: [String: Setting]

    /// Every name of the environment that has a value. Many belong to other programs.
    let environmentNames: Set<String>

    /// Every name in the file, with a value or without: whoever wrote the file meant each of them.
    let dotEnvNames: Set<String>

    let mistakes: [ConfigurationMistake]
    let warnings: [String]

    public init(environment: [String: String], dotEnv: DotEnvFile = DotEnvFile("")) {
        let exported = environment.filter { !$0.value.isEmpty }
        var settings = dotEnv.entries.filter { !$0.value.value.reveal().isEmpty }
            .mapValues { Setting(value: $0.value, source: .dotEnv) }
        settings.merge(exported.mapValues { Setting(value: Secret($0), source: .environment) }) { _, wins in wins }
        self.settings = settings
        environmentNames = Set(exported.keys)
        dotEnvNames = Set(dotEnv.entries.keys)
        mistakes = dotEnv.mistakes
        warnings = dotEnv.warnings
    }

    /// The environment of this process, over the `.env` file at the path if there is one.
    public static func process(dotEnvPath: String = ".env") -> ConfigurationSource {
        ConfigurationSource(environment: ProcessInfo.environment, dotEnv: .load(path: dotEnvPath))
    }

    func setting(_ name: String) -> Setting? { settings[name] }
}
