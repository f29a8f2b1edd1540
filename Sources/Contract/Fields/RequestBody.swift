public import JSON

/// The content of a request: the API reads it, who calls writes it.
public protocol RequestBody: JSONWritable, Equatable, Sendable {
    static var schema: Component { get }

    /// What the documents show.
    static var example: Self { get }

    /// What a request without content stands for; nil where there must be some.
    static var absent: Self? { get }

    init(reading fields: inout RequestReader)
}

extension RequestBody {
    public static var absent: Self? { nil }

    /// Throws when the content is not one JSON object: then there is no field to blame.
    public static func read(_ content: [UInt8]) throws(JSONError) -> Received<Self> {
        if content.isEmpty, let absent { return Received(absent, FieldErrors()) }
        // No body of ours has an object in it; the numbers are far from what any of them needs.
        var fields = RequestReader(try JSONObject(parsing: content, limits: JSONLimits(depth: 8, values: 200)))
        let body = Self(reading: &fields)
        return Received(body, fields.problems)
    }
}
