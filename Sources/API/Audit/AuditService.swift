internal import Contract
internal import Database

/// Finds what was done. Lives on one loop.
struct AuditService {
    struct Page: Sendable {
        let entries: [AuditEntry]
        /// No more than `AuditEntryBody.countLimit`: nobody turns more pages.
        let total: Int
    }

    let database: any Database

    func page(_ query: AuditQuery) async throws(DatabaseError) -> Page {
        let repository = AuditRepository(executor: database)
        var query = query
        // Each page further on would cost more than the one before.
        query.limit = min(query.limit, AuditEntryBody.countLimit - query.offset)
        let entries = query.limit > 0 ? try await repository.page(query) : []
        return Page(entries: entries, total: try await repository.count(query, upTo: AuditEntryBody.countLimit))
    }
}
