import Cryptography
import Database
import JSON
import Linux
import Networking
import TestKit
import Testing
import Tokens

@testable import API

@Suite struct AccessTokensTests {
    private static let algorithms: [JWTAlgorithm] = [.hs256, .rs256, .es256, .edDSA]
    private static let privateKeys = Lock<[String: PrivateKey]>([:])

    /// One for each algorithm: RSA keys take long to make.
    private static func privateKey(_ algorithm: JWTAlgorithm, _ name: String = "own") throws -> PrivateKey? {
        let kind: KeyKind
        switch algorithm {
        case .hs256: return nil
        case .rs256: kind = .rsa(bits: 2_048)
        case .es256: kind = .p256
        case .edDSA: kind = .ed25519
        }
        return try privateKeys.withLock { keys in
            if let key = keys[algorithm.rawValue + name] { return key }
            let key = try PrivateKey.generate(kind)
            keys[algorithm.rawValue + name] = key
            return key
        }
    }

    private static func tokens(_ algorithm: JWTAlgorithm, on loop: EventLoop) throws -> AccessTokens {
        let settings = TokenSamples.settings(algorithm, privateKey: try privateKey(algorithm))
        return AccessTokens(settings, keys: try TokenSamples.fixedKeys(settings, on: loop))
    }

    /// The object in a part of a token.
    private static func object(_ part: Substring) throws -> JSONObject {
        let bytes = Base64URL.decode(Array(part.utf8).span)
        return try JSONObject(parsing: try #require(bytes))
    }

    private static func error(_ tokens: AccessTokens, _ text: String, at time: WallTime) async -> AccessTokenError? {
        do throws(AccessTokenError) {
            _ = try await tokens.verify(text, at: time)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: algorithms, [false, true])
    func `a token says who it is for, and lives as long as it was told`(
        _ algorithm: JWTAlgorithm,
        _ isAdmin: Bool
    ) async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(algorithm, on: loop)
            let (user, session) = (TokenSamples.user(isAdmin: isAdmin), TokenSamples.identifier())
            let issued = try tokens.issue(for: user, session: session, at: TokenSamples.now)
            #expect(issued.expiresIn == 900)
            let token = try await tokens.verify(issued.text, at: TokenSamples.now)
            #expect(token == issued.token)
            #expect(token.identity.session == session && token.identity.user == user.id)
            // To the millisecond.
            #expect(token.identity.issuedAt == WallTime(seconds: TokenSamples.now.seconds, nanosecondPart: 123_000_000))
            #expect(token.username == "ada" && token.email == "ada@example.com" && token.isAdmin == isAdmin)
            #expect(token.roles == (isAdmin ? ["admin", "user"] : ["user"]))
            let last = WallTime(seconds: TokenSamples.now.seconds + 899, nanosecondPart: 999_999_999)
            #expect(await AccessTokensTests.error(tokens, issued.text, at: last) == nil)
            #expect(await AccessTokensTests.error(tokens, issued.text, at: token.expiresAt) == .expired)
            #expect(token.expiresAt == WallTime(seconds: TokenSamples.now.seconds + 900))
        }
    }

