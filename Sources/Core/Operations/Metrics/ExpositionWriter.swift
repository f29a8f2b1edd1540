/// Writes the text format of Prometheus, version 0.0.4.
struct ExpositionWriter {
    private(set) var bytes: [UInt8] = []

    /// The lines before the samples of a name.
    ///
    /// > HELP [...] may contain any sequence of UTF-8 characters (after the metric name), but the backslash and the line
    /// > feed characters have to be escaped as \\ and \n, respectively.
    mutating func header(name: String, help: String, type: String) {
        append("# HELP \(name) ")
        ExpositionWriter.append(help, to: &bytes, escapingQuotes: false)
        append("\n# TYPE \(name) \(type)\n")
    }

    mutating func sample(_ name: String, suffix: String = "", labels: [[UInt8]] = [], value: some FixedWidthInteger) {
        sample(name, suffix: suffix, labels: labels, text: String(value))
    }

    mutating func sample(_ name: String, suffix: String = "", labels: [[UInt8]] = [], value: Double) {
        sample(name, suffix: suffix, labels: labels, text: ExpositionWriter.text(value))
    }

    private mutating func sample(_ name: String, suffix: String, labels: [[UInt8]], text: String) {
        append(name)
        append(suffix)
        let labels = labels.filter { !$0.isEmpty }
        if !labels.isEmpty {
            append("{")
            bytes += labels.joined(separator: [UInt8(ascii: ",")])
            append("}")
        }
        append(" ")
        append(text)
        append("\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Pairs of names and values as they stand between braces.
    ///
    /// > label_value can be any sequence of UTF-8 characters, but the backslash (\), double-quote ("), and line feed
    /// > (\n) characters have to be escaped as \\, \", and \n, respectively.
    static func labels(names: [String], values: [String]) -> [UInt8] {
        var result: [UInt8] = []
        for (name, value) in zip(names, values) {
            if !result.isEmpty { result.append(UInt8(ascii: ",")) }
            result.append(contentsOf: name.utf8)
            result.append(contentsOf: "=\"".utf8)
            append(value, to: &result, escapingQuotes: true)
            result.append(UInt8(ascii: "\""))
        }
        return result
    }

    /// A number as Go's ParseFloat reads it, whole ones without a fraction: they are the same label to every reader.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func append(_ text: String, to bytes: inout [UInt8], escapingQuotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where escapingQuotes: bytes.append(contentsOf: #"\""#.utf8)
            default: bytes.append(byte)
            }
        }
    }
}
