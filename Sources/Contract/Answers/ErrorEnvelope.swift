public import JSON

/// The one shape of every error answer: `{"error":{"code","message","details","request_id"}}`.
public struct ErrorEnvelope: AnswerBody {
    public let code: ErrorCode
    public let message: String
    /// What is wrong with which field; the details are null when that is nothing.
    public let fields: FieldErrors
    public let requestID: String

    public init(code: ErrorCode, message: String, fields: FieldErrors = FieldErrors(), requestID: String) {
        self.code = code
        self.message = message
        self.fields = fields
        self.requestID = requestID
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        let error = AnswerReader(try answer.object("error"))
        guard let code = ErrorCode(rawValue: try error.string("code")) else { throw UnexpectedAnswer("code") }
        self.code = code
        message = try error.string("message")
        requestID = try error.string("request_id")
        fields = try ErrorEnvelope.fields(try error.ifPresent("details", error.object))
    }

    private static func fields(_ details: JSONObject?) throws(UnexpectedAnswer) -> FieldErrors {
        var errors = FieldErrors()
        guard let details = details.map(AnswerReader.init) else { return errors }
        guard let fields = try details.ifPresent("fields", details.object).map(AnswerReader.init) else { return errors }
        for name in fields.names {
            for message in try fields.strings(name) { errors.add(name, message) }
        }
        return errors
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { root in
            root.key("error")
            root.object { error in
                error.member("code", code.rawValue)
                error.member("message", message)
                error.key("details")
                if fields.isEmpty {
                    error.null()
                } else {
                    error.object { $0.member("fields", fields) }
                }
                error.member("request_id", requestID)
            }
        }
    }

    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    public static let example = ErrorEnvelope(
        code: .validationError,
        message: "some fields are not valid",
        fields: InvalidFields("email", "This field is required.").fields,
        requestID: Examples.requestID
    )

    public static let schema = Component.answer(
        "ErrorEnvelope",
        "Every answer that tells of a failure.",
        example: example,
        [.init("error", .component(errorSchema))]
    )

    private static let errorSchema = Component.answer(
        "Error",
        "What went wrong.",
        example: JSONFragment { writer in
            writer.object { error in
                error.member("code", ErrorCode.notFound.rawValue)
                error.member("message", "there is nothing at this address")
                error.key("details")
                error.null()
                error.member("request_id", Examples.requestID)
            }
        },
        [
            .init("code", .one(of: ErrorCode.allCases.map(\.rawValue)), "For programs."),
            .init("message", .text, "For people."),
            .init("details", Schema.component(detailsSchema).orNull),
            .init("request_id", .text, "What the log knows the request by."),
        ]
    )

    private static let detailsSchema = Component.answer(
        "ErrorDetails",
        "What is wrong with which field.",
        example: JSONFragment { $0.object { $0.member("fields", ErrorEnvelope.example.fields) } },
        [.optional("fields", .map(of: .list(of: .text)))]
    )
}