    /// A revocation is kept as long as a token of today may run: an older one that lives longer would outlive it.
    @Test func `a token that was to live longer than tokens do by now expires with them`() async throws {
        try await withLoop { loop in
            func tokens(_ seconds: Int) throws -> AccessTokens {
                let settings = TokenSamples.settings(.hs256, ["ACCESS_TOKEN_EXPIRE_SECONDS": "\(seconds)"])
                return AccessTokens(settings, keys: try TokenSamples.fixedKeys(settings, on: loop))
            }
            let (before, now) = (try tokens(3_600), try tokens(60))
            let long = try before.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            ).text
            let end = WallTime(seconds: TokenSamples.now.seconds + 60)
            #expect(await AccessTokensTests.error(now, long, at: end - .microseconds(1)) == nil)
            #expect(await AccessTokensTests.error(now, long, at: end) == .expired)
            #expect(await AccessTokensTests.error(before, long, at: end) == nil)
            // The reverse: it ends when it says.
            let short = try now.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            ).text
            #expect(await AccessTokensTests.error(before, short, at: end) == .expired)
        }
    }

    @Test(arguments: [(0, 0), (100, 100), (899, 899), (900, 900), (100_000, 900)])
    func `a token ends with its session at the latest`(_ sessionLife: Int, _ expected: Int) async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(.hs256, on: loop)
            let issued = try tokens.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                endingAt: TokenSamples.now + .seconds(sessionLife),
                at: TokenSamples.now
            )
            let end = WallTime(seconds: TokenSamples.now.seconds + Int64(expected))
            #expect(issued.expiresIn == expected && issued.token.expiresAt == end)
            #expect(await AccessTokensTests.error(tokens, issued.text, at: end) == .expired)
        }
    }

    @Test func `the claims are those of the contract`() async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(.hs256, on: loop)
            let (user, session) = (TokenSamples.user(isAdmin: true), TokenSamples.identifier())
            let issued = try tokens.issue(for: user, session: session, at: TokenSamples.now)
            let parts = issued.text.split(separator: ".")
            let claims = try AccessTokensTests.object(parts[1])
            let names = [
                "iss", "aud", "sub", "sid", "jti", "iat", "exp", "token_type", "username", "email", "roles",
            ]
            #expect(Set(claims.members.map(\.name)) == Set(names) && claims.members.count == names.count)
            #expect(claims["iss"] == .string("gatehouse") && claims["aud"] == .string("gatehouse"))
            #expect(claims["sub"] == .string(user.id.description) && claims["sid"] == .string(session.description))
            #expect(claims["iat"]?.integer == TokenSamples.now.seconds)
            #expect(claims["exp"]?.integer == TokenSamples.now.seconds + 900)
            #expect(claims["token_type"] == .string("access"))
            #expect(claims["roles"] == .array([.string("admin"), .string("user")]))
            let header = try AccessTokensTests.object(parts[0])
            #expect(header["kid"] == .string(TokenSamples.secret.keyID) && header["typ"] == .string("JWT"))
        }
    }

    @Test(arguments: [
        // Microseconds from now to the revocation; milliseconds of the token, counted from the second of now.
        (-5_000_000, 123), (-456, 123), (-455, 124), (-1, 124), (0, 124), (543, 124), (544, 124), (545, 125),
        (876_000, 1_000), (2_000_000, 2_124),
    ])
    func `a token that was asked for after a revocation does not fall under it`(
        _ offset: Int,
        _ milliseconds: Int
    ) async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(.hs256, on: loop)
            let validAfter = WallTime(microseconds: TokenSamples.now.microseconds + Int64(offset))
            let text = try tokens.issue(
                for: TokenSamples.user(validAfter: validAfter),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            ).text
            let identity = try await tokens.verify(text, at: TokenSamples.now).identity
            #expect(identity.issuedAt >= validAfter)
            let start = TokenSamples.now.seconds * 1_000_000
            #expect(identity.issuedAt.microseconds == start + Int64(milliseconds) * 1_000)
        }
    }

    @Test(arguments: algorithms)
    func `a token with any one character changed is refused`(_ algorithm: JWTAlgorithm) async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(algorithm, on: loop)
            let issued = try tokens.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            )
            // The good one is known by then.
            #expect(await AccessTokensTests.error(tokens, issued.text, at: TokenSamples.now) == nil)
            let text = Array(issued.text.utf8)
            for index in text.indices {
                var altered = text
                altered[index] = text[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let error = await AccessTokensTests.error(
                    tokens,
                    String(decoding: altered, as: UTF8.self),
                    at: TokenSamples.now
                )
                guard case .invalid = error else {
                    Issue.record("character \(index): \(String(describing: error))")
                    continue
                }
            }
            for count in stride(from: 0, to: text.count, by: 7) {
                let cut = String(decoding: text.prefix(count), as: UTF8.self)
                #expect(await AccessTokensTests.error(tokens, cut, at: TokenSamples.now) != nil, "cut at \(count)")
            }
        }
    }

    @Test(arguments: algorithms, algorithms)
    func `a token of other keys, or of another algorithm, is refused`(
        _ algorithm: JWTAlgorithm,
        _ foreign: JWTAlgorithm
    ) async throws {
        try await withLoop { loop in
            let tokens = try AccessTokensTests.tokens(algorithm, on: loop)
            let settings = TokenSamples.settings(
                foreign,
                privateKey: try AccessTokensTests.privateKey(foreign, "foreign")
            )
            let keys = try TokenSamples.fixedKeys(settings, TokenSamples.otherSecret, on: loop)
            let text = try AccessTokens(settings, keys: keys).issue(
                for: TokenSamples.user(isAdmin: true),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            ).text
            #expect(await AccessTokensTests.error(tokens, text, at: TokenSamples.now) == .invalid(.unknownKey))
        }
    }
}

// MARK: - Claims that the right key signed

extension AccessTokensTests {
    /// Alters a good token's claims; nil leaves one out.
    struct Alteration: Sendable, CustomTestStringConvertible {
        let claim: String
        let value: JSONValue?
        let error: AccessTokenError
        var testDescription: String { "\(claim) \(String(describing: value))" }

        init(_ claim: String, _ value: JSONValue?, _ error: JWTError = .malformedClaims) {
            self.claim = claim
            self.value = value
            self.error = error == .expired ? .expired : .invalid(error)
        }
    }

