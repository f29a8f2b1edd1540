import Testing

@testable import Passwords

@Suite struct YescryptHashTests {
    /// As the system's crypt(3) made them.
    private static let vectors = [
        (
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$y8e1eitiNDaQsFFW6d.9KbSTlk5zV3R3coZQtfcNAO5",
            "correct horse battery staple"
        ),
        ("$y$j75$abcdefgh$2nqbFo4uh99VrEziNt/pJRqcHXir/zvp0M07Y9Sgg.9", String(repeating: "ä", count: 100)),
        ("$y$j75$zzzzzzzzzzzzzzzzzzzzzz/$muR23SkBuCZgqyg3LorOcJ478THV/Qob79n4He8IiA2", "x"),
    ]

    @Test func `hashes of the system match, and are always replaced`() throws {
        for (text, password) in YescryptHashTests.vectors {
            let stored = try PasswordHash(text)
            #expect(stored.text == text)
            for scheme in [PasswordScheme.bcrypt(try BcryptCost(4)), .argon2id(.standard)] {
                let hashing = PasswordHashing(scheme: scheme)
                #expect(try hashing.verify(Password(password), against: stored) == .matches(needsUpgrade: true))
            }
            #expect(try !stored.matches(Password(password + "x")))
            #expect(try !stored.matches(Password("y" + password.dropFirst())))
        }
    }

    @Test func `a password longer than libcrypt takes does not match by its beginning`() throws {
        let stored = try PasswordHash("$y$j75$abcdefgh$SRaq4XG.ec05KqCNouaUdLoHdEasJETm.2Q9tkUdsB3")
        #expect(try stored.matches(Password(String(repeating: "p", count: 511))))
        #expect(try !stored.matches(Password(String(repeating: "p", count: 512))))
        #expect(try !stored.matches(Password(String(repeating: "p", count: 1_024))))
    }

    @Test func `what is not written exactly so is refused`() {
        let salt = "F5Jx5fExrKuPp53xLKQ..1"
        let digest = "y8e1eitiNDaQsFFW6d.9KbSTlk5zV3R3coZQtfcNAO5"
        #expect(Refusal.of("$y$j9T$\(salt)$\(digest)") == nil)
        let malformed = [
            "$y$", "$y$j9T", "$y$j9T$", "$y$j9T$\(salt)", "$y$j9T$\(salt)$", "$y$j9T$$\(digest)",
            "$y$j9$\(salt)$\(digest)", "$y$$\(salt)$\(digest)", "$y$/9T$\(salt)$\(digest)", "$y$k9T$\(salt)$\(digest)",
            // With a further parameter, and with numbers that take two digits.
            "$y$j9T.0$\(salt)$\(digest)", "$y$jkT$\(salt)$\(digest)", "$y$j9z$\(salt)$\(digest)",
            "$y$j9!$\(salt)$\(digest)",
            "$y$j9T$\(salt)+$\(digest)", "$y$j9T$\(salt)$\(digest.dropLast())", "$y$j9T$\(salt)$\(digest)5",
            "$y$j9T$\(salt)$\(digest.dropLast())-", "$y$j9T$\(salt)$\(digest)$",
            "$y$j9T$\(String(repeating: "a", count: 87))$\(digest)",
        ]
        for text in malformed { #expect(Refusal.of(text) == .malformedHash, "\(text)") }
        for name in ["7", "gy", "Y", "5", "6", "1"] {
            #expect(Refusal.of("$\(name)$j9T$\(salt)$\(digest)") == .unknownScheme)
        }
    }

    @Test func `memory has a bound`() {
        let rest = "F5Jx5fExrKuPp53xLKQ..1$y8e1eitiNDaQsFFW6d.9KbSTlk5zV3R3coZQtfcNAO5"
        // With r = 32, `D` is 2^16: 256 MiB. `E` is twice that, and `j` the most that one digit says.
        let cases: [(parameters: String, isAllowed: Bool)] = [
            ("j9T", true), ("jDT", true), ("jET", false), ("jFT", false), ("jjT", false), ("jF5", true), ("jG5", false),
            ("jDU", false), ("jVT", false), ("jj.", false), ("j..", true),
        ]
        for (parameters, isAllowed) in cases {
            #expect(Refusal.of("$y$\(parameters)$\(rest)") == (isAllowed ? nil : .costOutOfBounds), "\(parameters)")
        }
    }
}
