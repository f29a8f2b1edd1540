import Database
import Linux
import Networking
import Operations
import Passwords
import TestKit
import Testing
import Tokens

@testable import API

/// Signing in and going on while something is away that is needed for it.
@Suite struct AuthenticationServiceTests {
    private static let client = ClientDescription(address: nil, userAgent: "", requestID: "r1")
    private static let log = Logger(sink: CollectingLogSink())

    /// The service over the stores of a stage, with another database or other tokens.
    private static func service(
        _ stage: Stage,
        _ database: any Database,
        _ tokens: TokenParts? = nil,
        logger: Logger = log
    ) -> AuthenticationService {
        let stores = stage.parts.stores
        let parts = APIParts(
            stores: State.Stores(
                database: database,
                watch: nil,
                ephemeral: stores.ephemeral,
                revocations: stores.revocations,
                limiter: stores.limiter,
                statistics: stores.statistics
            ),
            tokens: tokens ?? stage.parts.tokens,
            hasher: stage.parts.hasher,
            now: stage.parts.now
        )
        return makeAuthenticationService(stage.api.configuration, parts, on: stage.client.loop, logger: logger)
    }

    private static func isUnavailable(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.isUnavailability == true || error as? SigningKeysError == .unavailable
    }

    @Test(arguments: Setting.allCases)
    func `a refresh that the database breaks off has not used the token up`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let token = try #require(cast[.ann].tokens?.refresh)
            let before = try await stage.snapshot()
            let database = FadingDatabase(stage.database)
            let service = AuthenticationServiceTests.service(stage, database)
            var failures = 0
            // At every statement.
            while failures < 10 {
                database.fade(after: failures)
                do {
                    _ = try await service.refresh(token, from: AuthenticationServiceTests.client)
                    break
                } catch {
                    #expect(AuthenticationServiceTests.isUnavailable(error), "\(error)")
                }
                failures += 1
                #expect(try await stage.snapshot().changes(since: before, cast).isEmpty, "\(failures)")
            }
            #expect((2..<10).contains(failures))
            let happened = try await stage.snapshot().changes(since: before, cast)
            #expect(happened == ["changes a session of ann: counter, expires_at, last_used_at"])
        }
    }

    @Test func `without keys nobody signs in, and no token is used up`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            let token = try #require(cast[.ann].tokens?.refresh)
            let pool = try BlockingPool(name: "keys", threads: 1, queueLimit: 1)
            defer { pool.close() }
            let settings = TokenSamples.settings(.es256)
            let keys = SigningKeys(
                settings,
                secret: TokenSamples.secret,
                database: UnusedDatabase(),
                on: stage.client.loop,
                pool: pool,
                logger: AuthenticationServiceTests.log
            )
            let tokens = TokenParts(settings, secret: TokenSamples.secret, keys: keys)
            let service = AuthenticationServiceTests.service(stage, stage.database, tokens)
            let before = try await stage.snapshot()
            await #expect(throws: SigningKeysError.unavailable) {
                _ = try await service.refresh(token, from: AuthenticationServiceTests.client)
            }
            await #expect(throws: SigningKeysError.unavailable) {
                _ = try await service.login(
                    LoginName(cast[.ann].username),
                    Cast.password,
                    from: AuthenticationServiceTests.client
                )
            }
            #expect(try await stage.snapshot().changes(since: before, cast).isEmpty)
        }
    }

    @Test func `a hash that can not be upgraded keeps nobody out`() async throws {
        try await Stage.with(.embedded) { stage in
            let cast = try await stage.makeCast()
            let weak = try PasswordHashing(scheme: .bcrypt(BcryptCost(4))).hash(try Password(Cast.password)).text
            _ = try await stage.database.query(
                "UPDATE users SET password_hash = \(weak) WHERE id = \(cast[.ann].id)"
            )
            let before = try await stage.snapshot()
            let database = FadingDatabase(stage.database) { !$0.text.hasPrefix("UPDATE users SET password_hash") }
            let sink = CollectingLogSink()
            let service = AuthenticationServiceTests.service(stage, database, logger: Logger(sink: sink))
            let name = LoginName(cast[.ann].username)
            let signedIn = try await service.login(name, Cast.password, from: AuthenticationServiceTests.client)
            try await stage.mustLetIn(signedIn.accessToken)
            #expect(sink.lines.count == 1 && sink.lines[0].contains("could not be upgraded"))
            #expect(
                try await stage.snapshot().changes(since: before, cast) == [
                    "adds a session of ann", "audits login by ann", "changes user ann: last_login_at",
                ]
            )
            // Another time it is.
            database.isThere = { _ in true }
            _ = try await service.login(name, Cast.password, from: AuthenticationServiceTests.client)
            let kept = try await UserRepository(executor: stage.database).credentials(cast[.ann].id)
            #expect(kept?.passwordHash.hasPrefix("$argon2id$") == true)
        }
    }
}
