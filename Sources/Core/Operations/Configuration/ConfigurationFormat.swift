internal import Linux

/// How values of one kind are read from text, written as text, and described to whoever got one wrong.
struct ConfigurationFormat<Value> {
    /// Completes the sentence "expected …".
    let kind: String
    let parse: (String) -> Value?
    /// The inverse of `parse`.
    let show: (Value) -> String
    /// Where only certain words will do.
    var choices: [String] = []
    /// The part of a refused text that is at fault.
    var culprit: (String) -> String = { $0 }

    init(kind: String, parse: @escaping (String) -> Value?, show: @escaping (Value) -> String) {
        self.kind = kind
        self.parse = parse
        self.show = show
    }

    /// What the mistake says for a text that `parse` refuses.
    func mistake(_ name: String, given text: String) -> ConfigurationMistake {
        let part = culprit(text)
        let suggestion = NearestName(choices).nearest(to: part).map { "; did you mean \($0)?" } ?? ""
        return ConfigurationMistake(
            name,
            "\"\(Excerpt(part))\" does not fit",
            right: "expected \(kind)\(suggestion)"
        )
    }
}

extension ConfigurationFormat where Value == String {
    static var text: ConfigurationFormat { ConfigurationFormat(kind: "text", parse: { $0 }, show: { $0 }) }
}

extension ConfigurationFormat where Value == Bool {
    static var flag: ConfigurationFormat {
        ConfigurationFormat(
            kind: "true or false",
            parse: { text in
                switch text.lowercased() {
                case "true", "yes", "on", "1": true
                case "false", "no", "off", "0": false
                default: nil
                }
            },
            show: { $0 ? "true" : "false" }
        )
    }
}

extension ConfigurationFormat where Value == Int {
    static func integer(in range: ClosedRange<Int>, unit: String?) -> ConfigurationFormat {
        let unit = unit.map { " of \($0)" } ?? ""
        let bounds = range.upperBound == .max ? "\(range.lowerBound) up" : "\(range.lowerBound) to \(range.upperBound)"
        return ConfigurationFormat(
            kind: "a whole number\(unit) from \(bounds)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            show: { "\($0)" }
        )
    }

    static func bytes(in range: ClosedRange<Int>) -> ConfigurationFormat {
        let format = NumberWithUnit.bytes
        let bounds = "\(format.text(Int64(range.lowerBound))) to \(format.text(Int64(range.upperBound)))"
        return ConfigurationFormat(
            kind: "a number of bytes from \(bounds) (as 65536, 64k, 10m or 1GiB)",
            parse: { text in format.parse(text).flatMap { range.contains(Int($0)) ? Int($0) : nil } },
            show: { format.text(Int64($0)) }
        )
    }
}

extension ConfigurationFormat where Value == Duration {
    /// - Parameter plainSeconds: whether it is written as a plain number, for names that already say SECONDS.
    static func duration(in range: ClosedRange<Duration>, plainSeconds: Bool) -> ConfigurationFormat {
        let format = NumberWithUnit.milliseconds
        let show = { (duration: Duration) in
            let milliseconds = duration.nanoseconds / 1_000_000
            return plainSeconds && milliseconds.isMultiple(of: 1_000)
                ? "\(milliseconds / 1_000)" : format.text(milliseconds)
        }
        return ConfigurationFormat(
            kind: "a duration from \(show(range.lowerBound)) to \(show(range.upperBound)) "
                + "(as 500ms, 10s, 5m, 2h, 30d or a number of seconds)",
            parse: { text in
                format.parse(text).map { .milliseconds($0) }.flatMap { range.contains($0) ? $0 : nil }
            },
            show: show
        )
    }
}

extension ConfigurationFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the enumeration's words, in any case: people write INFO and info.
    static var choice: ConfigurationFormat {
        let words = Value.allCases.map(\.rawValue)
        var format = ConfigurationFormat(
            kind: "one of \(words.joined(separator: ", "))",
            parse: { text in Value.allCases.first { $0.rawValue.lowercased() == text.lowercased() } },
            show: { $0.rawValue }
        )
        format.choices = words
        return format
    }
}

extension ConfigurationFormat {
    /// A list of the elements, separated by commas. Blanks around an element and empty elements do not count.
    static func list<Element>(of element: ConfigurationFormat<Element>) -> ConfigurationFormat
    where Value == [Element] {
        let pieces = { (text: String) in
            text.split(separator: ",").map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        }
        var format = ConfigurationFormat(
            kind: "a list of \(element.kind), separated by commas",
            parse: { text in
                let values = pieces(text).map(element.parse)
                // Half a list of trusted networks is worse than none: one bad element refuses all.
                return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
            },
            show: { $0.map(element.show).joined(separator: ",") }
        )
        format.choices = element.choices
        format.culprit = { text in pieces(text).first { element.parse($0) == nil } ?? text }
        return format
    }
}

extension StringProtocol {
    /// Without the blanks and line ends around it.
    var trimmingBlanks: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character.isNewline }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
