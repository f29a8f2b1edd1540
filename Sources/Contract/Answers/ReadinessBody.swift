public import JSON

/// Whether the service can do its job, and what each store does.
public struct ReadinessBody: AnswerBody {
    public enum Condition: String, CaseIterable, Sendable {
        case good = "ok"
        /// Slower, and still right.
        case degraded
        case down
    }

    public let condition: Condition
    /// In the order in which they are told.
    public let stores: [StoreHealth]

    public init(condition: Condition, stores: [StoreHealth]) {
        self.condition = condition
        self.stores = stores
    }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        condition = try answer.condition()
        stores = try StoreHealth.list(reading: AnswerReader(try answer.object("stores")))
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("status", condition.rawValue)
            body.key("stores")
            StoreHealth.write(stores, to: &body)
        }
    }

    public static let example = ReadinessBody(condition: .good, stores: StoreHealth.examples)

    public static let schema = Component.answer(
        "Readiness",
        "Whether the service can do its job, and what each store does.",
        example: example,
        [
            .init("status", .one(of: Condition.allCases.map(\.rawValue))),
            .init("stores", .map(of: .component(StoreHealth.schema))),
        ]
    )
}

extension AnswerReader {
    func condition() throws(UnexpectedAnswer) -> ReadinessBody.Condition {
        guard let condition = ReadinessBody.Condition(rawValue: try string("status")) else {
            throw UnexpectedAnswer("status")
        }
        return condition
    }
}
