public import JSON

public struct HealthBody: AnswerBody {
    public init() {}

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        guard try answer.string("status") == "ok" else { throw UnexpectedAnswer("status") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("status", "ok") }
    }

    public static let example = HealthBody()

    public static let schema = Component.answer(
        "Health",
        "The process answers.",
        example: example,
        [.init("status", .one(of: ["ok"]))]
    )
}
