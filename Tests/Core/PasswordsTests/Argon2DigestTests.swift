import Testing

@testable import Passwords

@Suite struct Argon2DigestTests {
    /// Made with argon2-cffi, so not by a program of ours.
    @Test func `a digest of the usual form is what others make of it`() throws {
        let digest = try Argon2Digest.compute(
            Password("plum-Granite-47"),
            .standard,
            salt: Array("0123456789abcdef".utf8),
            length: 32
        )
        #expect(digest == Bytes.of(hexadecimal: "331060f34670b1848d29c7fc7910ebfa093c379fcc492976cb0cc1a547c92c5f"))
    }

    @Test func `both libraries make the same of every password, cost and length`() throws {
        let salt = Array("0123456789abcdef".utf8)
        let passwords = ["x", "plum-Granite-47", "Überraschung", String(repeating: "long ", count: 200)]
        for (memory, iterations) in [(8, 1), (9, 1), (15, 3), (64, 2), (1_000, 1), (19_456, 2)] {
            let parameters = try Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: 1)
            for text in passwords {
                let password = try Password(text)
                for length in [16, 32, 64] {
                    let sodium = try Argon2Digest.bySodium(password, parameters, salt: salt, length: length)
                    let reference = try Argon2Digest.byReference(password, parameters, salt: salt, length: length)
                    #expect(sodium == reference, "\(text.prefix(16)) \(parameters) \(length)")
                }
            }
        }
    }

    @Test func `more lanes, and salts of other lengths, are verified too`() throws {
        let password = try Password("plum-Granite-47")
        let wrong = try Password("plum-Granite-48")
        for (salt, lanes) in [("0123456789abcdef", 4), ("01234567", 1), ("0123456789abcdef01", 1)] {
            let parameters = try Argon2Parameters(memoryKiB: 64, iterations: 1, parallelism: lanes)
            let made = try Argon2Hash(password, parameters: parameters, salt: Array(salt.utf8))
            let other = try Argon2Digest.byReference(password, parameters, salt: Array(salt.utf8), length: 32)
            #expect(made.digest == other)
            let hash = try PasswordHash(made.text)
            #expect(try hash.matches(password))
            #expect(try !hash.matches(wrong))
        }
    }
}
