import Cryptography
import HTTPEngine
import Hosting
import JSON
import Linux
import Networking
import Operations
import TestKit
import Testing
import Tokens

@testable import API

@Suite struct JWKSHandlersTests {
    private static let path = "/.well-known/jwks.json"

    private static func answering(
        _ settings: TokenSettings,
        _ keys: @escaping @Sendable (EventLoop) throws -> SigningKeys,
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        for depth in TestDepth.allCases {
            try await withTestClient(
                depth,
                of: { loop in
                    var router = Router<APIExchange>()
                    try router.on(.get, path, handler: JWKSHandlers(keys: try keys(loop)).keySet)
                    return Application(
                        router,
                        middleware: [ErrorBoundary(APIErrorResponder())],
                        errors: APIErrorResponder(),
                        settings: .init(trustedProxies: TrustedProxies(), logger: Logger(sink: CollectingLogSink())),
                        makeContext: { APIExchange($0) }
                    )
                },
                body
            )
        }
    }

    @Test func `the public half of the key is told, and nothing of the private one`() async throws {
        let key = try PrivateKey.generate(.ed25519)
        let settings = TokenSamples.settings(.edDSA, privateKey: key)
        try await JWKSHandlersTests.answering(settings, { try TokenSamples.fixedKeys(settings, on: $0) }) { client in
            let answer = try await client.get(JWKSHandlersTests.path)
            #expect(answer.status == .ok)
            #expect(answer.fields.values(.contentType) == ["application/json"])
            #expect(answer.fields.values(.cacheControl) == ["public, max-age=300"])
            let object = try JSONObject(parsing: answer.body)
            let keys = try #require(object["keys"]?.array)
            let web = try #require(keys.first?.object)
            #expect(keys.count == 1 && web["kid"] == .string(key.publicKey.webKey.thumbprint))
            #expect(web["alg"] == .string("EdDSA") && web["use"] == .string("sig") && web["kty"] == .string("OKP"))
            #expect(web["d"] == nil)
            let tag = try #require(answer.fields[.eTag])
            let again = try await client.get(JWKSHandlersTests.path, [.ifNoneMatch: tag])
            #expect(again.status == .notModified && again.body.isEmpty && again.fields.values(.eTag) == [tag])
            #expect(again.fields.values(.cacheControl) == ["public, max-age=300"])
            let other = try await client.get(JWKSHandlersTests.path, [.ifNoneMatch: "\"other\""])
            #expect(other.status == .ok && other.body == answer.body)
        }
    }

    @Test func `a secret is not told`() async throws {
        let settings = TokenSamples.settings(.hs256)
        try await JWKSHandlersTests.answering(settings, { try TokenSamples.fixedKeys(settings, on: $0) }) { client in
            let answer = try await client.get(JWKSHandlersTests.path)
            #expect(answer.status == .ok && answer.body == Array(#"{"keys":[]}"#.utf8))
        }
    }

    @Test func `keys that were never reached are no empty list, which others would believe`() async throws {
        let settings = TokenSamples.settings(.es256)
        try await JWKSHandlersTests.answering(settings, { try TokenSamples.fixedKeys(settings, on: $0) }) { client in
            let answer = try await client.get(JWKSHandlersTests.path)
            #expect(answer.status == .serviceUnavailable && answer.fields.values(.retryAfter) == ["1"])
        }
    }
}
