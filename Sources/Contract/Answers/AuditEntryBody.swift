public import JSON
public import Linux

/// Something that was done or tried.
public struct AuditEntryBody: AnswerBody {
    /// Who did it, or whom it was done to. The name stays when the account is gone; a name that nobody has comes without
    /// an identifier.
    public struct Party: Equatable, Sendable {
        public let id: String?
        public let name: String

        public init(id: String?, name: String) {
            self.id = id
            self.name = name
        }
    }

    public let id: String
    public let at: WallTime
    public let actor: Party
    /// Such as `login` or `user.update`.
    public let action: String
    public let isSuccess: Bool
    public let target: Party
    /// What changed, without secrets.
    public let before: JSONObject?
    public let after: JSONObject?
    public let address: String
    public let requestID: String

    public init(
        id: String,
        at: WallTime,
        actor: Party,
        action: String,
        isSuccess: Bool,
        target: Party,
        before: JSONObject?,
        after: JSONObject?,
        address: String,
        requestID: String
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.isSuccess = isSuccess
        self.target = target
        self.before = before
        self.after = after
        self.address = address
        self.requestID = requestID
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        id = try answer.string("id")
        at = try answer.time("at")
        actor = Party(
            id: try answer.ifPresent("actor_id", answer.string),
            name: try answer.string("actor_name")
        )
        action = try answer.string("action")
        isSuccess = try answer.boolean("is_success")
        target = Party(
            id: try answer.ifPresent("target_id", answer.string),
            name: try answer.string("target_name")
        )
        before = try answer.ifPresent("before", answer.object)
        after = try answer.ifPresent("after", answer.object)
        address = try answer.string("address")
        requestID = try answer.string("request_id")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("id", id)
            body.member("at", at.rfc3339)
            body.member("actor_id", actor.id)
            body.member("actor_name", actor.name)
            body.member("action", action)
            body.member("is_success", isSuccess)
            body.member("target_id", target.id)
            body.member("target_name", target.name)
            body.member("before", before)
            body.member("after", after)
            body.member("address", address)
            body.member("request_id", requestID)
        }
    }

    public static let example = AuditEntryBody(
        id: Examples.entryID,
        at: Examples.time,
        actor: Party(id: Examples.userID, name: "ada"),
        action: "login",
        isSuccess: true,
        target: Party(id: Examples.userID, name: "ada"),
        before: nil,
        after: nil,
        address: "192.0.2.7",
        requestID: Examples.requestID
    )

    public static let schema = Component.answer(
        "AuditEntry",
        "Something that was done or tried.",
        example: example,
        [
            .init("id", .identifier),
            .init("at", .time),
            .init("actor_id", Schema.identifier.orNull),
            .init("actor_name", .text),
            .init("action", .text, "Such as login or user.update."),
            .init("is_success", .boolean),
            .init("target_id", Schema.identifier.orNull),
            .init("target_name", .text),
            .init("before", Schema.anyObject.orNull, "What changed, without secrets."),
            .init("after", Schema.anyObject.orNull),
            .init("address", .text),
            .init("request_id", .text),
        ]
    )
}
