internal import Contract
internal import Ephemeral
internal import HTTPEngine
internal import Operations

/// Signing in and out.
struct SignInHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let next = SignInHandlers.next(request.query.flatMap { try? URLEncodedForm(query: $0) })
        if context.visit.session != nil { return context.redirect(to: next?.text ?? PageAddress.home) }
        return try context.show(SignInView(next: next?.text))
    }

    func signIn(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let form = context.visit.form
        let name = SignInHandlers.names.compactMap { form[$0] }.first ?? ""
        let next = SignInHandlers.next(form)
        let isKept = form.isTicked("remember")
        do {
            let password = form.typed("password")
            if let failure = SignInHandlers.missing(name, password) { throw failure }
            let answer = try await context.callAnonymously(.login(LoginRequest(identifier: name, password: password)))
            try await begin(answer, isKept: isKept, context)
            return context.redirect(to: next?.text ?? PageAddress.home)
        } catch {
            guard let failure = SignInHandlers.failure(error) else { throw error }
            let view = SignInView(username: name, remembers: isKept, next: next?.text, problems: failure.problems)
            return try context.show(view, after: failure)
        }
    }

    func signOut(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let failure = try await context.parts.sessions.end(try context.session, for: context.visit.person)
        context.visit.forget()
        guard let failure else { return context.redirect(to: PageAddress.signIn, saying: "You have signed out.") }
        context.exchange.logger.warning("a session was not ended at the API", ["error": .error(failure)])
        let message =
            "You have signed out of this browser. The service could not be told: the session is listed in your account "
            + "until you end it there or it expires."
        return context.redirect(to: PageAddress.signIn, saying: message, as: .notice)
    }

    /// The API takes the same three.
    private static let names = ["username", "username_or_email", "email"]

    /// Where to go afterwards, if that is on this site.
    static func next(_ form: URLEncodedForm?) -> LocalPath? { form?["next"].flatMap { LocalPath($0) } }

    private func begin(_ answer: SignInAnswer, isKept: Bool, _ context: WebExchange) async throws {
        let sessions = context.parts.sessions
        let former = context.visit.session
        do throws(EphemeralStoreError) {
            let session = try await sessions.begin(answer.tokens, isKept: isKept)
            let age = isKept ? sessions.life.longest : nil
            context.visit.begin(session, age: age, device: answer.device)
        } catch {
            // Nobody will ever use what cannot be kept.
            _ = try? await context.callAnonymously(.logout(answer.tokens.refreshToken))
            context.exchange.logger.warning("a session could not be stored", ["error": .error(error)])
            throw SessionNotKept()
        }
        // Whoever was signed in here before is not any more.
        if let former { _ = try? await sessions.end(former, for: context.visit.person) }
    }

    private struct SessionNotKept: Error {}

    private static func missing(_ name: String, _ password: String) -> FormErrors? {
        var fields = FieldErrors()
        if name.isEmpty { fields.add("username", "Enter your username or e-mail address.") }
        if password.isEmpty { fields.add("password", "Enter your password.") }
        return fields.isEmpty ? nil : FormErrors(fields: fields)
    }

    private struct FormErrors: Error { let fields: FieldErrors }

    private static func failure(_ error: any Error) -> FormFailure? {
        switch error {
        case let error as FormErrors: return FormFailure(problems: FormProblems(fields: error.fields))
        case is SessionNotKept: return FormFailure(FailureWords.notSignedIn, .serviceUnavailable, retryAfter: 5)
        case APIError.refused(let refusal):
            switch refusal.code {
            case .authenticationError: return FormFailure("The name or the password is wrong.")
            case .inactiveUser: return FormFailure("This account is not active. Ask an administrator.", .forbidden)
            case .sessionLimitExceeded:
                return FormFailure("You are signed in at too many places. Sign out at one of them first.", .conflict)
            default: return notSignedIn(error)
            }
        default: return notSignedIn(error)
        }
    }

    /// There is nothing to look after: a session that nobody was told of is of no use to anybody.
    private static func notSignedIn(_ error: any Error) -> FormFailure? {
        guard let failure = FormFailure(error), failure.status.code >= 500 else { return FormFailure(error) }
        return FormFailure(FailureWords.notSignedIn, failure.status, retryAfter: failure.retryAfter)
    }
}
