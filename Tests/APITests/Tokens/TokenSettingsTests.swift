import Cryptography
import Hosting
import Linux
import Operations
import TestKit
import Testing
import Tokens

@testable import API

@Suite struct TokenSettingsTests {
    private static let postgres = "postgresql://gatehouse@localhost/gatehouse"

    private static func read(_ environment: [String: String]) throws -> TokenSettings {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        let configuration = APIConfiguration(reader)
        try reader.finish()
        return configuration.tokens
    }

    /// The names of what is wrong.
    private static func mistakes(_ environment: [String: String]) -> [String] {
        do {
            _ = try read(environment)
            return []
        } catch let error as ConfigurationError {
            for text in environment.values where text.utf8.count >= 16 {
                #expect(!error.description.contains(text), "a value that may be a secret is repeated")
            }
            return error.mistakes.map(\.name)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `nothing needs to be configured in development`() throws {
        let settings = try TokenSettingsTests.read([:])
        #expect(settings.algorithm == .hs256 && settings.secret == nil && settings.privateKey == nil)
        #expect(settings.issuer == "gatehouse" && settings.audience == "gatehouse")
        #expect(settings.accessLifetime == .seconds(900) && settings.refreshLifetime == .seconds(2_592_000))
        #expect(settings.reuseWindow == .seconds(10) && settings.reusePolicy == .reject)
        #expect(settings.sessionLimit == 100 && settings.sessionLimitPolicy == .oldest)
    }

    @Test func `what is configured is what counts`() throws {
        let settings = try TokenSettingsTests.read([
            "ENVIRONMENT": "production", "JWT_ALGORITHM": "eddsa", "JWT_SECRET": TokenSamples.secretText,
            "JWT_ISSUER": "https://a.example", "JWT_AUDIENCE": "b", "ACCESS_TOKEN_EXPIRE_SECONDS": "60",
            "REFRESH_TOKEN_EXPIRE_SECONDS": "7d", "REFRESH_REUSE_WINDOW": "0", "REFRESH_REUSE_POLICY": "replay",
            "SESSION_LIMIT": "0", "SESSION_LIMIT_POLICY": "refuse", "DATABASE_URL": TokenSettingsTests.postgres,
            "JWT_PRIVATE_KEY": try PrivateKey.generate(.ed25519).pem,
        ])
        #expect(settings.algorithm == .edDSA && settings.secret?.reveal() == TokenSamples.secretText)
        #expect(settings.privateKey?.kind == .ed25519)
        #expect(settings.issuer == "https://a.example" && settings.audience == "b")
        #expect(settings.accessLifetime == .seconds(60) && settings.refreshLifetime == .seconds(604_800))
        #expect(settings.reuseWindow == .zero && settings.reusePolicy == .replay)
        #expect(settings.sessionLimit == 0 && settings.sessionLimitPolicy == .refuse)
    }

    @Test(
        arguments: [
            ([:], false), (["DATABASE_URL": postgres], true), (["ENVIRONMENT": "staging"], true),
            (["ENVIRONMENT": "production"], true), (["JWT_SECRET": "short"], true),
            (["JWT_SECRET": "short", "ENVIRONMENT": "production"], true),
            (["JWT_SECRET": String(repeating: "a", count: 31)], true),
            (["JWT_SECRET": String(repeating: "a", count: 32)], false),
            (["JWT_SECRET": String(repeating: "a", count: 64), "ENVIRONMENT": "production"], true),
            (["JWT_SECRET": TokenSamples.secretText, "ENVIRONMENT": "production"], false),
        ] as [([String: String], Bool)]
    )
    func `a secret is needed where others rely on it`(_ environment: [String: String], _ isMistake: Bool) {
        #expect(TokenSettingsTests.mistakes(environment) == (isMistake ? ["JWT_SECRET"] : []))
    }

    @Test(
        arguments: [
            ("900", "899", true), ("86400", "60", true), ("60", "60", false), ("10", "60", false),
        ]
    )
    func `no access token outlives its session`(_ access: String, _ refresh: String, _ isMistake: Bool) {
        let found = TokenSettingsTests.mistakes([
            "ACCESS_TOKEN_EXPIRE_SECONDS": access, "REFRESH_TOKEN_EXPIRE_SECONDS": refresh,
        ])
        #expect(found == (isMistake ? ["ACCESS_TOKEN_EXPIRE_SECONDS"] : []))
    }

    @Test(arguments: [["DATABASE_URL": postgres], ["ENVIRONMENT": "production"]])
    func `commands that make no tokens need no secret`(_ environment: [String: String]) throws {
        let source = ConfigurationSource(environment: environment)
        let console = ProgramConsole(output: { _ in }, errors: { _ in })
        #expect(try APIConfiguration.withoutTokens.load(source, console: console).tokens.secret == nil)
        #expect(throws: ConfigurationError.self) { try APIConfiguration.program.load(source, console: console) }
        let weak = environment.merging(["JWT_SECRET": "short"]) { $1 }
        #expect(throws: ConfigurationError.self) {
            try APIConfiguration.withoutTokens.load(ConfigurationSource(environment: weak), console: console)
        }
    }

    @Test(arguments: [
        "your-super-secret-jwt-token-with-at-least-32-characters-long", "a-string-secret-at-least-256-bits-long",
        "please-CHANGE-ME-please-CHANGE-ME-0000", "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        "01010101010101010101010101010101", "abcabcabcabcabcabcabcabcabcabcabcabc", "YELLOW SUBMARINE, BLACK WIZARDRY",
    ])
    func `a secret that everybody knows is refused in production only`(_ text: String) {
        #expect(TokenSettingsTests.mistakes(["JWT_SECRET": text, "ENVIRONMENT": "production"]) == ["JWT_SECRET"])
        #expect(TokenSettingsTests.mistakes(["JWT_SECRET": text]).isEmpty)
    }

    @Test func `random secrets are not taken for weak ones`() {
        for _ in 0..<2_000 {
            let bytes = SecureRandom().bytes(count: 32)
            for text in [bytes.hexadecimal, Base64URL.encode(bytes.span), Array(bytes.prefix(16)).hexadecimal] {
                #expect(SecretWeakness(of: Secret(text)) == nil)
            }
        }
    }

    @Test func `a key file must hold a key for the algorithm`() throws {
        let folder = try TestDirectory()
        let path = folder.path("key.pem")
        try TestFiles.write(try PrivateKey.generate(.p256).pem, to: path)
        let base = ["JWT_SECRET": TokenSamples.secretText, "JWT_PRIVATE_KEY_FILE": path]
        for (algorithm, isRight) in [("ES256", true), ("HS256", false), ("RS256", false), ("EdDSA", false)] {
            let found = TokenSettingsTests.mistakes(base.merging(["JWT_ALGORITHM": algorithm]) { $1 })
            #expect(found == (isRight ? [] : ["JWT_PRIVATE_KEY"]), "\(algorithm)")
        }
        try File.remove(path: path)
        try TestFiles.write("no key", to: path)
        let found = TokenSettingsTests.mistakes(base.merging(["JWT_ALGORITHM": "ES256"]) { $1 })
        #expect(found == ["JWT_PRIVATE_KEY_FILE"])
    }
}
