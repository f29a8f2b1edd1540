/// The kinds of values that most variables have. Each method declares the variable and answers the value in force: the
/// default when it is unset or wrong, nil in place of a default from the optional forms.
extension ConfigurationReader {
    /// Any text, without the blanks around it.
    public func text(_ name: String, default value: String, help: String) -> String {
        read(name, .text, default: value, help: help)
    }

    /// Any text, if set.
    public func optionalText(_ name: String, help: String) -> String? {
        readIfSet(name, .text, help: help)
    }

    /// A whole number. The unit is a plural noun for people: `connections`.
    public func integer(
        _ name: String,
        default value: Int,
        in range: ClosedRange<Int>,
        unit: String? = nil,
        help: String
    ) -> Int {
        read(name, .integer(in: range, unit: unit), default: value, help: help)
    }

    /// A whole number, if set.
    public func optionalInteger(_ name: String, in range: ClosedRange<Int>, unit: String? = nil, help: String) -> Int? {
        readIfSet(name, .integer(in: range, unit: unit), help: help)
    }

    /// True or false, also written yes and no, on and off, 1 and 0.
    public func flag(_ name: String, default value: Bool, help: String) -> Bool {
        read(name, .flag, default: value, help: help)
    }

    /// True or false, if set.
    public func optionalFlag(_ name: String, help: String) -> Bool? {
        readIfSet(name, .flag, help: help)
    }

    /// One word of an enumeration.
    public func choice<Choice>(_ name: String, default value: Choice, help: String) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        read(name, .choice, default: value, help: help)
    }

    /// One word of an enumeration, if set.
    public func optionalChoice<Choice>(_ name: String, of type: Choice.Type = Choice.self, help: String) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        readIfSet(name, .choice, help: help)
    }

    /// A duration in whole milliseconds; a plain number counts seconds.
    public func duration(
        _ name: String,
        default value: Duration,
        in range: ClosedRange<Duration>,
        help: String
    ) -> Duration {
        read(name, duration(name, range), default: value, help: help)
    }

    /// A duration, if set.
    public func optionalDuration(_ name: String, in range: ClosedRange<Duration>, help: String) -> Duration? {
        readIfSet(name, duration(name, range), help: help)
    }

    private func duration(_ name: String, _ range: ClosedRange<Duration>) -> ConfigurationFormat<Duration> {
        .duration(in: range, plainSeconds: name.hasSuffix("_SECONDS"))
    }

    /// A size in bytes; `k`, `m` and `g` multiply by 1024.
    public func bytes(_ name: String, default value: Int, in range: ClosedRange<Int>, help: String) -> Int {
        read(name, .bytes(in: range), default: value, help: help)
    }

    /// A size in bytes, if set.
    public func optionalBytes(_ name: String, in range: ClosedRange<Int>, help: String) -> Int? {
        readIfSet(name, .bytes(in: range), help: help)
    }

    /// Texts separated by commas.
    public func list(_ name: String, default value: [String], help: String) -> [String] {
        read(name, .list(of: .text), default: value, help: help)
    }
}

/// Values of types that this module does not know, such as addresses and networks. `expects` completes the sentence
/// "expected …": `host:port or unix:/path`. What is read is printed, so a value that may hold a password is read as a
/// secret instead.
extension ConfigurationReader {
    /// A value whose default is written as an operator would write it.
    public func value<Value>(
        _ name: String,
        default text: String,
        help: String,
        expects: String,
        parse: @escaping (String) -> Value?
    ) -> Value {
        guard let value = parse(text) else { preconditionFailure("the default of \(name) is not \(expects)") }
        return self.value(name, default: (text, value), help: help, expects: expects, parse: parse)
    }

    /// A value whose default is described, since it is found out when the program starts: `one per processor`.
    public func value<Value>(
        _ name: String,
        default standard: (text: String, value: Value),
        help: String,
        expects: String,
        parse: @escaping (String) -> Value?
    ) -> Value {
        let format = asWritten(expects, parse)
        let read = read(name, format, default: (standard.text, (standard.text, standard.value)), help: help)
        return read.value
    }

    /// A value, if set.
    public func optionalValue<Value>(
        _ name: String,
        help: String,
        expects: String,
        parse: @escaping (String) -> Value?
    ) -> Value? {
        readIfSet(name, asWritten(expects, parse), help: help)?.value
    }

    /// Values separated by commas. One that does not parse refuses them all.
    public func values<Value>(
        _ name: String,
        default text: String,
        help: String,
        expects: String,
        parse: @escaping (String) -> Value?
    ) -> [Value] {
        let format = ConfigurationFormat.list(of: asWritten(expects, parse))
        guard let standard = format.parse(text) else { preconditionFailure("the default of \(name) is not \(expects)") }
        return read(name, format, default: (text, standard), help: help).map(\.value)
    }

    /// Keeps the text beside the value, since a foreign type need not be able to write itself.
    private func asWritten<Value>(
        _ expects: String,
        _ parse: @escaping (String) -> Value?
    ) -> ConfigurationFormat<(text: String, value: Value)> {
        ConfigurationFormat(
            kind: expects,
            parse: { text in parse(text).map { (text, $0) } },
            show: \.text
        )
    }
}
