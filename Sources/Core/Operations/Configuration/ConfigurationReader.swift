/// Declares every variable of a program and reads it in the same breath, so that what the program takes, what it
/// documents and what it prints can not part.
///
/// Nothing is thrown while reading: a wrong value is noted, its default is used, and reading goes on. `finish()` then
/// throws all mistakes at once. Not Sendable: it is made, used and dropped while the program starts.
public final class ConfigurationReader {
    private let source: ConfigurationSource
    private let siblings: Set<String>
    private var currentGroup = "General"
    private var found: [ConfigurationMistake] = []
    private var secretNames: [String] = []
    private var declared: Set<String> = []

    /// Every variable that was read so far, in that order.
    public private(set) var options: [ConfigurationOption] = []

    /// - Parameter siblings: names that other programs read from the same `.env`, which are therefore not strange.
    public init(_ source: ConfigurationSource, siblings: Set<String> = []) {
        self.source = source
        self.siblings = siblings
    }

    /// Everything read within the body is listed under the title.
    public func group<Result, Failure: Error>(
        _ title: String,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = currentGroup
        currentGroup = title
        defer { currentGroup = outer }
        return try body()
    }

    /// Notes what only a look at several variables can tell. The words may not hold a secret.
    public func mistake(_ name: String, _ wrong: String, right: String? = nil) {
        note(ConfigurationMistake(name, wrong, right: right))
    }

    /// All mistakes so far: of the file, of the values, and names that nothing has declared yet.
    public var mistakes: [ConfigurationMistake] { source.mistakes + found + unknownNames.mistakes }

    /// What is odd but does no harm, one line each.
    public var warnings: [String] { source.warnings + unknownNames.warnings }

    /// Ends the reading: throws everything that is wrong. Every variable must have been read by now.
    public func finish() throws(ConfigurationError) {
        let mistakes = mistakes
        if !mistakes.isEmpty { throw ConfigurationError(mistakes: mistakes) }
    }

    private var unknownNames: UnknownNames {
        let files = secretNames.map(ConfigurationReader.fileName)
        return UnknownNames(in: source, known: options.map(\.name) + files, siblings: siblings)
    }
}

/// What the typed reading methods are made of.
extension ConfigurationReader {
    func read<Value>(
        _ name: String,
        _ format: ConfigurationFormat<Value>,
        default standard: (text: String, value: Value),
        help: String
    ) -> Value {
        readIfSet(name, format, defaultText: standard.text, help: help) ?? standard.value
    }

    func read<Value>(
        _ name: String,
        _ format: ConfigurationFormat<Value>,
        default value: Value,
        help: String
    ) -> Value {
        let text = format.show(value)
        guard format.parse(text) != nil else { preconditionFailure("the default of \(name) is not \(format.kind)") }
        return read(name, format, default: (text, value), help: help)
    }

    /// Nil when the variable is unset, and when it is wrong.
    func readIfSet<Value>(
        _ name: String,
        _ format: ConfigurationFormat<Value>,
        defaultText: String? = nil,
        help: String
    ) -> Value? {
        let setting = source.setting(name)
        let text = setting?.value.reveal().trimmingBlanks
        let value = text.flatMap(format.parse)
        if let text, value == nil { note(format.mistake(name, given: text)) }
        let isUsed = value != nil
        declare(
            ConfigurationOption(
                group: currentGroup,
                name: name,
                kind: format.kind,
                help: help,
                defaultText: defaultText,
                isSecret: false,
                value: value.map(format.show) ?? defaultText,
                source: isUsed ? setting?.source ?? .default : .default
            )
        )
        return value
    }

    func declareSecret(_ name: String, kind: String, help: String, source: ConfigurationOption.Source?) {
        declare(
            ConfigurationOption(
                group: currentGroup,
                name: name,
                kind: kind,
                help: help,
                defaultText: nil,
                isSecret: true,
                value: source.map { _ in Secret.mask },
                source: source ?? .default
            )
        )
        secretNames.append(name)
        claim(ConfigurationReader.fileName(name))
    }

    func note(_ mistake: ConfigurationMistake) { found.append(mistake) }

    var mistakeCount: Int { found.count }

    func setting(_ name: String) -> ConfigurationSource.Setting? { source.setting(name) }

    /// The variable that holds the path of a file with the secret: what container platforms mount.
    static func fileName(_ name: String) -> String { name + "_FILE" }

    private func declare(_ option: ConfigurationOption) {
        claim(option.name)
        options.append(option)
    }

    private func claim(_ name: String) {
        precondition(UnknownNames.isVariableName(name), "\(name) is not a name for a variable")
        precondition(declared.insert(name).inserted, "\(name) is declared twice")
    }
}
