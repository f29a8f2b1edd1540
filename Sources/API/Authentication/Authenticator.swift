internal import HTTPEngine
internal import Linux

/// Finds out who makes a request, by its access token. Lives on one loop.
struct Authenticator {
    let tokens: AccessTokens
    let revocations: RevocationStore
    let limits: RequestLimits
    let now: @Sendable () -> WallTime

    /// Why a token is none that counts.
    enum Refusal: Error, Equatable {
        case missing
        case expired
        case invalid
    }

    /// Whoever the token stands for, unless it was revoked. The revocation is looked up each time, in one round trip with
    /// the count of the user's requests.
    func authenticate(
        _ request: HTTPRequest,
        _ context: APIExchange,
        isCounted: Bool = true
    ) async throws -> Principal {
        guard let text = request.bearerToken else { throw Refusal.missing }
        let token = try await verify(text)
        guard isCounted else {
            if try await revocations.isRevoked(token.identity) { throw Refusal.invalid }
            return Principal(token)
        }
        do {
            context.limitReport = try await limits.check(.user(token.identity.user)) {
                if try await revocations.isRevoked(token.identity) { throw Refusal.invalid }
            }.report
        } catch let error as RateLimitExceeded {
            // Counted against the user: nobody counts it against the address as well.
            context.limitReport = error.report
            throw error
        }
        return Principal(token)
    }

    private func verify(_ text: String) async throws -> AccessToken {
        do throws(AccessTokenError) {
            return try await tokens.verify(text, at: now())
        } catch {
            switch error {
            case .expired: throw Refusal.expired
            case .invalid: throw Refusal.invalid
            case .unavailable: throw error
            }
        }
    }
}

extension Principal {
    init(_ token: AccessToken) {
        self.init(
            user: token.identity.user,
            session: token.identity.session,
            username: token.username,
            email: token.email,
            isAdmin: token.isAdmin
        )
    }
}
