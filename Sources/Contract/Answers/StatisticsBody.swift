public import JSON

/// The figures of the dashboard.
public struct StatisticsBody: AnswerBody {
    public struct Users: Equatable, Sendable {
        public let total: Int
        public let active: Int
        public let inactive: Int
        public let administrators: Int

        public init(total: Int, active: Int, inactive: Int, administrators: Int) {
            self.total = total
            self.active = active
            self.inactive = inactive
            self.administrators = administrators
        }
    }

    public let users: Users
    public let liveSessions: Int
    /// The last thirty, in UTC, the oldest first; today is the last.
    public let days: [StatisticsDay]
    public let stores: [StoreHealth]

    public init(users: Users, liveSessions: Int, days: [StatisticsDay], stores: [StoreHealth]) {
        self.users = users
        self.liveSessions = liveSessions
        self.days = days
        self.stores = stores
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        let users = AnswerReader(try answer.object("users"))
        self.users = Users(
            total: try users.integer("total"),
            active: try users.integer("active"),
            inactive: try users.integer("inactive"),
            administrators: try users.integer("administrators")
        )
        liveSessions = try answer.integer("live_sessions")
        days = try answer.list("days")
        stores = try StoreHealth.list(reading: AnswerReader(try answer.object("stores")))
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.key("users")
            users.write(to: &body)
            body.member("live_sessions", liveSessions)
            body.member("days", days)
            body.key("stores")
            StoreHealth.write(stores, to: &body)
        }
    }

    public static let example = StatisticsBody(
        users: .example,
        liveSessions: 61,
        days: [.example],
        stores: StoreHealth.namedExamples
    )

    public static let schema = Component.answer(
        "Statistics",
        "The figures of the dashboard.",
        example: example,
        [
            .init("users", .component(Users.schema)),
            .init("live_sessions", .count),
            .init("days", .list(of: .component(StatisticsDay.schema)), "The last thirty, in UTC, the oldest first."),
            .init("stores", .map(of: .component(StoreHealth.schema))),
        ]
    )
}

extension StatisticsBody.Users {
    static let example = StatisticsBody.Users(total: 48, active: 45, inactive: 3, administrators: 2)

    static let schema = Component.answer(
        "UserCounts",
        "How many users there are of each kind.",
        example: JSONFragment { example.write(to: &$0) },
        [
            .init("total", .count),
            .init("active", .count),
            .init("inactive", .count),
            .init("administrators", .count),
        ]
    )

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("total", total)
            body.member("active", active)
            body.member("inactive", inactive)
            body.member("administrators", administrators)
        }
    }
}
