internal import Contract
internal import Database
internal import Linux
internal import Operations
internal import Passwords
internal import Text

/// Lets people in, keeps them in, and puts them out. Lives on one loop.
struct AuthenticationService {
    let database: any Database
    let revocations: RevocationStore
    let hasher: PasswordHasher
    let tokens: TokenParts
    let guardian: LoginGuard
    let statistics: StatisticsRecorder
    let identifiers: Identifiers
    let logger: Logger
    let now: @Sendable () -> WallTime

    var settings: TokenSettings { tokens.settings }

    func trail(_ executor: any QueryExecutor, _ client: ClientDescription, at time: WallTime) -> AuditTrail {
        AuditTrail(executor: executor, client: client, time: time, identifiers: identifiers)
    }

    func ending(_ executor: any QueryExecutor, at time: WallTime) -> SessionEnding {
        SessionEnding(executor: executor, time: time, tokenLife: settings.accessLifetime)
    }
}

// MARK: - Signing in

extension AuthenticationService {
    /// Unknown names and wrong passwords cost the same and answer alike.
    func login(_ name: LoginName, _ typed: String, from client: ClientDescription) async throws -> SignedIn {
        try tokens.access.checkKeys()
        let credentials = try await credentials(of: name)
        let account = credentials.map { LoginAccount.user($0.user.id) } ?? .unknown(name.text.lowercased())
        let reservation = try await reserve(account, client) {
            try await record(.loginRefused, name, credentials?.user, client)
        }
        let verification: PasswordVerification
        do {
            verification = try await verify(typed, credentials)
        } catch {
            await guardian.withdrawn(reservation)
            throw error
        }
        guard case .matches(let needsUpgrade) = verification, let credentials else {
            await guardian.failed(reservation)
            try await noteFailure(name, credentials?.user, client)
            throw AuthenticationError.wrongCredentials
        }
        let device = await guardian.succeeded(reservation)
        guard credentials.user.isActive else {
            try await noteFailure(name, credentials.user, client)
            throw AuthenticationError.inactive
        }
        let signedIn: SignedIn
        do {
            signedIn = try await open(credentials, device: device, from: client)
        } catch let error as AuthenticationError {
            // Outside of the transaction, which was taken back.
            try await noteFailure(name, credentials.user, client)
            throw error
        }
        if needsUpgrade { await upgrade(credentials, typed) }
        return signedIn
    }

    /// A try at a password, which counts until it has turned out well.
    ///
    /// - Parameter note: writes down that somebody is refused: the first one of each wait.
    func reserve(
        _ account: LoginAccount,
        _ client: ClientDescription,
        note: () async throws -> Void
    ) async throws -> LoginReservation {
        switch await guardian.mayTry(account, from: client.address, device: client.device) {
        case .yes(let reservation): return reservation
        case .wait(let duration, let isNews):
            if isNews { try await note() }
            throw AuthenticationError.tooManyAttempts(retryAfter: duration)
        }
    }

    private func credentials(of name: LoginName) async throws(DatabaseError) -> Credentials? {
        let users = UserRepository(executor: database)
        return name.isEmail
            ? try await users.credentials(email: name.text) : try await users.credentials(username: name.text)
    }

    /// A password that nobody can have is checked against nothing, for as long as any other.
    private func verify(_ typed: String, _ credentials: Credentials?) async throws(PasswordError)
        -> PasswordVerification
    {
        let stored = credentials.flatMap { try? PasswordHash($0.passwordHash) }
        guard let password = try? Password(typed) else {
            _ = try await hasher.verify(try Password("nothing"), against: nil)
            return .doesNotMatch
        }
        return try await hasher.verify(password, against: stored)
    }

    /// Whether it is somebody's present password.
    func matches(_ typed: String, _ credentials: Credentials) async throws(PasswordError) -> Bool {
        if case .matches = try await verify(typed, credentials) { true } else { false }
    }

    /// As far as that can be done: whoever has signed in is not told otherwise, and there is always a next time.
    private func upgrade(_ credentials: Credentials, _ typed: String) async {
        do {
            let better = try await hasher.hash(try Password(typed))
            try await UserRepository(executor: database).upgradeHash(
                credentials.user.id,
                from: credentials.passwordHash,
                to: better.text
            )
        } catch {
            logger.warning("the hash of a password could not be upgraded", ["error": .error(error)])
        }
    }

    private func noteFailure(_ name: LoginName, _ user: User?, _ client: ClientDescription) async throws(DatabaseError)
    {
        statistics.count(.failedLogin, at: now())
        try await record(.loginFailed, name, user, client)
    }

    /// Writes down that somebody was not let in.
    private func record(
        _ action: AuditAction,
        _ name: LoginName,
        _ user: User?,
        _ client: ClientDescription
    ) async throws(DatabaseError) {
        try await trail(database, client, at: now()).record(
            action,
            by: user?.id,
            named: user?.username ?? name.text.prefix(scalars: EmailAddress.longest),
            isSuccess: false
        )
    }

    /// Makes a session for somebody whose password was right.
    private func open(_ checked: Credentials, device: String, from client: ClientDescription) async throws -> SignedIn {
        let time = now()
        let session = Session(
            id: identifiers.next(at: time),
            user: checked.user.id,
            counter: 0,
            createdAt: time,
            lastUsedAt: time,
            expiresAt: time + settings.refreshLifetime,
            revokedAt: nil,
            address: client.addressText,
            userAgent: client.userAgent
        )
        let (user, evicted) = try await database.transaction { executor -> (User, [Revocation]) in
            let users = UserRepository(executor: executor)
            guard let user = try await users.admit(checked.user.id, passwordHash: checked.passwordHash, at: time) else {
                throw AuthenticationError.wrongCredentials
            }
            let evicted = try await makeRoom(for: user, executor, client, at: time)
            try await SessionRepository(executor: executor).add(session)
            try await trail(executor, client, at: time).record(.login, by: user.id, named: user.username)
            return (user, evicted)
        }
        try await revocations.spread(evicted)
        statistics.count(.login, at: time)
        return try issue(for: user, session, at: time, device: device)
    }

    /// `time` was asked for before the user was read.
    func issue(for user: User, _ session: Session, at time: WallTime, device: String? = nil) throws -> SignedIn {
        let token = try tokens.access.issue(
            for: user,
            session: session.id,
            endingAt: session.expiresAt,
            at: time,
            identifiers: identifiers
        )
        return SignedIn(
            accessToken: token.text,
            refreshToken: tokens.refresh.text(for: RefreshToken(session: session.id, counter: session.counter)),
            expiresIn: token.expiresIn,
            deviceToken: device,
            user: user
        )
    }

    private func makeRoom(
        for user: User,
        _ executor: any QueryExecutor,
        _ client: ClientDescription,
        at time: WallTime
    ) async throws -> [Revocation] {
        let limit = settings.sessionLimit
        if limit == 0 { return [] }
        let live = try await SessionRepository(executor: executor).live(of: user.id, at: time, limit: limit + 100)
        guard live.count >= limit else { return [] }
        guard settings.sessionLimitPolicy == .oldest else { throw AuthenticationError.sessionLimitReached }
        var revocations: [Revocation] = []
        // The newest come first.
        for session in live.dropFirst(limit - 1) {
            guard let (_, made) = try await ending(executor, at: time).end(session.id, of: user.id, reason: "limit")
            else { continue }
            revocations += made
            try await trail(executor, client, at: time).record(
                .sessionEvicted,
                by: user.id,
                named: user.username,
                target: session.id
            )
        }
        return revocations
    }
}
