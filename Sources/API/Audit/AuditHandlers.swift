internal import Contract
internal import Database
internal import HTTPEngine
internal import JSON

/// What was done, for administrators.
struct AuditHandlers {
    let service: AuditService

    func list(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let query: AuditListQuery = try request.parameters().valid()
        let actor = query.actor.flatMap { UUID($0) }
        // Nobody has an identifier that is none.
        let isOfNobody = query.actor != nil && actor == nil
        let page =
            isOfNobody
            ? AuditService.Page(entries: [], total: 0)
            : try await service.page(
                AuditQuery(
                    actor: actor,
                    action: query.action,
                    since: query.since,
                    until: query.until,
                    offset: (query.page - 1) * query.pageSize,
                    limit: query.pageSize
                )
            )
        return .json(
            AuditPage(
                items: try page.entries.map { try AuditEntryBody($0) },
                page: query.page,
                pageSize: query.pageSize,
                total: page.total
            ).json
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
