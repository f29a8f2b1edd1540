import Database
import Linux
import TestKit
import Testing

@testable import API

@Suite struct RevocationRepositoryTests {
    @Test(arguments: TestDatabase.allCases)
    func `pages tell all that is live, once, and what has expired is removed`(_ kind: TestDatabase) async throws {
        try await kind.withSchema { database in
            let repository = RevocationRepository(executor: database)
            let now = WallTime(seconds: 1_768_473_000)
            let tokens = (0..<120).map { _ in TokenIdentity.any }
            func all(_ lives: Duration) -> [Revocation] {
                tokens.flatMap { token in
                    [.session(token.session), .user(token.user)].map {
                        Revocation(subject: $0, validAfter: now, expiresAt: now + lives)
                    }
                }
            }
            try await repository.add(all(.seconds(10)))
            // A shorter life does not shorten one that is there.
            try await repository.add(all(.seconds(5)))
            var found: [Revocation] = []
            while true {
                let page = try await repository.live(
                    at: now + .seconds(9),
                    after: found.last?.subject,
                    limit: 50
                )
                found += page
                if page.isEmpty { break }
            }
            #expect(found.count == 240 && Set(found.map(\.subject)) == Set(all(.zero).map(\.subject)))
            #expect(found.allSatisfy { $0.validAfter == now && $0.expiresAt == now + .seconds(10) })
            #expect(try await repository.made(since: now, limit: 240).count == 240)
            #expect(try await repository.made(since: now + .microseconds(1), limit: 240).isEmpty)
            // By time, and those of one time by subject.
            let later = Revocation(
                subject: .session(tokens[0].session),
                validAfter: now + .seconds(1),
                expiresAt: now + .seconds(10)
            )
            try await repository.add([later])
            var made: [Revocation] = []
            while true {
                let page = try await repository.made(since: now, after: made.last, limit: 50)
                made += page
                if page.count < 50 { break }
            }
            #expect(made.count == 240 && Set(made.map(\.subject)).count == 240 && made.last == later)
            #expect(try await repository.live(at: now + .seconds(10), after: nil, limit: 50).isEmpty)
            #expect(try await repository.removeExpired(before: now + .seconds(10), limit: 1_000) == 0)
            #expect(try await repository.removeExpired(before: now + .seconds(11), limit: 200) == 200)
            #expect(try await repository.removeExpired(before: now + .seconds(11), limit: 200) == 40)
        }
    }
}
