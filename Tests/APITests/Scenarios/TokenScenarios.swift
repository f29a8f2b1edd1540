import Contract
import Database
import HTTPEngine
import Linux
import TestKit
import Testing
import Tokens

@testable import API

/// Which tokens count, and where they stand.
@Suite struct TokenScenarios {
    /// Signed as ours are, and not as they should be.
    @Test(arguments: Setting.allCases)
    func `no token counts before its time, after it, or without its signature`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let good = try #require(cast[.ann].tokens)
            let ann = try #require(
                try await UserRepository(executor: stage.database).user(cast[.ann].id)
            )
            let issue = { (time: WallTime) in
                try stage.parts.tokens.access.issue(for: ann, session: good.session, at: time).text
            }
            let now = stage.api.clock.now
            try await stage.mustLetIn(issue(now))
            let parts = good.access.split(separator: ".").map { String($0) }
            var forged = [
                try issue(now + .seconds(3_600)), parts[0] + "." + parts[1] + ".", parts[0] + "." + parts[1],
                "eyJhbGciOiJub25lIn0." + parts[1] + ".", good.access + "A", String(good.access.dropLast()),
            ]
            let other = try TokenSamples.fixedKeys(
                TokenSamples.settings(.hs256),
                TokenSamples.otherSecret,
                on: stage.client.loop
            )
            try await other.start()
            forged.append(
                try AccessTokens(TokenSamples.settings(.hs256), keys: other).issue(
                    for: ann,
                    session: good.session,
                    at: now
                ).text
            )
            let before = try await stage.snapshot()
            for token in forged {
                let answer = try await stage.ask(.me, bearer: token)
                let envelope = Answers.checkEnvelope(answer, "\(token)")
                #expect(answer.status == .unauthorized && envelope?.code == .invalidToken, "\(token)")
            }
            stage.api.clock.advance(by: .seconds(901))
            let answer = try await stage.ask(.me, bearer: good.access)
            #expect(Answers.checkEnvelope(answer, "expired")?.code == .tokenExpired)
            #expect(answer.fields[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
            #expect(try await stage.snapshot().changes(since: before, cast).isEmpty)
            await other.stop()
        }
    }

    @Test(arguments: Setting.allCases)
    func `a token stands in one way in the head, and in no other place`(_ setting: Setting) async throws {
        try await Stage.with(setting) { stage in
            let cast = try await stage.makeCast()
            let token = try #require(cast[.ann].tokens?.access)
            for value in ["bearer \(token)", "BEARER   \(token)"] {
                let answer = try await stage.client.get("/api/v1/me", [.authorization: value])
                #expect(answer.status == .ok, "\(value.prefix(10))")
            }
            let refused: [HTTPFields] = [
                [.authorization: token], [.authorization: "Basic \(token)"], [.authorization: "Bearer"],
                [.authorization: "Bearer \(token) \(token)"], [.authorization: "Bearer \(token), Bearer \(token)"],
                [.authorization: "Bearer \(token)", HTTPFieldName("authorization"): "Bearer \(token)"],
                [.cookie: "access_token=\(token)"],
            ]
            for fields in refused {
                let answer = try await stage.client.get("/api/v1/me", fields)
                #expect(answer.status == .unauthorized, "\(fields.pairs.map { $0.name + $0.value.prefix(7) })")
            }
            let query = try await stage.client.get("/api/v1/me?access_token=\(token)")
            #expect(query.status == .unauthorized)
        }
    }
}
