internal import Database
internal import Ephemeral
internal import HTTPEngine
internal import JSON
internal import Linux

/// Says what each store does, and whether the service can do its job: 503 only when it can not.
struct ReadinessHandlers {
    private enum Condition: String {
        case good = "ok"
        case degraded
        case down
    }

    private struct Finding {
        let name: String
        let condition: Condition
        let latency: Duration?
    }

    private static let patience = Duration.milliseconds(800)
    let stores: State.Stores

    func readiness(_ request: HTTPRequest, _ context: HTTPExchange) async throws -> HTTPResponse {
        let findings = [await askDatabase(), await askEphemeral()]
        // Without its fast copies the service is slower and still right; without the database it is of little use.
        let condition: Condition =
            if findings[0].condition == .down { .down } else if findings[1].condition == .down { .degraded } else {
                .good
            }
        var response = HTTPResponse(
            status: condition == .down ? .serviceUnavailable : .ok,
            fields: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .bytes(ReadinessHandlers.json(condition, findings))
        )
        if condition == .down { response.fields.append(.retryAfter, "1") }
        return response
    }

    private func askDatabase() async -> Finding {
        let latency = try? await stores.database.ping(timeout: ReadinessHandlers.patience)
        return Finding(name: "database", condition: latency == nil ? .down : .good, latency: latency)
    }

    private func askEphemeral() async -> Finding {
        let latency = try? await stores.ephemeral.ping(timeout: ReadinessHandlers.patience)
        return Finding(name: "ephemeral", condition: latency == nil ? .down : .good, latency: latency)
    }

    private static func json(_ condition: Condition, _ findings: [Finding]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.member("status", condition.rawValue)
            root.key("stores")
            root.object { stores in
                for finding in findings {
                    stores.key(finding.name)
                    stores.object { store in
                        store.member("status", finding.condition.rawValue)
                        store.key("latency_microseconds")
                        if let latency = finding.latency {
                            store.integer(Int(latency.nanoseconds / 1_000))
                        } else {
                            store.null()
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
