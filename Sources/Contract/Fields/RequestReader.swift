internal import JSON

/// Reads the fields of a request's body by their names. A field that can not be read becomes an entry of `problems` and
/// a stand-in, so that reading goes on and every problem is found.
public struct RequestReader {
    private var fields: JSONObjectReader
    private var own = FieldErrors()
    private var ignored: [String] = []

    init(_ object: JSONObject) { fields = JSONObjectReader(object) }

    mutating func string(_ name: String) -> String {
        fields.string(name).map { checked($0, name) } ?? ""
    }

    /// Takes a missing field and null for nil.
    mutating func optionalString(_ name: String) -> String? {
        fields.optionalString(name).map { checked($0, name) }
    }

    /// Takes a missing field for nil, and null for a mistake: nothing here can be cleared.
    mutating func changedString(_ name: String) -> String? {
        fields.changedString(name, clearable: false).applied(to: nil).map { checked($0, name) }
    }

    mutating func boolean(_ name: String) -> Bool { fields.boolean(name) ?? false }

    mutating func optionalBoolean(_ name: String) -> Bool? { fields.optionalBoolean(name) }

    mutating func changedBoolean(_ name: String) -> Bool? {
        fields.changedBoolean(name, clearable: false).applied(to: nil)
    }

    /// Lets fields be there without a look at what they say.
    mutating func ignore(_ names: [String]) { ignored += names }

    mutating func refuse(_ name: String, _ message: String) { own.add(name, message) }

    /// No text of ours holds U+0000: JSON allows it and a text column of Postgres does not.
    private mutating func checked(_ text: String, _ name: String) -> String {
        if text.utf8.contains(0) { own.add(name, "This field holds a character that is not allowed.") }
        return text
    }
}

extension RequestReader {
    /// Everything found wrong. A field that nobody asked for is wrong too: passed over, a slip in its name would look as
    /// if the request had been carried out.
    var problems: FieldErrors {
        var all = FieldErrors()
        for problem in fields.problems { all.add(problem.name, "This field \(problem.reason).") }
        for entry in own.entries {
            for message in entry.messages { all.add(entry.name, message) }
        }
        for name in fields.remainingNames.filter({ !ignored.contains($0) }).prefix(RequestReader.unknownLimit) {
            all.addUnknown(name)
        }
        return all
    }

    /// A body of nothing but slips is told about the first ones.
    static let unknownLimit = 10
}

extension FieldErrors {
    /// The name is the peer's, and goes back to nobody else. A long one is cut, by scalars: one character may be made of
    /// any number of them.
    mutating func addUnknown(_ name: String) {
        add(String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))), "This field is unknown.")
    }
}
