internal import Ephemeral
internal import HTTPEngine

/// Lets those pass who may see a page, and forms that were sent from one. Stands before each handler.
struct PageGate: Middleware {
    enum Visitor: String {
        case anyone
        /// What beyond that somebody may do is for the API to say.
        case signedIn = "signed in"
    }

    let visitor: Visitor

    /// No form of ours needs more.
    private static let formLimit = 64 << 10

    /// The page was not sent by a form of ours, or by one that is out of date.
    struct ForeignForm: Error {}

    func handle(
        _ request: HTTPRequest,
        _ context: WebExchange,
        next: Handler<WebExchange>
    ) async throws -> HTTPResponse {
        if request.method == .post { try await takeForm(request, context) }
        try await context.recognize(isRequired: visitor == .signedIn)
        return try await next(request, context)
    }

    /// Before the session is looked for: a form that is refused has no effect, not even on what is kept of the session.
    private func takeForm(_ request: HTTPRequest, _ context: WebExchange) async throws {
        guard context.parts.formOrigin.isOwn(request) else { throw ForeignForm() }
        guard let type = request.fields[.contentType].flatMap({ MediaType($0) }),
            type.essence == "application/x-www-form-urlencoded"
        else { throw HTTPError(.unsupportedMediaType, "the content must be a form") }
        let content = try await request.body.collect(limit: PageGate.formLimit)
        do throws(URLEncodedFormError) {
            context.visit.form = try URLEncodedForm(parsing: content)
        } catch {
            throw HTTPError(.badRequest, "the form is malformed")
        }
        // Without a cookie nobody is signed in any more, whatever the form says.
        if visitor == .signedIn, context.visit.sessionID == nil { throw SessionError.absent }
        guard context.visit.isOwnForm(ofSession: visitor == .signedIn) else { throw ForeignForm() }
    }
}

extension WebExchange {
    /// Finds out who is signed in. A page for anyone is shown without that, when the store is away.
    func recognize(isRequired: Bool) async throws {
        guard visit.session == nil else { return }
        guard let id = visit.sessionID else {
            if isRequired { throw SessionError.absent }
            return
        }
        do throws(EphemeralStoreError) {
            if let session = try await parts.sessions.find(id) { return visit.admit(session) }
        } catch {
            if isRequired { throw error }
            return
        }
        visit.forget()
        if isRequired { throw SessionError.over }
    }
}
