internal import JSON

/// What one store of the service does.
public struct StoreHealth: Equatable, Sendable {
    public let name: String
    public let condition: ReadinessBody.Condition
    /// How long it took to answer; nil when it did not.
    public let latencyMicroseconds: Int?
    /// What it is, such as PostgreSQL. Told to administrators only.
    public let product: String?

    public init(
        name: String,
        condition: ReadinessBody.Condition,
        latencyMicroseconds: Int?,
        product: String? = nil
    ) {
        self.name = name
        self.condition = condition
        self.latencyMicroseconds = latencyMicroseconds
        self.product = product
    }

    static let examples = [
        StoreHealth(name: "database", condition: .good, latencyMicroseconds: 184),
        StoreHealth(name: "ephemeral", condition: .good, latencyMicroseconds: 62),
    ]

    /// As administrators are told.
    static let namedExamples = [
        StoreHealth(name: "database", condition: .good, latencyMicroseconds: 184, product: "PostgreSQL"),
        StoreHealth(name: "ephemeral", condition: .good, latencyMicroseconds: 62, product: "Redis"),
    ]

    static let schema = Component.answer(
        "StoreHealth",
        "What one store of the service does.",
        example: JSONFragment { examples[0].write(to: &$0) },
        [
            .init("status", .one(of: ReadinessBody.Condition.allCases.map(\.rawValue))),
            .init("latency_microseconds", Schema.count.orNull),
            .optional("product", .text, "What it is, such as PostgreSQL: for administrators."),
        ]
    )

    /// Several, as an object with their names.
    static func write(_ stores: [StoreHealth], to writer: inout JSONWriter) {
        writer.object { body in
            for store in stores {
                body.key(store.name)
                store.write(to: &body)
            }
        }
    }

    static func list(reading answer: AnswerReader) throws(UnexpectedAnswer) -> [StoreHealth] {
        try answer.names.map { (name) throws(UnexpectedAnswer) in
            let store = AnswerReader(try answer.object(name))
            return StoreHealth(
                name: name,
                condition: try store.condition(),
                latencyMicroseconds: try store.ifPresent("latency_microseconds", store.integer),
                product: try store.ifPresent("product", store.string)
            )
        }
    }

    private func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("status", condition.rawValue)
            body.member("latency_microseconds", latencyMicroseconds)
            body.member("product", ifPresent: product)
        }
    }
}
