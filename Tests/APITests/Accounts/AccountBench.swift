import Database
import Ephemeral
import Linux
import Networking
import Operations
import Passwords
import TestKit

@testable import API

/// The account service over a real database, with cheap hashes and a clock that goes on by a millisecond each time it is read.
final class AccountBench {
    let database: any Database
    let loop: EventLoop
    let revocations: RevocationStore
    let statistics: StatisticsRecorder
    private let hasher: PasswordHasher
    private let readings = Lock(0)

    static let now = WallTime(seconds: 1_768_473_000)
    static let client = ClientDescription(address: IPAddress("192.0.2.7"), userAgent: "test", requestID: "r1")
    static let password = "correct horse battery"

    private init(_ database: any Database, on loop: EventLoop) throws {
        self.database = database
        self.loop = loop
        let logger = Logger(sink: CollectingLogSink())
        revocations = RevocationStore(database: database, copy: nil, on: loop, logger: logger)
        statistics = StatisticsRecorder(database: database, on: loop, logger: logger)
        let cheap = try Argon2Parameters(memoryKiB: 8, iterations: 1, parallelism: 1)
        hasher = try PasswordHasher(PasswordHashing(scheme: .argon2id(cheap)), concurrency: 1)
    }

    static func with(
        _ kind: TestDatabase,
        _ body: @escaping @Sendable (AccountBench) async throws -> Void
    ) async throws {
        let folder = try kind.migrations()
        try await kind.with { database, open in
            try await TestDatabase.apply(folder, to: database)
            let bench = try AccountBench(database, on: try open().loop)
            do { try await body(bench) } catch {
                bench.hasher.close()
                throw error
            }
            bench.hasher.close()
        }
    }

    func accounts(_ signUp: AccountService.SignUp = .open) -> AccountService {
        let readings = readings
        return AccountService(
            database: database,
            revocations: revocations,
            hasher: hasher,
            statistics: statistics,
            rules: PasswordRules(),
            signUp: signUp,
            tokenLife: .seconds(900),
            identifiers: .random,
            now: {
                AccountBench.now
                    + .milliseconds(
                        readings.withLock { count in
                            count += 1
                            return count
                        }
                    )
            }
        )
    }

    /// Somebody who may administrate, made without the service.
    func administrator(_ name: String = "root-one") async throws -> Principal {
        let user = try await accounts().create(
            .init(username: name, email: "\(name)@example.com", password: AccountBench.password, isAdmin: true),
            by: .operator,
            from: AccountBench.client
        )
        return principal(user)
    }

    func principal(_ user: User) -> Principal {
        Principal(
            user: user.id,
            session: UUID(high: 0, low: 2),
            username: user.username,
            email: user.email,
            isAdmin: user.isAdmin
        )
    }

    func signUp(_ name: String) async throws -> User {
        try await accounts().signUp(
            .init(username: name, email: "\(name)@example.com", password: AccountBench.password),
            from: AccountBench.client
        )
    }

    /// A session of a user, and the identity of a token that was issued for it just now.
    func session(of user: User, _ executor: (any QueryExecutor)? = nil) async throws -> TokenIdentity {
        let id = Identifiers.random.next(at: AccountBench.now)
        try await SessionRepository(executor: executor ?? database).add(
            Session(
                id: id,
                user: user.id,
                counter: 0,
                createdAt: AccountBench.now,
                lastUsedAt: AccountBench.now,
                expiresAt: AccountBench.now + .seconds(3_600),
                revokedAt: nil,
                address: "",
                userAgent: ""
            )
        )
        return TokenIdentity(session: id, user: user.id, issuedAt: AccountBench.now)
    }

    /// The actions in the audit, the oldest first.
    func audit() async throws -> [AuditEntry] {
        try await AuditRepository(executor: database).page(AuditQuery(limit: 1_000)).sorted {
            ($0.id.high, $0.id.low) < ($1.id.high, $1.id.low)
        }
    }

    func count() async throws -> Int { try await UserRepository(executor: database).counts().total() }
}
