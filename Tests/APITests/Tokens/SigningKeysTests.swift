import Cryptography
import Database
import JSON
import Linux
import Networking
import Operations
import TestKit
import Testing
import Tokens

@testable import API

@Suite struct SigningKeysTests {
    @Test(arguments: TestDatabase.allCases, [JWTAlgorithm.rs256, .es256, .edDSA])
    func `the first key is made by whoever needs it, and all that start at once sign with the same one`(
        _ kind: TestDatabase,
        _ algorithm: JWTAlgorithm
    ) async throws {
        try await KeyBench.with(kind, algorithm) { bench in
            let instances = (0..<4).map { _ in bench.instance() }
            let starts = instances.map { instance in
                let confined = LoopBound(instance, on: bench.loop)
                return Task(executorPreference: bench.loop) { try await confined.value.keys.start() }
            }
            for start in starts { try await start.value }
            let signer = try #require(instances[0].signer)
            #expect(instances.allSatisfy { $0.signer == signer })
            #expect(try await bench.states() == [.active])
            let text = try instances[0].issue(at: bench.now)
            for instance in instances { #expect(await instance.accepts(text, at: bench.now)) }
            // One that starts later, as after a restart, has the same.
            #expect(try await bench.startedInstance().signer == signer)
            #expect(!bench.log.text.contains("PRIVATE") && bench.log.lines.count == 1, "\(bench.log.lines)")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a rotation is noticed by all, and by nobody who has a token`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let (first, second) = (try await bench.startedInstance(), try await bench.startedInstance())
            let old = try #require(first.signer)
            let oldToken = try first.issue(at: bench.now)
            guard case .published(let next) = try await bench.rotation().rotate(at: bench.now, isImmediate: false)
            else {
                Issue.record("a key that nobody knows does not sign")
                return
            }
            for instance in [first, second] {
                #expect(try await instance.keys.reload())
                let json = String(decoding: try #require(instance.keys.keySet).json, as: UTF8.self)
                #expect(
                    instance.signer == old && json.contains(old) && json.contains(next),
                    "published, and not signing"
                )
            }
            bench.advance(KeyRotation.publishing - .seconds(1))
            await #expect(throws: KeyRotationError.self, "too early") {
                _ = try await bench.rotation().rotate(at: bench.now, isImmediate: false)
            }
            #expect(try await bench.states() == [.active, .next])
            bench.advance(.seconds(1))
            let outcome = try await bench.rotation().rotate(at: bench.now, isImmediate: false)
            guard case .rotated(old, next, let following) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try await bench.states() == [.active, .next, .retired])
            let later = bench.now
            let oldNow = try second.issue(at: later)
            #expect(try await first.keys.reload())
            // The first signs with the new key, the second has not heard of it, and both take all.
            let new = try first.issue(at: later)
            #expect(first.signer == next && second.signer == old)
            for instance in [first, second] {
                #expect(await instance.accepts(new, at: later))
                #expect(await instance.accepts(oldNow, at: later))
            }
            for instance in [first, second] {
                #expect(await instance.accepts(oldToken, at: later), "it has not expired")
            }
            #expect(try await second.keys.reload())
            #expect(second.signer == next)
            let json = String(decoding: try #require(second.keys.keySet).json, as: UTF8.self)
            #expect(json.contains(old) && json.contains(following))
            // The longest token has expired: the key verifies no more.
            bench.advance(KeyRotation.overlap(bench.settings.accessLifetime))
            let forged = try await bench.startedInstance()
            #expect(forged.signer == next)
            #expect(!String(decoding: try #require(forged.keys.keySet).json, as: UTF8.self).contains(old))
            #expect(!(await forged.accepts(oldNow, at: later)))
            // Whoever rotates can not know how long the tokens of those who serve live, so that it stays for the longest time.
            let other = try await bench.rotation().rotate(at: bench.now + .seconds(1), isImmediate: false)
            #expect(try await bench.rotation().list().contains { $0.id == old }, "\(other)")
            bench.advance(KeyRotation.overlap(TokenSettings.longestAccessLifetime))
            let last = try await bench.rotation().rotate(at: bench.now, isImmediate: false)
            #expect(
                try await !bench.rotation().list().contains { $0.id == old },
                "\(last): and is gone after the next one"
            )
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a token that was found good is good no longer than its key`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let instance = try await bench.startedInstance()
            let time = bench.now
            let token = try instance.issue(at: time)
            #expect(await instance.accepts(token, at: time))
            _ = try await bench.rotation().rotate(at: bench.now, isImmediate: true)
            #expect(try await instance.keys.reload())
            #expect(await instance.accepts(token, at: time), "its key still verifies")
            bench.advance(KeyRotation.overlap(bench.settings.accessLifetime) + .seconds(1))
            #expect(try await instance.keys.reload())
            // Asked about the time at which it was good: only the key is missing.
            #expect(!(await instance.accepts(token, at: time)))
        }
    }

    @Test func `every change of the keys is in the audit, as done by the operator`() async throws {
        try await KeyBench.with(.sqlite) { bench in
            let signer = try #require(try await bench.startedInstance().signer)
            let added = try await bench.rotation().add(at: bench.now)
            _ = try await bench.rotation().rotate(at: bench.now + .seconds(1), isImmediate: true)
            try await bench.rotation().retire(signer, at: bench.now + .seconds(2))
            let entries = try await AuditRepository(executor: bench.database).page(AuditQuery())
            #expect(entries.map(\.action) == ["keys.retire", "keys.rotate", "keys.add"])
            #expect(entries.map(\.targetName) == [signer, added.id, added.id])
            #expect(entries.allSatisfy { $0.isSuccess && $0.actor == nil && $0.actorName == "operator" })
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `of many rotations at once none is lost and one key signs`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let instance = try await bench.startedInstance()
            let first = try #require(instance.signer)
            let rotations = (0..<8).map { _ in
                let confined = LoopBound(bench, on: bench.loop)
                return Task(executorPreference: bench.loop) { () async throws -> KeyRotation.Outcome? in
                    do {
                        let bench = confined.value
                        return try await bench.rotation().rotate(at: bench.now, isImmediate: true)
                    } catch KeyRotationError.interrupted {
                        return nil
                    }
                }
            }
            var replaced: [String: String] = [:]
            for rotation in rotations {
                guard case .rotated(let old?, let new, _)? = try await rotation.value else { continue }
                #expect(replaced.updateValue(new, forKey: old) == nil, "one key has two successors")
            }
            var signer = first
            var count = 0
            while let successor = replaced[signer] { (signer, count) = (successor, count + 1) }
            #expect(count == replaced.count && count > 0, "the successors are one line")
            #expect(try await instance.keys.reload())
            #expect(instance.signer == signer)
            #expect(try await bench.states().count { $0 == .active } == 1)
            #expect(try await bench.states().count { $0 == .retired } == count)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a key that is not known yet is looked for, once`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let (first, second) = (try await bench.startedInstance(), try await bench.startedInstance())
            _ = try await bench.rotation().rotate(at: bench.now, isImmediate: true)
            #expect(try await first.keys.reload())
            let text = try first.issue(at: bench.now)
            let before = second.database.looks
            #expect(await second.accepts(text, at: bench.now))
            #expect(second.database.looks == before + 1 && second.signer == first.signer)
            // Tokens of strangers: they cost no look.
            let stranger = JWTSigner(try PrivateKey.generate(.p256), keyID: "stranger")
            let foreign = try stranger.sign(StrangeClaims())
            for _ in 0..<100 { #expect(!(await second.accepts(foreign, at: bench.now))) }
            #expect(second.database.looks == before + 1)
            #expect(await second.accepts(text, at: bench.now))
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `rows that were not made with the secret are no keys`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let instance = try await bench.startedInstance()
            let signer = instance.signer
            let repository = SigningKeyRepository(executor: bench.database)
            // Somebody who can write to the database, and does not know the secret.
            let pair = try PrivateKey.generate(.p256)
            var rows = [SigningKey(pair, .next, sealing: TokenSamples.otherSecret.sealing, at: bench.now)]
            // And a good key under a name that is not its own.
            let good = SigningKey(
                try PrivateKey.generate(.p256),
                .next,
                sealing: TokenSamples.secret.sealing,
                at: bench.now
            )
            rows.append(
                SigningKey(
                    id: "other",
                    algorithm: .es256,
                    state: .next,
                    publicKey: pair.publicKey.der,
                    sealedPrivateKey: good.sealedPrivateKey,
                    createdAt: bench.now
                )
            )
            for row in rows { #expect(try await repository.add(row)) }
            #expect(try await instance.keys.reload())
            #expect(instance.signer == signer)
            let json = String(decoding: try #require(instance.keys.keySet).json, as: UTF8.self)
            for row in rows {
                #expect(!json.contains(row.id))
                #expect(bench.log.contains(row.id))
                let forged = try JWTSigner(pair, keyID: row.id).sign(StrangeClaims())
                #expect(!(await instance.accepts(forged, at: bench.now)))
            }
            // A retired one is vouched for by its empty box alone.
            var retired = SigningKey(pair, .retired, sealing: TokenSamples.secret.sealing, at: bench.now)
            retired.sealedPrivateKey = retired.emptyBox(TokenSamples.secret.sealing)
            guard case .publicHalf(let half) = try retired.open(TokenSamples.secret.sealing) else {
                Issue.record("a retired key has no private half")
                return
            }
            #expect(half.webKey.thumbprint == retired.id)
            retired.sealedPrivateKey = []
            #expect(throws: CryptographyError.self) { try retired.open(TokenSamples.secret.sealing) }
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `under another secret nothing starts until the keys are rotated`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let old = try #require(try await bench.startedInstance().signer)
            let other = bench.instance(TokenSamples.otherSecret)
            await #expect(throws: SigningKeysError.sealedUnderAnotherSecret(old)) { try await other.keys.start() }
            #expect(other.keys.keySet == nil)
            let outcome = try await bench.rotation(TokenSamples.otherSecret).rotate(at: bench.now, isImmediate: true)
            guard case .rotated(old, let new, _) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            try await other.keys.start()
            #expect(other.signer == new)
            #expect(try await bench.states() == [.active, .next], "what can not be vouched for is gone")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `without the database the last keys stay, and one that starts waits for it`(_ kind: TestDatabase) async throws
    {
        try await KeyBench.with(kind) { bench in
            let instance = try await bench.startedInstance()
            let text = try instance.issue(at: bench.now)
            instance.database.isAway = true
            await #expect(throws: DatabaseError.self) { try await instance.keys.reload() }
            #expect(await instance.accepts(text, at: bench.now))
            let late = bench.instance(timing: .quick)
            late.database.isAway = true
            try await late.keys.start()
            #expect(throws: SigningKeysError.unavailable) { try late.issue(at: bench.now) }
            await #expect(throws: AccessTokenError.unavailable) {
                _ = try await late.access.verify(text, at: bench.now)
            }
            late.database.isAway = false
            try await bench.loop.wait(for: "the keys") { late.keys.keySet != nil }
            #expect(await late.accepts(text, at: bench.now))
        }
    }

    @Test func `every key has a name that can be said on a command line`() async throws {
        try await withLoop { _ in
            let pool = try BlockingPool(name: "keys", threads: 1, queueLimit: 1)
            defer { pool.close() }
            let maker = try #require(SigningKeyMaker(.edDSA, TokenSamples.secret, pool: pool))
            for _ in 0..<1_000 {
                let key = try await maker.make(.next, at: TokenSamples.now)
                #expect(!key.id.hasPrefix("-"))
            }
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `running instances find out by themselves`(_ kind: TestDatabase) async throws {
        try await KeyBench.with(kind) { bench in
            let instance = bench.instance(timing: .quick)
            try await instance.keys.start()
            let old = instance.signer
            _ = try await bench.rotation().rotate(at: bench.now, isImmediate: true)
            try await bench.loop.wait(for: "the new key") { instance.signer != old }
        }
    }
}

/// Claims of a stranger; nobody gets to see them.
private struct StrangeClaims: JSONWritable {
    func write(to writer: inout JSONWriter) { writer.object { $0.member("exp", 4_000_000_000) } }
}