    private static let alterations: [Alteration] = [
        Alteration("token_type", nil), Alteration("token_type", .string("refresh")),
        Alteration("token_type", .boolean(true)),
        Alteration("sub", nil), Alteration("sub", .string("ada")), Alteration("sid", nil),
        Alteration("sid", .string("1")),
        Alteration("jti", nil), Alteration("jti", .string("1")), Alteration("iat", nil),
        // Of version 4, and of another second.
        Alteration("jti", .string("0190163d-8694-439b-aea5-966c26f8ad91")),
        Alteration("jti", .string("0190163d-8694-739b-aea5-966c26f8ad91")),
        Alteration("username", nil), Alteration("email", nil), Alteration("roles", nil),
        Alteration("roles", .string("admin")),
        Alteration("roles", .array([])), Alteration("roles", .array([.string("admin")])),
        Alteration("exp", nil), Alteration("exp", .string("soon")),
        Alteration("iss", nil, .wrongIssuer), Alteration("iss", .string("else"), .wrongIssuer),
        Alteration("aud", nil, .wrongAudience), Alteration("aud", .string("else"), .wrongAudience),
    ]

    private struct Claims: JSONWritable {
        let members: [(name: String, value: JSONValue)]

        func write(to writer: inout JSONWriter) {
            writer.object { object in
                for member in members {
                    switch member.value {
                    case .string(let text): object.member(member.name, text)
                    case .array(let values): object.member(member.name, values.compactMap(\.string))
                    case .boolean(let value): object.member(member.name, value)
                    default: object.member(member.name, member.value.integer ?? 0)
                    }
                }
            }
        }
    }

    @Test(arguments: alterations)
    func `claims that are not ours are refused, though our key signed them`(_ alteration: Alteration) async throws {
        try await withLoop { loop in
            let settings = TokenSamples.settings(.hs256)
            let tokens = AccessTokens(settings, keys: try TokenSamples.fixedKeys(settings, on: loop))
            let issued = try tokens.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            )
            let object = try AccessTokensTests.object(issued.text.split(separator: ".")[1])
            var members = object.members.map { (name: $0.name, value: $0.value) }
            let signer = try #require(tokens.keys.keySet).signer
            let same = try signer.sign(Claims(members: members))
            #expect(await AccessTokensTests.error(tokens, same, at: TokenSamples.now) == nil, "unaltered it is good")
            members.removeAll { $0.name == alteration.claim }
            if let value = alteration.value { members.append((alteration.claim, value)) }
            let altered = try signer.sign(Claims(members: members))
            #expect(await AccessTokensTests.error(tokens, altered, at: TokenSamples.now) == alteration.error)
        }
    }

    @Test func `a token from the future, and one of another type, are refused`() async throws {
        try await withLoop { loop in
            let settings = TokenSamples.settings(.hs256)
            let tokens = AccessTokens(settings, keys: try TokenSamples.fixedKeys(settings, on: loop))
            let issued = try tokens.issue(
                for: TokenSamples.user(),
                session: TokenSamples.identifier(),
                at: TokenSamples.now
            )
            let early = TokenSamples.now - .seconds(31)
            #expect(await AccessTokensTests.error(tokens, issued.text, at: early) == .invalid(.notYetValid))
            // Nor when the clock is set back behind a token that was good.
            #expect(await AccessTokensTests.error(tokens, issued.text, at: TokenSamples.now) == nil)
            #expect(await AccessTokensTests.error(tokens, issued.text, at: early) == .invalid(.notYetValid))
            let signer = JWTSigner(
                secret: TokenSamples.secret.signing,
                keyID: TokenSamples.secret.keyID,
                type: "other+jwt"
            )
            let text = try signer.sign(Claims(members: [("exp", .string("never"))]))
            #expect(await AccessTokensTests.error(tokens, text, at: TokenSamples.now) == .invalid(.wrongType))
            let refresh = RefreshTokens(TokenSamples.secret)
            let token = RefreshToken(session: TokenSamples.identifier(), counter: 0)
            let error = await AccessTokensTests.error(tokens, refresh.text(for: token), at: TokenSamples.now)
            #expect(error == .invalid(.malformed), "a refresh token is no access token")
            #expect(refresh.read(issued.text) == nil, "and the reverse")
            let none = Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8).span)
            let payload = issued.text.split(separator: ".").map { String($0) }[1]
            for signature in ["", "AAAA"] {
                let unsigned = "\(none).\(payload).\(signature)"
                #expect(await AccessTokensTests.error(tokens, unsigned, at: TokenSamples.now) == .invalid(.unknownKey))
            }
        }
    }
}
