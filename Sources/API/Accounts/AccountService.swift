internal import Contract
internal import Database
internal import Linux
internal import Passwords

/// Makes accounts, and lets their owners change them. Lives on one loop.
struct AccountService {
    enum SignUp: String, CaseIterable, Sendable {
        case open
        case invite
        case closed
    }

    struct NewAccount: Sendable {
        var username: String
        var email: String
        var password: String
        var isAdmin = false
        var isActive = true
        var isEmailVerified = false
    }

    struct ProfileChange: Equatable, Sendable {
        var username: String?
        var email: String?
    }

    let database: any Database
    let revocations: RevocationStore
    let hasher: PasswordHasher
    let statistics: StatisticsRecorder
    let rules: PasswordRules
    let signUp: SignUp
    /// How long an access token may run that was issued just now.
    let tokenLife: Duration
    let identifiers: Identifiers
    let now: @Sendable () -> WallTime

    /// Somebody makes an account for themselves.
    func signUp(_ account: NewAccount, from client: ClientDescription) async throws -> User {
        switch signUp {
        case .open: break
        case .invite: throw AccountError.signUpByInvitation
        case .closed: throw AccountError.signUpClosed
        }
        var account = account
        (account.isAdmin, account.isActive, account.isEmailVerified) = (false, true, false)
        let user = try await add(account, by: nil, from: client)
        statistics.count(.signUp, at: user.createdAt)
        return user
    }

    /// An administrator makes one for somebody.
    func create(_ account: NewAccount, by actor: Actor, from client: ClientDescription) async throws -> User {
        try await add(account, by: actor, from: client)
    }

    /// One's own; by name, for a token that is still running though its user was deleted.
    func user(_ id: UUID) async throws -> User {
        guard let user = try await UserRepository(executor: database).user(id) else { throw AccountError.noSuchUser }
        return user
    }

    func change(
        _ change: ProfileChange,
        of actor: Principal,
        from client: ClientDescription
    ) async throws -> User {
        var fields = AccountFields()
        let username = change.username.flatMap { fields.username($0, isOwnChoice: !actor.isAdmin) }
        let email = change.email.flatMap { fields.email($0) }
        try fields.check()
        return try await apply(
            UserChanges(username: username?.text, email: email?.text),
            to: actor.user,
            .userUpdated,
            by: actor.actor,
            from: client
        )
    }

    private func add(_ account: NewAccount, by actor: Actor?, from client: ClientDescription) async throws -> User {
        var fields = AccountFields()
        let username = fields.username(account.username, isOwnChoice: actor == nil)
        let email = fields.email(account.email)
        // Names that are none are not compared: they may be as long as a request, and every part of them would be looked for.
        fields.password(account.password, rules, username: username?.text ?? "", email: email?.text ?? "")
        try fields.check()
        guard let username, let email else { preconditionFailure("a field without a problem has a value") }
        let hash = try await hasher.hash(try Password(account.password))
        let time = now()
        let user = User(
            id: identifiers.next(at: time),
            username: username.text,
            email: email.text,
            isAdmin: account.isAdmin,
            isActive: account.isActive,
            isEmailVerified: account.isEmailVerified,
            createdAt: time,
            updatedAt: time,
            lastLoginAt: nil,
            validAfter: time
        )
        return try await explainingViolations(username: user.username, email: user.email) {
            try await database.transaction { executor in
                try await UserRepository(executor: executor).add(user, passwordHash: hash.text)
                try await trail(executor, client, at: time).record(
                    actor == nil ? .signUp : .userCreated,
                    by: actor == nil ? user.id : actor?.user,
                    named: actor?.name ?? user.username,
                    target: user.id,
                    targetName: user.username,
                    changes: AuditChange.between(nil, user)
                )
                return user
            }
        }
    }

    func trail(_ executor: any QueryExecutor, _ client: ClientDescription, at time: WallTime) -> AuditTrail {
        AuditTrail(executor: executor, client: client, time: time, identifiers: identifiers)
    }
}
