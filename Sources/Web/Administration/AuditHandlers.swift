internal import Contract
internal import HTTPEngine

/// What was done and tried.
struct AuditHandlers {
    /// However many an address asks for: no page is to be long.
    private static let pageSize = 20

    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        var (query, problems) = try AuditHandlers.read(request.query)
        query.pageSize = AuditHandlers.pageSize
        let page = try await context.call(.audit(query))
        // There are not so many pages any more, or there never were.
        if page.items.isEmpty, query.page > 1, problems.isEmpty {
            let last = page.lastPage(before: query.page)
            return context.redirect(to: AuditView.address(query) { $0.page = last })
        }
        let view = AuditView(page: page, query: query, problems: FormProblems(fields: problems))
        return try context.show(view, status: problems.isEmpty ? nil : .unprocessableContent)
    }

    /// A filter that can not be read is left out, and said to be wrong.
    private static func read(_ query: Substring?) throws -> (AuditListQuery, FieldErrors) {
        guard let form = try? URLEncodedForm(query: query, limit: 100) else {
            throw HTTPError(.badRequest, "the query is malformed")
        }
        var problems = FieldErrors()
        var rest = form.pairs.map { URLEncodedForm.Pair(name: $0.name, value: time($0)) }
        while true {
            var given = URLEncodedForm()
            for pair in rest { given.append(pair.name, pair.value) }
            do throws(InvalidFields) {
                let received = try? AuditListQuery.read(Substring(given.serialized))
                guard let received else { preconditionFailure("what was serialized can be read") }
                return (try received.valid(), problems)
            } catch {
                for entry in error.fields.entries {
                    for message in entry.messages { problems.add(entry.name, message) }
                }
                let wrong = Set(error.fields.entries.map(\.name))
                let remaining = rest.filter { !wrong.contains($0.name) }
                // Names that are cut in what is said of them are not found again.
                rest = remaining.count < rest.count ? remaining : []
            }
        }
    }

    /// Browsers write a day as `2026-01-15`: it begins at midnight in UTC.
    private static func time(_ pair: URLEncodedForm.Pair) -> String {
        guard ["since", "until"].contains(pair.name), pair.value.utf8.count == "2026-01-15".utf8.count else {
            return pair.value
        }
        return pair.value + "T00:00:00Z"
    }
}
