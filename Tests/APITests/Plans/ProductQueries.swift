import Database
import Linux
import Tokens

@testable import API

/// Everything the product asks its database, as the product asks it.
enum ProductQueries {
    struct Query: Sendable {
        let name: String
        /// The index that it goes along from one end until its page is full: the only walk it may make.
        var along: String?
        let run: @Sendable (any QueryExecutor, Population) async throws -> Void
    }

    /// Finds by the database's own means.
    static func all(_ search: any UserSearch) -> [Query] {
        users() + lists(search) + sessions() + revocations() + audit() + statistics() + signingKeys()
    }

    private static func users() -> [Query] {
        [
            Query(name: "user by id") { _ = try await UserRepository(executor: $0).user($1.user) },
            Query(name: "credentials by id") { _ = try await UserRepository(executor: $0).credentials($1.user) },
            Query(name: "credentials by username") {
                _ = try await UserRepository(executor: $0).credentials(username: $1.username)
            },
            Query(name: "credentials by e-mail") {
                _ = try await UserRepository(executor: $0).credentials(email: $1.email)
            },
            Query(name: "sign up") { executor, population in
                let user = User(
                    id: UUID(high: 0x0190_0000_0000_7000, low: 0x9000_0000_0000_0000),
                    username: "Someone",
                    email: "Someone@example.com",
                    isAdmin: false,
                    isActive: true,
                    isEmailVerified: false,
                    createdAt: population.now,
                    updatedAt: population.now,
                    lastLoginAt: nil,
                    validAfter: population.now
                )
                try await UserRepository(executor: executor).add(user, passwordHash: "hash")
            },
            Query(name: "change a user") { executor, population in
                let changes = UserChanges(
                    username: "Another",
                    isAdmin: true,
                    isActive: false,
                    validAfter: population.now
                )
                _ = try await UserRepository(executor: executor).change(population.user, changes, at: population.now)
            },
            Query(name: "is there an administrator", along: "users_administrators") { executor, _ in
                _ = try await UserRepository(executor: executor).hasAdministrator()
            },
            Query(name: "note a login") {
                _ = try await UserRepository(executor: $0).admit($1.user, passwordHash: "hash", at: $1.now)
            },
            Query(name: "replace a password") {
                _ = try await UserRepository(executor: $0).replaceHash($1.user, "hash", with: "another", at: $1.now)
            },
            Query(name: "upgrade a hash") {
                try await UserRepository(executor: $0).upgradeHash($1.user, from: "hash", to: "better")
            },
            Query(name: "delete a user softly") {
                _ = try await UserRepository(executor: $0).deleteSoftly($1.user, at: $1.now)
            },
            Query(name: "delete a user") { _ = try await UserRepository(executor: $0).delete($1.user) },
            Query(name: "count users") { executor, _ in _ = try await UserRepository(executor: executor).counts() },
        ]
    }

    private static func lists(_ search: any UserSearch) -> [Query] {
        var queries: [(String, UserQuery)] = []
        for sorting in UserQuery.Sorting.allCases {
            for isDescending in [false, true] {
                let name = "users by \(sorting.rawValue)\(isDescending ? ", last first" : "")"
                queries.append((name, UserQuery(sorting: sorting, isDescending: isDescending)))
            }
        }
        queries += [
            ("users, tenth page", UserQuery(offset: 180)),
            ("users, page far behind", UserQuery(offset: 1_020)),
            ("active users", UserQuery(isActive: true)),
            ("inactive users", UserQuery(isActive: false)),
            ("administrators", UserQuery(isAdmin: true)),
            ("inactive administrators by name", UserQuery(sorting: .username, isActive: false, isAdmin: true)),
            ("search for one", UserQuery(search: "person-000777@")),
            ("search for none", UserQuery(search: "nobody at all")),
            ("search for none, of what all have", UserQuery(search: "exaple.com")),
            ("search for all", UserQuery(search: "example.com")),
            ("search for two letters", UserQuery(search: "pe")),
            ("search for two rare letters", UserQuery(search: "zz")),
            ("search among administrators", UserQuery(search: "person", isAdmin: true)),
        ]
        var found = queries.map { name, query in
            Query(name: name, along: index(of: query)) { executor, _ in
                _ = try await UserRepository(executor: executor).page(query, search: search)
            }
        }
        for (name, query) in queries where query.search != nil {
            found.append(
                Query(name: "count of " + name, along: index(of: query)) { executor, _ in
                    _ = try await UserRepository(executor: executor).count(query, search: search, upTo: 1_000)
                }
            )
        }
        return found
    }

    /// What is rare has an index of its own; a search finds by another.
    private static func index(of query: UserQuery) -> String? {
        if query.isAdmin == true { return "users_administrators" }
        if query.isActive == false { return "users_inactive" }
        return query.search == nil ? "users_by_\(query.sorting.rawValue)" : nil
    }

