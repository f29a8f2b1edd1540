internal import Contract
internal import HTTPEngine

/// The figures, and what was done last.
struct OverviewHandlers {
    private static let entryCount = 10

    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        var latest = AuditListQuery()
        latest.pageSize = OverviewHandlers.entryCount
        let statistics = try await context.call(.statistics)
        let entries = try await context.call(.audit(latest)).items
        return try context.show(OverviewView(statistics: statistics, entries: entries))
    }
}
