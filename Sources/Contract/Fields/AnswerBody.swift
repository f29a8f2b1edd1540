public import JSON

/// The content of an answer: the API writes it, who called reads it.
public protocol AnswerBody: JSONWritable, Equatable, Sendable {
    static var schema: Component { get }

    /// What the documents show.
    static var example: Self { get }

    init(reading answer: AnswerReader) throws(UnexpectedAnswer)
}

extension AnswerBody {
    public init(parsing content: [UInt8]) throws(UnexpectedAnswer) {
        guard let object = try? JSONObject(parsing: content) else { throw UnexpectedAnswer(nil) }
        try self.init(reading: AnswerReader(object))
    }
}
