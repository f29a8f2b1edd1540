import Linux
import Testing

@testable import Passwords

@Suite struct PasswordHashingTests {
    private static func argon2id(
        _ memory: Int,
        _ iterations: Int,
        _ parallelism: Int = 1
    ) throws(PasswordError) -> PasswordScheme {
        .argon2id(try Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: parallelism))
    }

    private static func bcrypt(_ rounds: Int) throws(PasswordError) -> PasswordScheme {
        .bcrypt(try BcryptCost(rounds))
    }

    @Test func `what is hashed matches, anything else does not`() throws {
        for scheme in [try PasswordHashingTests.argon2id(64, 1), try PasswordHashingTests.bcrypt(4)] {
            let hashing = PasswordHashing(scheme: scheme)
            for text in ["a", "pässwörd", "🔑🔑", String(repeating: "long ", count: 200), "tab\tand\nline"] {
                let stored = try PasswordHash(hashing.hash(Password(text)).text)
                #expect(try hashing.verify(Password(text), against: stored) == .matches(needsUpgrade: false))
                for other in [text + " ", " " + text, text.uppercased() + "A", "b"] {
                    #expect(try hashing.verify(Password(other), against: stored) == .doesNotMatch)
                }
            }
        }
    }

    @Test func `decomposed text matches what was hashed composed`() throws {
        let hashing = try PasswordHashing(scheme: PasswordHashingTests.argon2id(64, 1))
        let stored = try hashing.hash(Password("cr\u{E8}me \u{D55C}"))
        let typed = try Password("cre\u{300}me \u{1112}\u{1161}\u{11AB}")
        #expect(try hashing.verify(typed, against: stored) == .matches(needsUpgrade: false))
    }

    @Test func `every hash has a salt of its own`() throws {
        for scheme in [try PasswordHashingTests.argon2id(64, 1), try PasswordHashingTests.bcrypt(4)] {
            let hashing = PasswordHashing(scheme: scheme)
            let texts = try (0..<20).map { _ in try hashing.hash(Password("same")).text }
            #expect(Set(texts).count == 20)
        }
    }

    @Test func `salts are made of the bytes that are given, sixteen for each hash`() throws {
        let asked = Lock<[Int]>([])
        for scheme in [try PasswordHashingTests.argon2id(64, 1), try PasswordHashingTests.bcrypt(4)] {
            let hashing = PasswordHashing(scheme: scheme) { count in
                asked.withLock { $0.append(count) }
                return [UInt8](repeating: 0xFF, count: count)
            }
            let (one, other) = try (hashing.hash(Password("same")).text, hashing.hash(Password("same")).text)
            #expect(one == other)
            #expect(one.contains("//////////////////////".prefix(21)) || one.contains("999999999999999999999"))
        }
        #expect(asked.withLock { $0 } == [16, 16, 16, 16])
    }

    @Test func `a hash that is below what is configured is to be replaced, a dearer one is not`() throws {
        let cases: [(stored: PasswordScheme, configured: PasswordScheme, needsUpgrade: Bool)] = [
            (try PasswordHashingTests.argon2id(64, 2), try PasswordHashingTests.argon2id(64, 2), false),
            (try PasswordHashingTests.argon2id(63, 2), try PasswordHashingTests.argon2id(64, 2), true),
            (try PasswordHashingTests.argon2id(64, 1), try PasswordHashingTests.argon2id(64, 2), true),
            (try PasswordHashingTests.argon2id(65, 2), try PasswordHashingTests.argon2id(64, 2), false),
            (try PasswordHashingTests.argon2id(64, 3), try PasswordHashingTests.argon2id(64, 2), false),
            (try PasswordHashingTests.argon2id(128, 1), try PasswordHashingTests.argon2id(64, 2), true),
            (try PasswordHashingTests.argon2id(32, 9), try PasswordHashingTests.argon2id(64, 2), true),
            (try PasswordHashingTests.argon2id(64, 2, 4), try PasswordHashingTests.argon2id(64, 2, 1), true),
            (try PasswordHashingTests.argon2id(65, 2, 4), try PasswordHashingTests.argon2id(64, 2, 1), false),
            (try PasswordHashingTests.argon2id(64, 2, 1), try PasswordHashingTests.argon2id(64, 2, 4), true),
            (try PasswordHashingTests.bcrypt(4), try PasswordHashingTests.bcrypt(4), false),
            (try PasswordHashingTests.bcrypt(4), try PasswordHashingTests.bcrypt(5), true),
            (try PasswordHashingTests.bcrypt(5), try PasswordHashingTests.bcrypt(4), false),
            (try PasswordHashingTests.bcrypt(5), try PasswordHashingTests.argon2id(64, 2), true),
            (try PasswordHashingTests.argon2id(64, 2), try PasswordHashingTests.bcrypt(4), true),
        ]
        for (storedScheme, configured, needsUpgrade) in cases {
            let stored = try PasswordHashing(scheme: storedScheme).hash(Password("right"))
            let hashing = PasswordHashing(scheme: configured)
            let outcome = try hashing.verify(Password("right"), against: stored)
            #expect(outcome == .matches(needsUpgrade: needsUpgrade), "\(storedScheme) to \(configured)")
            #expect(try hashing.verify(Password("wrong"), against: stored) == .doesNotMatch)
            // Doing it settles it.
            let renewed = try hashing.hash(Password("right"))
            #expect(try hashing.verify(Password("right"), against: renewed) == .matches(needsUpgrade: false))
        }
    }

    @Test func `short salts and digests are replaced`() throws {
        let hashing = try PasswordHashing(scheme: PasswordHashingTests.argon2id(256, 2))
        let stored = try PasswordHash(
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        )
        #expect(try hashing.verify(Password("password"), against: stored) == .matches(needsUpgrade: true))
    }

    @Test func `nobody's password never matches, and costs what is configured`() throws {
        let schemes = [
            try PasswordHashingTests.argon2id(64, 3), try PasswordHashingTests.argon2id(256, 1, 2),
            try PasswordHashingTests.bcrypt(4), try PasswordHashingTests.bcrypt(5),
        ]
        for scheme in schemes {
            let hashing = PasswordHashing(scheme: scheme)
            for text in ["a", String(repeating: "b", count: 1_024)] {
                #expect(try hashing.verify(Password(text), against: nil) == .doesNotMatch)
            }
            // The same function computes it, with the same parameters and lengths.
            #expect("\(hashing.decoy)" == "\(try hashing.hash(Password("a")))")
            #expect(hashing.decoy.text.utf8.count == (try hashing.hash(Password("a"))).text.utf8.count)
            #expect(Refusal.of(hashing.decoy.text) == nil)
        }
    }

    @Test func `random bytes do not repeat`() {
        #expect(PasswordHashing.systemRandomBytes(16).count == 16)
        #expect(PasswordHashing.systemRandomBytes(0).isEmpty)
        #expect(Set((0..<1_000).map { _ in PasswordHashing.systemRandomBytes(16) }).count == 1_000)
        #expect(Set(PasswordHashing.systemRandomBytes(10_000)).count == 256)
    }

    @Test func `a scheme says its name and parameters`() throws {
        #expect("\(PasswordScheme.standard)" == "argon2id m=19456,t=2,p=1")
        #expect("\(try PasswordHashingTests.bcrypt(12))" == "bcrypt r=12")
    }
}
