public import JSON

/// The answer to whoever may ask: what a protected resource looks like.
public struct HelloBody: AnswerBody {
    public let username: String

    public init(username: String) { self.username = username }

    public static let message = "hello world"

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        guard try answer.string("message") == HelloBody.message else { throw UnexpectedAnswer("message") }
        username = try answer.string("username")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("message", HelloBody.message)
            body.member("username", username)
        }
    }

    public static let example = HelloBody(username: "ada")

    public static let schema = Component.answer(
        "Hello",
        "A greeting.",
        example: example,
        [.init("message", .one(of: [message])), .init("username", .text)]
    )
}
