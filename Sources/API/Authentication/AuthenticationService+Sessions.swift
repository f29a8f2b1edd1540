internal import Contract
internal import Database
internal import Linux
internal import Passwords

// MARK: - Signing out

extension AuthenticationService {
    /// Ends one's own session; an access token of it is refused from now on, everywhere. One that has ended stays as it is.
    func logout(session: UUID, of user: UUID?, from client: ClientDescription) async throws {
        let time = now()
        let made = try await database.transaction { executor -> [Revocation] in
            let ending = ending(executor, at: time)
            guard let (ended, made) = try await ending.end(session, of: user, reason: "logout") else {
                return try await ending.known(ofSession: session)
            }
            let user = try await UserRepository(executor: executor).user(ended.user)
            try await trail(executor, client, at: time).record(
                .logout,
                by: ended.user,
                named: user?.username ?? "",
                target: ended.id
            )
            return made
        }
        try await revocations.spread(made)
    }

    /// The session a refresh token belongs to, whether or not it was exchanged since.
    func session(ofRefreshToken text: String) throws(AuthenticationError) -> UUID {
        guard let token = tokens.refresh.read(text) else { throw .invalidRefreshToken }
        return token.session
    }

    /// Ends every session of a user.
    func logoutEverywhere(_ principal: Principal, from client: ClientDescription) async throws {
        let time = now()
        let made = try await database.transaction { executor -> [Revocation] in
            let made = try await ending(executor, at: time).endAll(
                of: principal.user,
                except: nil,
                reason: "logout-all"
            )
            try await trail(executor, client, at: time).record(
                .logoutEverywhere,
                by: principal.user,
                named: principal.username
            )
            return made
        }
        try await revocations.spread(made)
    }

    /// Those of a user that are alive, the newest first.
    func sessions(of principal: Principal) async throws -> [Session] {
        try await SessionRepository(executor: database).live(of: principal.user, at: now(), limit: 1_000)
    }

    /// Ends one of one's own.
    func endSession(_ session: UUID, _ principal: Principal, from client: ClientDescription) async throws {
        let time = now()
        let made = try await database.transaction { executor -> [Revocation] in
            let ended = try await ending(executor, at: time).end(session, of: principal.user, reason: "revoked")
            guard let (_, made) = ended else { throw AuthenticationError.noSuchSession }
            try await trail(executor, client, at: time).record(
                .sessionRevoked,
                by: principal.user,
                named: principal.username,
                target: session
            )
            return made
        }
        try await revocations.spread(made)
    }
}

// MARK: - Another password

extension AuthenticationService {
    /// Sets another password for somebody who knows the present one, and ends every other session.
    func changePassword(
        from current: String,
        to new: String,
        rules: PasswordRules,
        _ principal: Principal,
        from client: ClientDescription
    ) async throws {
        guard let credentials = try await UserRepository(executor: database).credentials(principal.user) else {
            throw AuthenticationError.noSuchSession
        }
        let user = credentials.user
        let noteFailure = {
            try await trail(database, client, at: now()).record(
                .passwordChanged,
                by: user.id,
                named: user.username,
                isSuccess: false,
                target: user.id,
                targetName: user.username
            )
        }
        let reservation = try await reserve(.user(user.id), client, note: noteFailure)
        let isRight: Bool
        do {
            isRight = try await matches(current, credentials)
        } catch {
            await guardian.withdrawn(reservation)
            throw error
        }
        let problems = rules.problems(of: new, username: user.username, email: user.email)
        guard isRight else {
            await guardian.failed(reservation)
            try await noteFailure()
            throw AuthenticationError.wrongCurrentPassword(problems)
        }
        _ = await guardian.succeeded(reservation)
        guard problems.isEmpty else { throw AuthenticationError.unacceptablePassword(problems) }
        let hash = try await hasher.hash(try Password(new))
        let time = now()
        let made = try await database.transaction { executor -> [Revocation]? in
            // What was checked may have ended since: hashing takes its time, and more of it when many wait. Somebody else may
            // have set a password just because this one is known.
            let users = UserRepository(executor: executor)
            guard try await users.replaceHash(user.id, credentials.passwordHash, with: hash.text, at: time) else {
                return nil
            }
            let made = try await ending(executor, at: time).endAll(
                of: user.id,
                except: principal.session,
                reason: "password"
            )
            try await trail(executor, client, at: time).record(
                .passwordChanged,
                by: user.id,
                named: user.username,
                target: user.id,
                targetName: user.username
            )
            return made
        }
        guard let made else {
            try await noteFailure()
            throw AuthenticationError.wrongCurrentPassword([])
        }
        try await revocations.spread(made)
    }
}
