internal import Contract
internal import HTTPEngine
internal import Linux

/// One request to the pages: what the engine knows of it, whose it is, and the ways to answer it.
final class WebExchange: RequestContext {
    let exchange: HTTPExchange
    let parts: WebParts
    private var arrived: Visit?
    /// Whether the API has changed something for this request, or may have.
    private(set) var hasActed = false

    init(_ exchange: HTTPExchange, _ parts: WebParts) {
        self.exchange = exchange
        self.parts = parts
    }

    func arrive(_ visit: Visit) { arrived = visit }

    var visit: Visit {
        guard let arrived else { preconditionFailure("the first middleware lets the browser arrive") }
        return arrived
    }

    /// Who is signed in. Only behind a gate that lets nobody else pass.
    var session: Session {
        get throws(SessionError) {
            guard let session = visit.session else { throw .absent }
            return session
        }
    }

    /// The identifier in the path. One that is none names nothing.
    var identifier: Identifier {
        get throws {
            guard let id = exchange.parameters["id"].flatMap(Identifier.init) else {
                throw HTTPError(.notFound, "there is nothing at this address")
            }
            return id
        }
    }
}

// MARK: - Calling the API

extension WebExchange {
    /// In the name of whoever is signed in.
    func call<Answer>(_ call: APICall<Answer>) async throws -> Answer {
        do {
            let (answer, session) = try await parts.sessions.call(call, try session, for: visit.person)
            if call.isChange { hasActed = true }
            visit.admit(session)
            return answer
        } catch let error as APIError {
            if call.isChange, error.leavesDoubt { hasActed = true }
            throw error
        } catch SessionError.over {
            visit.forget()
            throw SessionError.over
        }
    }

    /// After a change of what the access token tells of the user. Where that fails the next call sees to it.
    func renewTokens() async {
        guard let session = visit.session else { return }
        if let renewed = try? await parts.sessions.renewal.renew(session, for: visit.person) { visit.admit(renewed) }
    }

    /// In nobody's name.
    func callAnonymously<Answer>(_ call: APICall<Answer>) async throws(APIError) -> Answer {
        try await parts.api.send(call, for: visit.person)
    }

    /// The user as the API has it now; the navigation follows.
    func me() async throws -> UserBody {
        let user = try await call(.me)
        visit.admit(await parts.sessions.note(user, try session))
        return user
    }
}

// MARK: - Answering

extension WebExchange {
    func show(_ view: some PageView, status: HTTPStatus? = nil, retryAfter: Int? = nil) throws -> HTTPResponse {
        let viewer = visit.session.map { Viewer(username: $0.record.user.username, isAdmin: $0.record.user.isAdmin) }
        let frame = PageFrame(
            viewer: viewer,
            csrfToken: visit.formToken,
            flash: visit.takeFlash(),
            requestID: exchange.requestID,
            now: parts.now(),
            offersSignUp: parts.offersSignUp
        )
        var response = try parts.pages.respond(view, in: frame, status: status)
        if let retryAfter { response.fields.append(.retryAfter, "\(retryAfter)") }
        return response
    }

    /// After a form was carried out: what follows is fetched anew, and the form is not sent again.
    func redirect(to address: String, saying message: String? = nil, as kind: Flash.Kind = .success) -> HTTPResponse {
        if let message { visit.carry(kind, message) }
        return HTTPResponse(status: .seeOther, fields: [.location: address])
    }
}
