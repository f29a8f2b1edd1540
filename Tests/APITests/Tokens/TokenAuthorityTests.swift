import Linux
import Networking
import Operations
import TestKit
import Testing
import Tokens

@testable import API

@Suite struct TokenAuthorityTests {
    /// Starts the stores and the tokens on two loops, as the program does.
    private static func with(
        _ variables: [String: String],
        _ log: CollectingLogSink = CollectingLogSink(),
        _ body: @escaping @Sendable (TokenAuthority, EventLoopGroup) async throws -> Void
    ) async throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: variables))
        let configuration = APIConfiguration(reader)
        try reader.finish()
        try await withLoops(2) { group in
            let logger = Logger(sink: log)
            let state = State(configuration.state, on: group, logger: logger)
            try await state.start()
            let authority = TokenAuthority(
                configuration.tokens,
                configuration.state.database,
                state,
                on: group,
                logger: logger
            )
            let outcome: Result<Void, any Error>
            do {
                try await authority.start()
                do { outcome = .success(try await body(authority, group)) } catch { outcome = .failure(error) }
                await authority.stop(within: .seconds(2))
            } catch {
                outcome = .failure(error)
            }
            await state.stop(within: .seconds(2))
            try outcome.get()
        }
    }

    private static func issue(_ authority: TokenAuthority, on loop: EventLoop) async throws -> String {
        try await loop.run {
            let (user, session) = (TokenSamples.user(), TokenSamples.identifier())
            return try authority.parts(on: loop).access.issue(
                for: user,
                session: session,
                at: TokenSamples.now
            ).text
        }
    }

    @Test(arguments: ["HS256", "RS256", "ES256", "EdDSA"])
    func `every loop takes the tokens of every other one, also after a restart`(_ algorithm: String) async throws {
        let folder = try TestDirectory()
        let variables = ["DATABASE_URL": "sqlite:" + folder.path("a.db"), "JWT_ALGORITHM": algorithm]
        let texts = Lock<[String]>([])
        for round in 0..<2 {
            let log = CollectingLogSink()
            try await TokenAuthorityTests.with(variables, log) { authority, group in
                for loop in group.loops {
                    let text = try await TokenAuthorityTests.issue(authority, on: loop)
                    texts.withLock { $0.append(text) }
                }
                for loop in group.loops {
                    for text in texts.withLock({ $0 }) {
                        let token = try await loop.run {
                            try await authority.parts(on: loop).access.verify(text, at: TokenSamples.now)
                        }
                        #expect(token.username == "ada")
                    }
                }
            }
            #expect(log.lines.count { $0.contains("JWT_SECRET") } == 1, "where the secret is, once for the process")
            let makesKey = round == 0 && algorithm != "HS256"
            #expect(log.lines.count { $0.contains("made a signing key") } == (makesKey ? 1 : 0))
        }
        #expect(texts.withLock { $0.count } == 4)
    }

    @Test func `with keys of another secret nothing starts, and the reason says what to do`() async throws {
        let folder = try TestDirectory()
        let variables = ["DATABASE_URL": "sqlite:" + folder.path("a.db"), "JWT_ALGORITHM": "EdDSA"]
        try await TokenAuthorityTests.with(variables) { _, _ in }
        let changed = variables.merging(["JWT_SECRET": TokenSamples.secretText]) { $1 }
        do {
            try await TokenAuthorityTests.with(changed) { _, _ in Issue.record("it started") }
            Issue.record("it started")
        } catch let error as SigningKeysError {
            #expect(error.description.contains("JWT_SECRET") && error.description.contains("keys rotate --now"))
        }
    }
}
