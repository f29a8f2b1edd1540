import Testing

@testable import Passwords

@Suite struct Argon2HashTests {
    private struct Vector {
        let iterations: Int
        let logarithm: Int
        let parallelism: Int
        let password: String
        let salt: String
        let digest: String

        init(
            _ iterations: Int,
            _ logarithm: Int,
            _ parallelism: Int,
            _ password: String,
            _ salt: String,
            _ digest: String
        ) {
            self.iterations = iterations
            self.logarithm = logarithm
            self.parallelism = parallelism
            self.password = password
            self.salt = salt
            self.digest = digest
        }
    }

    /// Those that the reference implementation publishes for argon2id, version 19.
    private static let vectors = [
        Vector(
            2,
            16,
            1,
            "password",
            "somesalt",
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
        ),
        Vector(
            2,
            18,
            1,
            "password",
            "somesalt",
            "78fe1ec91fb3aa5657d72e710854e4c3d9b9198c742f9616c2f085bed95b2e8c"
        ),
        Vector(2, 8, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        Vector(2, 8, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        Vector(
            1,
            16,
            1,
            "password",
            "somesalt",
            "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"
        ),
        Vector(
            4,
            16,
            1,
            "password",
            "somesalt",
            "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c"
        ),
        Vector(
            2,
            16,
            1,
            "differentpassword",
            "somesalt",
            "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde"
        ),
        Vector(
            2,
            16,
            1,
            "password",
            "diffsalt",
            "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"
        ),
    ]

    @Test func `the vectors of the reference implementation come out`() throws {
        for vector in Argon2HashTests.vectors {
            let parameters = try Argon2Parameters(
                memoryKiB: 1 << vector.logarithm,
                iterations: vector.iterations,
                parallelism: vector.parallelism
            )
            let hash = try Argon2Hash(Password(vector.password), parameters: parameters, salt: Array(vector.salt.utf8))
            #expect(hash.digest == Bytes.of(hexadecimal: vector.digest))
            let stored = try PasswordHash(hash.text)
            #expect(try stored.matches(Password(vector.password)))
            #expect(try !stored.matches(Password(vector.password + "x")))
        }
    }

    @Test func `a hash is written in the PHC string format`() throws {
        let parameters = try Argon2Parameters(memoryKiB: 256, iterations: 2, parallelism: 1)
        let hash = try Argon2Hash(Password("password"), parameters: parameters, salt: Array("somesalt".utf8))
        #expect(
            hash.text == "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        )
        #expect(try PasswordHash(hash.text).text == hash.text)
    }

    @Test func `what is not written exactly so is refused`() {
        let salt = "c29tZXNhbHQ"
        let digest = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        let good = "m=256,t=2,p=1$\(salt)$\(digest)"
        #expect(Refusal.of("$argon2id$v=19$\(good)") == nil)
        let malformed = [
            "$argon2id$\(good)",
            "$argon2id$v=16$\(good)",
            "$argon2id$v=019$\(good)",
            "$argon2id$v=19,$\(good)",
            "$argon2id$v=19$\(good)$",
            "$argon2id$v=19$\(good)\n",
            "argon2id$v=19$\(good)",
            " $argon2id$v=19$\(good)",
            "$argon2id$v=19$t=2,m=256,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=256,t=2$\(salt)$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1,keyid=AA$\(salt)$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1,$\(salt)$\(digest)",
            "$argon2id$v=19$m=0256,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=+256,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=-256,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m= 256,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=0x100,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$m=99999999999999999999,t=2,p=1$\(salt)$\(digest)",
            "$argon2id$v=19$M=256,t=2,p=1$\(salt)$\(digest)",
            // Padded, of the other alphabet, with bits nobody reads, cut within a digit.
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)=$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(digest)=",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$" + digest.replacing("/", with: "_"),
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(digest.dropLast())5",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(digest)AA",
            // Too short and too long: 7 and 65 bytes of salt, 15 and 65 of digest.
            "$argon2id$v=19$m=256,t=2,p=1$AAAAAAAAAA$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1$$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1$\(String(repeating: "A", count: 87))$\(digest)",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(String(repeating: "A", count: 20))",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(String(repeating: "A", count: 87))",
            "$argon2id$v=19$m=256,t=2,p=1$\(salt)$",
        ]
        for text in malformed { #expect(Refusal.of(text) == .malformedHash, "\(text)") }
    }

    @Test func `the variants nobody should store are not verified`() {
        let rest = "$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        for name in ["argon2i", "argon2d", "argon2", "Argon2id", "argon2id "] {
            let expected: PasswordError.Code = name.contains(" ") ? .malformedHash : .unknownScheme
            #expect(Refusal.of("$" + name + rest) == expected)
        }
    }

    @Test func `parameters have bounds, in settings and in tables alike`() {
        let cases: [(memory: Int, iterations: Int, parallelism: Int, isAllowed: Bool)] = [
            (19_456, 2, 1, true),
            (8, 1, 1, true), (7, 1, 1, false),
            (128, 1, 16, true), (127, 1, 16, false), (136, 1, 17, false),
            (262_144, 4, 1, true), (262_144, 5, 1, false), (262_145, 1, 1, false),
            (4_194_304, 1, 1, false), (Int.max, 1, 1, false),
            (1_024, 1_024, 1, true), (1_024, 1_025, 1, false), (8, 4_294_967_295, 1, false), (8, Int.max, 1, false),
            (0, 1, 1, false), (8, 0, 1, false), (8, 1, 0, false), (8, 1, Int.max, false), (0, 0, 0, false),
        ]
        for (memory, iterations, parallelism, isAllowed) in cases {
            let parameters = try? Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: parallelism)
            #expect((parameters != nil) == isAllowed, "\(memory) \(iterations) \(parallelism)")
            let text = "$argon2id$v=19$m=\(memory),t=\(iterations),p=\(parallelism)$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg"
            #expect(Refusal.of(text) == (isAllowed ? nil : .costOutOfBounds), "\(text)")
        }
    }
}
