public import JSON

/// What happened on one day.
public struct StatisticsDay: AnswerBody {
    /// In UTC, such as `2026-01-15`.
    public let date: String
    public let signUps: Int
    public let signIns: Int
    public let failedSignIns: Int
    public let tokenRefreshes: Int

    public init(date: String, signUps: Int, signIns: Int, failedSignIns: Int, tokenRefreshes: Int) {
        self.date = date
        self.signUps = signUps
        self.signIns = signIns
        self.failedSignIns = failedSignIns
        self.tokenRefreshes = tokenRefreshes
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        date = try answer.string("date")
        signUps = try answer.integer("sign_ups")
        signIns = try answer.integer("sign_ins")
        failedSignIns = try answer.integer("failed_sign_ins")
        tokenRefreshes = try answer.integer("token_refreshes")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("date", date)
            body.member("sign_ups", signUps)
            body.member("sign_ins", signIns)
            body.member("failed_sign_ins", failedSignIns)
            body.member("token_refreshes", tokenRefreshes)
        }
    }

    public static let example = StatisticsDay(
        date: "2026-01-15",
        signUps: 3,
        signIns: 57,
        failedSignIns: 4,
        tokenRefreshes: 912
    )

    public static let schema = Component.answer(
        "StatisticsDay",
        "What happened on one day.",
        example: example,
        [
            .init("date", .date, "In UTC."),
            .init("sign_ups", .count),
            .init("sign_ins", .count),
            .init("failed_sign_ins", .count),
            .init("token_refreshes", .count),
        ]
    )
}
