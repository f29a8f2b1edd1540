internal import Contract
internal import Database
internal import HTTPEngine
internal import JSON

/// What was done, for administrators.
struct AuditHandlers {
    let database: any Database

    /// At most this many are counted: nobody turns more pages.
    private static let countLimit = 10_000

    func list(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let query: AuditListQuery = try request.parameters().valid()
        let page: AuditPage
        if let actor = query.actor, UUID(actor) == nil {
            // Nobody has such an identifier.
            page = AuditPage(items: [], page: query.page, pageSize: query.pageSize, total: 0)
        } else {
            page = try await self.page(query)
        }
        return .json(page.json)
    }

    private func page(_ query: AuditListQuery) async throws -> AuditPage {
        let repository = AuditRepository(executor: database)
        let wanted = AuditQuery(
            actor: query.actor.flatMap { UUID($0) },
            action: query.action,
            since: query.since,
            until: query.until,
            offset: (query.page - 1) * query.pageSize,
            limit: query.pageSize
        )
        let entries = try await repository.page(wanted)
        let total = try await repository.count(wanted, upTo: AuditHandlers.countLimit)
        return AuditPage(
            items: try entries.map { try AuditEntryBody($0) },
            page: query.page,
            pageSize: query.pageSize,
            total: total
        )
    }
}

extension AuditEntryBody {
    init(_ entry: AuditEntry) throws {
        func object(_ text: String?) throws -> JSONObject? { try text.map { try JSONObject(parsing: Array($0.utf8)) } }
        self.init(
            id: entry.id.description,
            at: entry.at,
            actor: Party(id: entry.actor?.description, name: entry.actorName),
            action: entry.action,
            isSuccess: entry.isSuccess,
            target: Party(id: entry.target?.description, name: entry.targetName),
            before: try object(entry.before),
            after: try object(entry.after),
            address: entry.address,
            requestID: entry.requestID
        )
    }
}
