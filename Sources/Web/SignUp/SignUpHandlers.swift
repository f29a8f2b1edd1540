internal import Contract
internal import HTTPEngine

/// Making an account of one's own.
struct SignUpHandlers {
    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        if context.visit.session != nil { return context.redirect(to: PageAddress.home) }
        guard context.parts.offersSignUp else { return try context.show(SignUpClosedView()) }
        let next = SignInHandlers.next(request.query.flatMap { try? URLEncodedForm(query: $0) })
        return try context.show(SignUpView(next: next?.text))
    }

    func signUp(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let form = context.visit.form
        let next = SignInHandlers.next(form)
        let signUp = SignUpRequest(
            username: form.typed("username"),
            email: form.typed("email"),
            password: form.typed("password")
        )
        do throws(APIError) {
            let user = try await context.callAnonymously(.signUp(signUp))
            let query: URLEncodedForm = next.map { ["next": $0.text] } ?? [:]
            let address = PageAddress.signIn + (next == nil ? "" : "?" + query.serialized)
            return context.redirect(to: address, saying: "Your account \(user.username) was made. Sign in to it now.")
        } catch {
            if case .refused(let refusal) = error, refusal.status == .forbidden {
                return try context.show(SignUpClosedView(), status: .forbidden)
            }
            guard let failure = FormFailure(error) else { throw error }
            let view = SignUpView(
                username: signUp.username,
                email: signUp.email,
                next: next?.text,
                problems: failure.problems
            )
            return try context.show(view, after: failure)
        }
    }
}
