import Cryptography
import Database
import Linux
import Networking
import Operations
import SQLite
import Tokens

@testable import API

/// Settings, users and times for tests of tokens.
enum TokenSamples {
    /// As `openssl rand -hex 32` prints.
    static let secretText = "b7f8a1c09d3e4f52861720bcde9a43f5017c6e8d24b95a3f60d1e7c8429ab35f"
    static let secret = TokenSecret(secretText)
    static let otherSecret = TokenSecret("5d90c3e1a87b42f6bb1d08e7f4c92a3650f1de8473c6b9a2e05d71f8c34a96be")
    static let now = WallTime(seconds: 1_768_473_000, nanosecondPart: 123_456_789)

    static func settings(
        _ algorithm: JWTAlgorithm,
        privateKey: PrivateKey? = nil,
        _ environment: [String: String] = [:]
    ) -> TokenSettings {
        let variables = environment.merging(["JWT_SECRET": secretText]) { first, _ in first }
        let reader = ConfigurationReader(ConfigurationSource(environment: variables))
        var settings = TokenSettings(reader, environment: .development, database: .sqlite(.memory))
        settings.algorithm = algorithm
        settings.privateKey = privateKey
        return settings
    }

    static func user(isAdmin: Bool = false, validAfter: WallTime = WallTime(seconds: 0)) -> User {
        User(
            id: Identifiers.random.next(at: now),
            username: "ada",
            email: "ada@example.com",
            isAdmin: isAdmin,
            isActive: true,
            isEmailVerified: false,
            createdAt: now,
            updatedAt: now,
            lastLoginAt: nil,
            validAfter: validAfter
        )
    }

    static func identifier() -> UUID {
        Identifiers.random.next(at: now)
    }

    /// Keys that are not in a database: nothing there is ever asked.
    static func fixedKeys(_ settings: TokenSettings, _ secret: TokenSecret = secret, on loop: EventLoop) throws
        -> SigningKeys
    {
        SigningKeys(
            settings,
            secret: secret,
            database: UnusedDatabase(),
            on: loop,
            pool: try BlockingPool(name: "unused", threads: 1, queueLimit: 1),
            logger: Logger(sink: CollectingLogSink())
        )
    }
}

/// Fails the test that asks it anything.
final class UnusedDatabase: Database {
    let dialect = DatabaseDialect.sqlite

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        preconditionFailure("nobody was to ask the database")
    }

    func transaction<Value>(_ body: (any QueryExecutor) async throws -> Value) async throws -> Value {
        preconditionFailure("nobody was to ask the database")
    }

    func ping(timeout: Duration) async throws(DatabaseError) -> Duration { .zero }

    func close() async {}
}
