internal import HTTPEngine
internal import Linux

/// Reads the parameters of a query by their names, and keeps what is wrong with each. An empty value counts as none:
/// that is what forms send for a field that was left empty.
public struct QueryReader {
    private let form: URLEncodedForm
    private var asked: Set<String> = []
    private var own = FieldErrors()

    init(_ form: URLEncodedForm) { self.form = form }

    mutating func text(_ name: String, upTo length: Int = 256) -> String? {
        read(name, "This parameter has at most \(length) characters.") { $0.unicodeScalars.count <= length ? $0 : nil }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        read(name, "This parameter must be a whole number from \(range.lowerBound) to \(range.upperBound).") { text in
            // Int takes a plus sign, too.
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else { return nil }
            return range.contains(value) ? value : nil
        }
    }

    mutating func boolean(_ name: String) -> Bool? {
        read(name, "This parameter must be true or false.") { ["true": true, "false": false][$0] }
    }

    mutating func time(_ name: String) -> WallTime? {
        read(name, "This parameter must be a time such as 2026-01-15T10:30:00Z.") { WallTime(rfc3339: $0) }
    }

    mutating func one<Value: RawRepresentable<String> & CaseIterable>(_ name: String) -> Value? {
        let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return read(name, "This parameter must be one of \(all).") { Value(rawValue: $0) }
    }

    private mutating func read<Value>(_ name: String, _ problem: String, _ parse: (String) -> Value?) -> Value? {
        asked.insert(name)
        let values = form.values(name)
        if values.count > 1 { own.add(name, "This parameter is given more than once.") }
        guard values.count == 1, let text = values.first, !text.isEmpty else { return nil }
        guard let value = parse(text) else {
            own.add(name, problem)
            return nil
        }
        return value
    }
}

extension QueryReader {
    /// Everything found wrong. A parameter that nobody asked for is wrong too: a filter with a slip in its name would
    /// show more than was meant.
    var problems: FieldErrors {
        var all = own
        var seen = asked
        for pair in form.pairs where seen.insert(pair.name).inserted {
            all.addUnknown(pair.name)
            if seen.count - asked.count == RequestReader.unknownLimit { break }
        }
        return all
    }
}
