/// The names that the data model of Prometheus allows.
package enum MetricName {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`. A colon is allowed too but meant for rules on the server, so not for us.
    package static func isValidMetric(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    /// The same, but
    ///
    /// > Label names beginning with __ (two underscores) are reserved for internal Prometheus use.
    ///
    /// and `le` and `loop` are written by the registry itself.
    package static func isValidLabel(_ name: String) -> Bool {
        isValidMetric(name) && !name.hasPrefix("__") && name != "le" && name != "loop"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
