public import HTTPEngine

/// What stands behind the `?` of a request: the API reads it, who calls writes it.
public protocol RequestQuery: Equatable, Sendable {
    static var parameters: [Parameter] { get }

    init(reading query: inout QueryReader)

    /// What differs from what is meant when nothing is said.
    var form: URLEncodedForm { get }
}

extension RequestQuery {
    /// Throws when it is not percent-encoded as it should be: then there is no parameter to blame.
    public static func read(_ query: Substring?) throws(URLEncodedFormError) -> Received<Self> {
        var reader = QueryReader(try URLEncodedForm(query: query, limit: 100))
        let value = Self(reading: &reader)
        return Received(value, reader.problems)
    }

    /// To be put behind a path: empty, or with its `?`.
    public var serialized: String {
        let text = form.serialized
        return text.isEmpty ? "" : "?" + text
    }
}

/// One parameter of a query, as the documents tell it.
public struct Parameter: Sendable {
    public let name: String
    let schema: Schema
    let note: String

    init(_ name: String, _ schema: Schema, _ note: String) {
        self.name = name
        self.schema = schema
        self.note = note
    }
}
