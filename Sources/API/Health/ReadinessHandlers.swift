internal import Contract
internal import Database
internal import Ephemeral
internal import HTTPEngine
internal import JSON
internal import Linux

/// Says what each store does, and whether the service can do its job: 503 only when it can not.
struct ReadinessHandlers {
    private static let patience = Duration.milliseconds(500)
    let database: any Database
    let watch: (any Database)?
    let ephemeral: any EphemeralStore
    let revocations: RevocationStore

    init(_ stores: State.Stores) {
        (database, watch) = (stores.database, stores.watch)
        (ephemeral, revocations) = (stores.ephemeral, stores.revocations)
    }

    func readiness(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let stores = await stores(naming: false)
        // Without its fast copies the service is slower and still right; without the database it is of little use.
        let condition: ReadinessBody.Condition =
            if stores[0].condition == .down {
                .down
            } else if stores.allSatisfy({ $0.condition == .good }) {
                .good
            } else {
                .degraded
            }
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
        [
            await databaseHealth(isNaming ? databaseProduct : nil),
            await ephemeralHealth(isNaming ? ephemeralProduct : nil),
        ]
    }

    private var databaseProduct: String {
        switch database.dialect {
        case .postgres: "PostgreSQL"
        case .sqlite: "SQLite"
        }
    }

    private var ephemeralProduct: String { ephemeral is MemoryStore ? "Memory" : "Redis" }

    /// One that others keep busy is not down: who waits a little is served.
    private func databaseHealth(_ product: String?) async -> StoreHealth {
        do throws(DatabaseError) {
            let latency = try await database.ping(timeout: ReadinessHandlers.patience)
            return StoreHealth("database", revocations.isDatabaseAway ? .degraded : .good, latency, product)
        } catch {
            if let watch {
                let latency = try? await watch.ping(timeout: ReadinessHandlers.patience)
                return StoreHealth("database", latency == nil ? .down : .degraded, latency, product)
            }
            let isBusy = error.code == .timeout || error.code == .poolExhausted
            return StoreHealth("database", isBusy ? .degraded : .down, nil, product)
        }
    }

    /// One whose copy of the revocations is not whole, or not compared with the database lately, makes requests slower.
    private func ephemeralHealth(_ product: String?) async -> StoreHealth {
        guard let latency = try? await ephemeral.ping(timeout: ReadinessHandlers.patience) else {
            return StoreHealth("ephemeral", .down, nil, product)
        }
        return StoreHealth("ephemeral", await revocations.isCopyBelieved ? .good : .degraded, latency, product)
    }
}

extension StoreHealth {
    fileprivate init(_ name: String, _ condition: ReadinessBody.Condition, _ latency: Duration?, _ product: String?) {
        self.init(
            name: name,
            condition: condition,
            latencyMicroseconds: latency.map { Int($0.nanoseconds / 1_000) },
            product: product
        )
    }
}
