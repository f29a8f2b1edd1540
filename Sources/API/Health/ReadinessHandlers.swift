internal import Contract
internal import Database
internal import Ephemeral
internal import HTTPEngine
internal import JSON
internal import Linux

/// Says what each store does, and whether the service can do its job: 503 only when it can not.
struct ReadinessHandlers {
    private static let patience = Duration.milliseconds(800)
    let database: any Database
    let ephemeral: any EphemeralStore

    func readiness(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let stores = await stores(naming: false)
        // Without its fast copies the service is slower and still right; without the database it is of little use.
        let condition: ReadinessBody.Condition =
            if stores[0].condition == .down { .down } else if stores[1].condition == .down { .degraded } else { .good }
        var response = HTTPResponse.json(
            ReadinessBody(condition: condition, stores: stores).json,
            status: condition == .down ? .serviceUnavailable : .ok
        )
        response.fields.append(.cacheControl, "no-store")
        if condition == .down { response.fields.append(.retryAfter, "1") }
        return response
    }

    /// The database, then what may vanish. What they are is for administrators to know.
    func stores(naming isNaming: Bool) async -> [StoreHealth] {
        let database = try? await database.ping(timeout: ReadinessHandlers.patience)
        let ephemeral = try? await ephemeral.ping(timeout: ReadinessHandlers.patience)
        return [
            StoreHealth("database", database, isNaming ? databaseProduct : nil),
            StoreHealth("ephemeral", ephemeral, isNaming ? ephemeralProduct : nil),
        ]
    }

    private var databaseProduct: String {
        switch database.dialect {
        case .postgres: "PostgreSQL"
        case .sqlite: "SQLite"
        }
    }

    private var ephemeralProduct: String { ephemeral is MemoryStore ? "Memory" : "Redis" }
}

extension StoreHealth {
    fileprivate init(_ name: String, _ latency: Duration?, _ product: String?) {
        self.init(
            name: name,
            condition: latency == nil ? .down : .good,
            latencyMicroseconds: latency.map { Int($0.nanoseconds / 1_000) },
            product: product
        )
    }
}