    private static func sessions() -> [Query] {
        [
            Query(name: "sign in") { executor, population in
                let session = Session(
                    id: UUID(high: 0x0190_0000_0000_7000, low: 0x9000_0000_0000_0001),
                    user: population.user,
                    counter: 0,
                    createdAt: population.now,
                    lastUsedAt: population.now,
                    expiresAt: population.now + .seconds(60),
                    revokedAt: nil,
                    address: "192.0.2.1",
                    userAgent: "curl"
                )
                try await SessionRepository(executor: executor).add(session)
            },
            Query(name: "session by id") { _ = try await SessionRepository(executor: $0).session($1.session) },
            Query(name: "refresh") {
                _ = try await SessionRepository(executor: $0).advance(
                    $1.session,
                    from: 0,
                    at: $1.now,
                    expiresAt: $1.now + .seconds(3_600)
                )
            },
            Query(name: "sessions of a user") {
                _ = try await SessionRepository(executor: $0).live(of: $1.user, at: $1.now, limit: 100)
            },
            Query(name: "log out") {
                _ = try await SessionRepository(executor: $0).revoke(
                    $1.session,
                    of: $1.user,
                    reason: "logout",
                    at: $1.now
                )
            },
            Query(name: "log out everywhere") {
                _ = try await SessionRepository(executor: $0).revokeAll(
                    of: $1.user,
                    except: $1.session,
                    reason: "logout-all",
                    at: $1.now
                )
            },
            Query(name: "count live sessions") {
                _ = try await SessionRepository(executor: $0).countLive(at: $1.now)
            },
            Query(name: "remove expired sessions") {
                _ = try await SessionRepository(executor: $0).removeExpired(before: $1.start, limit: 100)
            },
        ]
    }

    private static func revocations() -> [Query] {
        [
            Query(name: "is a token revoked") { executor, population in
                let token = TokenIdentity(session: population.session, user: population.user, issuedAt: population.now)
                _ = try await RevocationRepository(executor: executor).isRevoked(token)
            },
            Query(name: "revoke") { executor, population in
                let revocation = Revocation(
                    subject: .session(population.session),
                    validAfter: population.now,
                    expiresAt: population.now + .seconds(900)
                )
                try await RevocationRepository(executor: executor).add([revocation])
            },
            Query(name: "revocation of a session") {
                _ = try await RevocationRepository(executor: $0).live(ofSession: $1.session, at: $1.now)
            },
            Query(name: "revocations of a user") {
                _ = try await RevocationRepository(executor: $0).live(ofUser: $1.user, at: $1.now)
            },
            Query(name: "a page of revocations") { executor, population in
                _ = try await RevocationRepository(executor: executor).live(
                    at: population.now,
                    after: .session(population.session),
                    limit: 500
                )
            },
            Query(name: "revocations of late") {
                _ = try await RevocationRepository(executor: $0).made(since: $1.start, limit: 500)
            },
            Query(name: "remove expired revocations") {
                _ = try await RevocationRepository(executor: $0).removeExpired(before: $1.start, limit: 100)
            },
        ]
    }

    private static func audit() -> [Query] {
        func page(
            _ name: String,
            along index: String? = nil,
            _ query: @escaping @Sendable (Population) -> AuditQuery
        ) -> [Query] {
            [
                Query(name: name, along: index) { _ = try await AuditRepository(executor: $0).page(query($1)) },
                Query(name: "last page of " + name, along: index) { executor, population in
                    var query = query(population)
                    query.offset = 9_950
                    _ = try await AuditRepository(executor: executor).page(query)
                },
                Query(name: "count of " + name, along: index) {
                    _ = try await AuditRepository(executor: $0).count(query($1), upTo: 10_000)
                },
            ]
        }
        let add = Query(name: "add to the audit") { executor, population in
            let entry = AuditEntry(
                id: UUID(high: 0x0190_0000_0000_7000, low: 0x9000_0000_0000_0002),
                at: population.now,
                actor: population.user,
                actorName: population.username,
                action: "login",
                isSuccess: true,
                target: nil,
                targetName: "",
                before: nil,
                after: "{}",
                address: "192.0.2.1",
                requestID: "0"
            )
            try await AuditRepository(executor: executor).add(entry)
        }
        return [add] + page("audit", along: "audit_by_time") { _ in AuditQuery() }
            + page("audit of an actor") { AuditQuery(actor: $0.user) }
            + page("audit of an action") { _ in AuditQuery(action: "logout") }
            + page("audit of an actor's action") { AuditQuery(actor: $0.user, action: "login") }
            + page("audit of an hour") { AuditQuery(since: $0.start, until: $0.start + .seconds(3_600)) }
    }

    private static func statistics() -> [Query] {
        [
            Query(name: "add to a day") { executor, _ in
                try await StatisticsRepository(executor: executor).add([.init(day: 20_000, event: "login", count: 1)])
            },
            Query(name: "thirty days") { executor, _ in
                _ = try await StatisticsRepository(executor: executor).counts(since: 20_000 - 30)
            },
        ]
    }

    private static func signingKeys() -> [Query] {
        [
            Query(name: "keys of an algorithm") { executor, _ in
                _ = try await SigningKeyRepository(executor: executor).keys(for: .es256)
            },
            Query(name: "add a key") {
                let key = SigningKey(
                    id: "key",
                    algorithm: .es256,
                    state: .next,
                    publicKey: [1],
                    sealedPrivateKey: [1],
                    createdAt: $1.now
                )
                _ = try await SigningKeyRepository(executor: $0).add(key)
            },
            Query(name: "activate a key") {
                _ = try await SigningKeyRepository(executor: $0).activate("key", at: $1.now)
            },
            Query(name: "retire a key") {
                _ = try await SigningKeyRepository(executor: $0).retire("key", replacingPrivateKey: [], at: $1.now)
            },
            Query(name: "remove a key") { executor, _ in
                _ = try await SigningKeyRepository(executor: executor).remove("key", .next)
            },
            Query(name: "remove retired keys") {
                _ = try await SigningKeyRepository(executor: $0).removeRetired(before: $1.start)
            },
        ]
    }
}
