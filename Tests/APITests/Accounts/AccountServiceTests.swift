import Contract
import Database
import Linux
import Networking
import Operations
import Passwords
import TestKit
import Testing

@testable import API

@Suite struct AccountServiceTests {
    private static func error(_ body: () async throws -> Void) async -> AccountError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? AccountError
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `who signs up is a plain user, and the audit knows`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let user = try await bench.accounts().signUp(
                .init(
                    username: "Ann.Lee",
                    email: "Ann@Example.COM",
                    password: AccountBench.password,
                    isAdmin: true,
                    isActive: false
                ),
                from: AccountBench.client
            )
            #expect(user.username == "Ann.Lee" && user.email == "Ann@example.com")
            #expect(!user.isAdmin && user.isActive && !user.isEmailVerified && user.lastLoginAt == nil)
            #expect(try await bench.accounts().user(user.id) == user)
            let users = UserRepository(executor: bench.database)
            for found in [
                try await users.credentials(username: "ANN.LEE"), try await users.credentials(email: "ann@EXAMPLE.com"),
            ] {
                #expect(found?.user == user && found?.passwordHash.hasPrefix("$argon2id$") == true)
            }
            let entries = try await bench.audit()
            #expect(entries.map(\.action) == ["user.signup"] && entries[0].actor == user.id)
            #expect(entries[0].address == "192.0.2.7" && entries[0].requestID == "r1" && entries[0].before == nil)
            let after = try #require(entries[0].after)
            #expect(after.contains(#""username":"Ann.Lee""#) && !after.contains("argon2") && !after.contains("horse"))
        }
    }

    struct Refusal: Sendable {
        let username: String
        let email: String
        var password = AccountBench.password
        let fields: [String]
    }

    static let refusals = [
        Refusal(username: "", email: "", password: "", fields: ["email", "password", "username"]),
        Refusal(username: "a", email: "nobody", password: "short", fields: ["email", "password", "username"]),
        Refusal(username: "admin", email: "a@example.com", fields: ["username"]),
        Refusal(username: "ann@example.com", email: "a@example.com", fields: ["username"]),
        Refusal(username: "аnn", email: "a@example.com", fields: ["username"]),
        Refusal(username: "ann-lee", email: "a@example.com", password: "ann-lee-ann-lee", fields: ["password"]),
        Refusal(username: "ann-lee", email: "a@example.com", password: "P@ssw0rd1!", fields: ["password"]),
        // What is no name is not looked for in the password: it may have thousands of parts.
        Refusal(username: "ann lee grace", email: "a@example.com", password: "ann lee grace", fields: ["username"]),
        Refusal(username: "ann-lee", email: "grace hopper", password: "grace hopper", fields: ["email"]),
    ]

    @Test(arguments: refusals)
    func `every problem of every field is told at once, and nothing is made`(_ refusal: Refusal) async throws {
        try await AccountBench.with(.sqlite) { (bench) async throws in
            let error = await Self.error {
                _ = try await bench.accounts().signUp(
                    .init(username: refusal.username, email: refusal.email, password: refusal.password),
                    from: AccountBench.client
                )
            }
            guard case .unacceptable(let problems) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(problems.keys.sorted() == refusal.fields && problems.values.allSatisfy { !$0.isEmpty })
            #expect(try await bench.count() == 0)
            #expect(try await bench.audit().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a name that is taken is refused, whatever its case, and so is an address`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            _ = try await bench.signUp("taken")
            for (username, email, expected) in [
                ("TAKEN", "other@example.com", AccountError.usernameTaken),
                ("other", "Taken@Example.com", .emailTaken), ("taken", "taken@example.com", .bothTaken),
            ] {
                let error = await Self.error {
                    _ = try await bench.accounts().signUp(
                        .init(username: username, email: email, password: AccountBench.password),
                        from: AccountBench.client
                    )
                }
                #expect(error == expected)
            }
            #expect(try await bench.count() == 1)
            #expect(try await bench.audit().count == 1)
        }
    }

    @Test func `where sign-up is not open nobody signs up`() async throws {
        try await AccountBench.with(.sqlite) { (bench) async throws in
            for (mode, expected) in [
                (AccountService.SignUp.closed, AccountError.signUpClosed), (.invite, .signUpByInvitation),
            ] {
                let error = await Self.error {
                    _ = try await bench.accounts(mode).signUp(
                        .init(username: "ann-lee", email: "a@example.com", password: AccountBench.password),
                        from: AccountBench.client
                    )
                }
                #expect(error == expected)
            }
            #expect(try await bench.count() == 0)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a change of role refuses tokens and keeps sessions`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let actor = try await bench.administrator()
            let user = try await bench.signUp("ann-lee")
            let token = try await bench.session(of: user)
            let other = try await bench.session(of: try await bench.signUp("someone-else"))
            let changed = try await bench.accounts().change(
                user.id,
                .init(isAdmin: true),
                action: .adminGiven,
                by: actor.actor,
                from: AccountBench.client
            )
            let stored = try #require(try await UserRepository(executor: bench.database).user(user.id))
            #expect(changed.isAdmin && stored.isAdmin && stored.validAfter > token.issuedAt)
            #expect(try await bench.revocations.isRevoked(token))
            #expect(try await !bench.revocations.isRevoked(other))
            let next = TokenIdentity(session: token.session, user: user.id, issuedAt: stored.validAfter)
            #expect(try await !bench.revocations.isRevoked(next))
            let sessions = SessionRepository(executor: bench.database)
            #expect(try await sessions.session(token.session)?.revokedAt == nil)
            let entry = try #require(try await bench.audit().last)
            #expect(entry.action == "user.make-admin" && entry.actor == actor.user && entry.target == user.id)
            #expect(entry.before == #"{"is_admin":false}"# && entry.after == #"{"is_admin":true}"#)
        }
    }

    @Test(
        arguments: TestDatabase.allCases,
        [AccountService.Change(isActive: false), .init(password: "another long one")]
    )
    func `who is put out is out at once`(_ kind: TestDatabase, _ change: AccountService.Change) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let actor = try await bench.administrator()
            let user = try await bench.signUp("ann-lee")
            let tokens = [try await bench.session(of: user), try await bench.session(of: user)]
            _ = try await bench.accounts().change(user.id, change, by: actor.actor, from: AccountBench.client)
            for token in tokens {
                #expect(try await bench.revocations.isRevoked(token))
                #expect(try await SessionRepository(executor: bench.database).session(token.session)?.revokedAt != nil)
            }
        }
    }

    /// Whoever is slower ends what the quicker one has begun: both see the account as it is when they change it.
    @Test func `of two changes at once the second knows of the first`() async throws {
        try await AccountBench.with(.postgres) { (bench) async throws in
            let actor = try await bench.administrator().actor
            let user = try await bench.signUp("ann-lee")
            _ = try await bench.accounts().change(
                user.id,
                .init(isActive: false),
                by: actor,
                from: AccountBench.client
            )
            let confined = LoopBound(bench, on: bench.loop)
            let (deactivation, token) = try await bench.database.transaction { executor in
                _ = try await executor.query("UPDATE users SET is_active = \(true) WHERE id = \(user.id)")
                let token = try await bench.session(of: user, executor)
                let deactivation = Task(executorPreference: bench.loop) {
                    _ = try await confined.value.accounts().change(
                        user.id,
                        .init(isActive: false),
                        by: actor,
                        from: AccountBench.client
                    )
                }
                let waiting: SQL = """
                    SELECT 1 AS one FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                while try await bench.database.query(waiting).isEmpty {}
                return (deactivation, token)
            }
            try await deactivation.value
            #expect(try await bench.revocations.isRevoked(token))
            let entry = try #require(try await bench.audit().last)
            #expect(entry.before == #"{"is_active":true}"# && entry.after == #"{"is_active":false}"#)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `the last administrator stays, and nothing else of the change happens`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let actor = try await bench.administrator()
            let accounts = bench.accounts()
            let before = try await bench.audit().count
            let tries: [() async throws -> Void] = [
                {
                    _ = try await accounts.change(
                        actor.user,
                        .init(isAdmin: false),
                        by: actor.actor,
                        from: AccountBench.client
                    )
                },
                {
                    _ = try await accounts.change(
                        actor.user,
                        .init(isActive: false),
                        by: actor.actor,
                        from: AccountBench.client
                    )
                },
                { try await accounts.delete(actor.user, isHard: false, by: actor.actor, from: AccountBench.client) },
                { try await accounts.delete(actor.user, isHard: true, by: actor.actor, from: AccountBench.client) },
            ]
            for attempt in tries { #expect(await Self.error(attempt) == .lastAdministrator) }
            let user = try await accounts.user(actor.user)
            #expect(user.isAdmin && user.isActive)
            #expect(try await bench.audit().count == before)
            // With a second one the first may go.
            _ = try await bench.administrator("root-two")
            try await accounts.delete(actor.user, isHard: false, by: actor.actor, from: AccountBench.client)
            #expect(await Self.error { _ = try await accounts.user(actor.user) } == .noSuchUser)
        }
    }

    @Test(arguments: TestDatabase.allCases, [false, true])
    func `who was deleted is gone, and the name is free again`(_ kind: TestDatabase, _ isHard: Bool) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let actor = try await bench.administrator()
            let user = try await bench.signUp("ann-lee")
            let token = try await bench.session(of: user)
            try await bench.accounts().delete(user.id, isHard: isHard, by: actor.actor, from: AccountBench.client)
            #expect(try await bench.revocations.isRevoked(token))
            #expect(try await bench.count() == 1)
            let again = await Self.error {
                try await bench.accounts().delete(user.id, isHard: isHard, by: actor.actor, from: AccountBench.client)
            }
            #expect(again == .noSuchUser)
            let entry = try #require(try await bench.audit().last)
            #expect(entry.action == "user.delete" && entry.targetName == "ann-lee" && entry.after == nil)
            #expect(try await bench.signUp("ann-lee").id != user.id)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `the first administrator is made once`(_ kind: TestDatabase) async throws {
        try await AccountBench.with(kind) { (bench) async throws in
            let settings = AccountSettings.FirstAdministrator(
                username: "admin",
                email: "admin@example.com",
                password: nil
            )
            let first = FirstAdministrator(settings: settings, accounts: bench.accounts(.closed))
            guard case .madeWithPassword("admin", let password) = try await first.ensure() else {
                Issue.record("there was one")
                return
            }
            #expect(password.reveal().utf8.count == 29)
            #expect(try await first.ensure() == .alreadyThere)
            let users = UserRepository(executor: bench.database)
            let made = try #require(try await users.credentials(username: "admin"))
            #expect(made.user.isAdmin && made.user.isActive)
            #expect(try await bench.count() == 1)
            let entry = try #require(try await bench.audit().first)
            #expect(entry.actor == nil && entry.actorName == "operator" && entry.target == made.user.id)
        }
    }

    /// Its shell may have another configuration than those who serve.
    @Test func `what a command revokes is revoked for the longest life a token may have`() async throws {
        let configuration = try TestAPI.configuration(["ACCESS_TOKEN_EXPIRE_SECONDS": "10"])
        let workers = try PasswordWorkers(configuration.accounts)
        defer { workers.hasher.close() }
        let life = try await CommandBench.with(configuration.state, for: "users") { bench in
            bench.openAccounts(configuration, workers.hasher).tokenLife
        }
        #expect(life == .seconds(86_400))
        #expect(throws: ConfigurationError.self) {
            try TestAPI.configuration(["ACCESS_TOKEN_EXPIRE_SECONDS": "86401"])
        }
    }

    @Test func `a first administrator that can not be is said to be none`() async throws {
        try await AccountBench.with(.sqlite) { (bench) async throws in
            let settings = AccountSettings.FirstAdministrator(username: "a", email: "b", password: Secret("c"))
            let first = FirstAdministrator(settings: settings, accounts: bench.accounts())
            let error = await #expect(throws: FirstAdministrator.Unacceptable.self) { _ = try await first.ensure() }
            let lines = error?.description.split(separator: "\n").map { $0.prefix { $0 != ":" } }
            #expect(lines == ["ADMIN_EMAIL", "ADMIN_PASSWORD", "ADMIN_USERNAME"])
            #expect(try await bench.count() == 0)
        }
    }

    @Test func `a page and its total agree with what is asked for`() async throws {
        try await AccountBench.with(.sqlite) { (bench) async throws in
            let actor = try await bench.administrator()
            for number in 0..<25 { _ = try await bench.signUp("person-\(100 + number)") }
            let accounts = bench.accounts()
            let someone = try await accounts.page(UserQuery(search: "person-107"), search: SQLiteUserSearch())
            #expect(someone.total == 1 && someone.users.map(\.username) == ["person-107"])
            _ = try await accounts.change(
                someone.users[0].id,
                .init(isActive: false),
                by: actor.actor,
                from: AccountBench.client
            )
            for (query, total, first) in [
                (UserQuery(sorting: .username, isDescending: false, limit: 10), 26, "person-100"),
                (UserQuery(sorting: .username, isDescending: false, offset: 20, limit: 10), 26, "person-120"),
                (UserQuery(sorting: .username, isDescending: true, isAdmin: false), 25, "person-124"),
                (UserQuery(isActive: false), 1, "person-107"), (UserQuery(isAdmin: true), 1, "root-one"),
                (UserQuery(sorting: .email, isDescending: false, search: "PERSON-11"), 10, "person-110"),
                (UserQuery(sorting: .email, isDescending: false, search: "PERSON-11", limit: 5), 10, "person-110"),
                (UserQuery(sorting: .email, isDescending: false, search: "PERSON-11", offset: 6), 10, "person-116"),
                (UserQuery(sorting: .email, isDescending: false, search: "PERSON-11", offset: 10), 10, nil),
                (UserQuery(sorting: .email, isDescending: false, search: "pe"), 25, "person-100"),
                (UserQuery(sorting: .email, isDescending: false, offset: 40), 26, nil),
                (UserQuery(search: "_____"), 0, nil), (UserQuery(search: "\"' OR 1=1 --"), 0, nil),
            ] {
                let page = try await accounts.page(query, search: SQLiteUserSearch())
                #expect(page.total == total, "\(query)")
                #expect(page.users.first?.username == first, "\(query)")
            }
        }
    }
}
