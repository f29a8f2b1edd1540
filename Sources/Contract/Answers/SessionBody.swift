public import JSON
public import Linux

/// Where somebody is signed in.
public struct SessionBody: AnswerBody {
    public let id: String
    /// Browser and system in words, as far as they can be told from the user agent.
    public let device: String
    public let userAgent: String
    public let address: String
    public let createdAt: WallTime
    public let lastUsedAt: WallTime
    public let expiresAt: WallTime
    /// Whether the request that asks belongs to it.
    public let isCurrent: Bool

    public init(
        id: String,
        device: String,
        userAgent: String,
        address: String,
        createdAt: WallTime,
        lastUsedAt: WallTime,
        expiresAt: WallTime,
        isCurrent: Bool
    ) {
        self.id = id
        self.device = device
        self.userAgent = userAgent
        self.address = address
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.isCurrent = isCurrent
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        id = try answer.string("id")
        device = try answer.string("device")
        userAgent = try answer.string("user_agent")
        address = try answer.string("address")
        createdAt = try answer.time("created_at")
        lastUsedAt = try answer.time("last_used_at")
        expiresAt = try answer.time("expires_at")
        isCurrent = try answer.boolean("is_current")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("id", id)
            body.member("device", device)
            body.member("user_agent", userAgent)
            body.member("address", address)
            body.member("created_at", createdAt.rfc3339)
            body.member("last_used_at", lastUsedAt.rfc3339)
            body.member("expires_at", expiresAt.rfc3339)
            body.member("is_current", isCurrent)
        }
    }

    public static let example = SessionBody(
        id: Examples.sessionID,
        device: "Firefox on Linux",
        userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        address: "192.0.2.7",
        createdAt: Examples.time,
        lastUsedAt: Examples.time,
        expiresAt: Examples.time + .seconds(2_592_000),
        isCurrent: true
    )

    public static let schema = Component.answer(
        "Session",
        "Where somebody is signed in.",
        example: example,
        [
            .init("id", .identifier),
            .init("device", .text, "Browser and system in words, as far as they can be told."),
            .init("user_agent", .text),
            .init("address", .text),
            .init("created_at", .time),
            .init("last_used_at", .time),
            .init("expires_at", .time),
            .init("is_current", .boolean, "Whether the request that asks belongs to it."),
        ]
    )
}

/// All that are alive, the newest first. They are limited in number, so there are no pages.
public struct SessionList: AnswerBody {
    public let items: [SessionBody]

    public init(items: [SessionBody]) { self.items = items }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) { items = try answer.list("items") }

    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("items", items) }
    }

    public static let example = SessionList(items: [.example])

    public static let schema = Component.answer(
        "SessionList",
        "Everywhere somebody is signed in, the newest first.",
        example: example,
        [.init("items", .list(of: .component(SessionBody.schema)))]
    )
}
