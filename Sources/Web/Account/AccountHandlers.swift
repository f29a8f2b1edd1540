internal import Contract
internal import HTTPEngine

/// Somebody's own account: profile, password, and where they are signed in.
struct AccountHandlers {
    func showing(
        _ section: AccountView.Section
    ) -> Handler<WebExchange> {
        { request, context in try await show(section, context, sessionPage: AccountHandlers.page(request)) }
    }

    func changeProfile(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let form = context.visit.form
        let (username, email) = (form.typed("username"), form.typed("email"))
        do {
            _ = try await context.call(.changeProfile(ProfileChange(username: username, email: email)))
            await context.renewTokens()
            return context.redirect(to: PageAddress.account, saying: "Your profile was changed.")
        } catch {
            guard let failure = FormFailure(error) else { throw error }
            return try await show(.profile, context, after: failure, username: username, email: email)
        }
    }

    func changePassword(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let form = context.visit.form
        let change = PasswordChange(
            currentPassword: form.typed("current_password"),
            newPassword: form.typed("new_password")
        )
        do {
            try await context.call(.changePassword(change))
            let message = "Your password was changed. Everywhere else you have been signed out."
            return context.redirect(to: PageAddress.account, saying: message)
        } catch {
            guard let failure = FormFailure(error) else { throw error }
            return try await show(.password, context, after: failure)
        }
    }

    func endSession(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        do {
            try await context.call(.endSession(try context.identifier))
        } catch APIError.refused(let refusal) where refusal.status == .notFound {
            return context.redirect(to: PageAddress.sessions, saying: "That session has ended already.", as: .notice)
        }
        return context.redirect(to: PageAddress.sessions, saying: "You have been signed out there.")
    }

    func confirmEndAll(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        // Asks the API, as every page does: whoever has been signed out learns it here.
        _ = try await context.me()
        return try context.show(ConfirmView(action: .signOutEverywhere))
    }

    func endAll(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        try await context.call(.logoutAll)
        try? await context.parts.sessions.store.remove(try context.session.id)
        context.visit.forget()
        return context.redirect(to: PageAddress.signIn, saying: "You have signed out everywhere.")
    }

    /// Of the list of sessions. What is no number is the first page.
    private static func page(_ request: HTTPRequest) -> Int {
        let form = request.query.flatMap { try? URLEncodedForm(query: $0) }
        return form?["page"].flatMap { Int($0) } ?? 1
    }

    private func show(
        _ section: AccountView.Section,
        _ context: WebExchange,
        sessionPage: Int = 1,
        after failure: FormFailure? = nil,
        username: String? = nil,
        email: String? = nil
    ) async throws -> HTTPResponse {
        let view = AccountView(
            section: section,
            user: try await user(context, after: failure),
            sessions: failure?.isPassing == true ? nil : try await context.sessionsIfKnown(),
            sessionPage: sessionPage,
            username: username,
            email: email,
            problems: failure?.problems ?? .none
        )
        return try context.show(view, status: failure?.status, retryAfter: failure?.retryAfter)
    }

    /// What was typed must not be lost: when the API can not be asked, the account is shown as it was known last.
    private func user(_ context: WebExchange, after failure: FormFailure?) async throws -> UserBody {
        guard let failure else { return try await context.me() }
        if !failure.isPassing, let user = try? await context.me() { return user }
        return try context.session.record.user
    }
}

extension WebExchange {
    /// Where somebody is signed in; nil when that can not be told now. A page is more than that list.
    func sessionsIfKnown() async throws -> [SessionBody]? {
        do {
            return try await call(.sessions).items
        } catch is APIError {
            return nil
        }
    }
}
