import Testing

@testable import Passwords

@Suite struct PasswordHashTests {
    private static let stored = [
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2",
        "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$y8e1eitiNDaQsFFW6d.9KbSTlk5zV3R3coZQtfcNAO5",
    ]

    @Test func `a hash prints as its scheme and parameters`() throws {
        let descriptions = [
            "argon2id m=256,t=2,p=1", "bcrypt r=5", "bcrypt-sha256 r=12", "yescrypt j9T",
        ]
        for (text, description) in zip(PasswordHashTests.stored, descriptions) {
            let hash = try PasswordHash(text)
            #expect("\(hash)" == description)
            #expect(String(reflecting: hash) == description)
            var dumped = ""
            dump(hash, to: &dumped)
            let digest = text.suffix(20)
            #expect(!dumped.contains(digest) && !"\([hash])".contains(digest))
        }
    }

    @Test func `cut anywhere it is refused, or asks for another digest`() throws {
        for text in PasswordHashTests.stored {
            for length in 0..<text.utf8.count {
                let cut = String(text.prefix(length))
                guard let hash = try? PasswordHash(cut) else { continue }
                // Only argon2id says no length: a shorter digest is not the beginning of a longer one.
                guard case .argon2id(let short) = hash.format else {
                    Issue.record("\(cut) is accepted")
                    continue
                }
                #expect(hash.text == cut && short.digest.count >= 16 && short.digest.count < 32)
                let matches = try hash.matches(Password("password"))
                #expect(!matches)
            }
        }
    }

    @Test func `with any byte changed it is refused or reads as it is written`() {
        var accepted = 0
        for text in PasswordHashTests.stored {
            for index in text.utf8.indices.map({ text.utf8.distance(from: text.startIndex, to: $0) }) {
                for byte in UInt8.min...UInt8.max {
                    var bytes = Array(text.utf8)
                    bytes[index] = byte
                    let changed = String(decoding: bytes, as: UTF8.self)
                    guard let hash = try? PasswordHash(changed) else { continue }
                    accepted += 1
                    #expect(hash.text == changed)
                }
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `hostile text is refused`() {
        for text in [
            "password", "$", "$$$$$$$$", "\u{0}", "$2a$05$\u{0}", "$argon2id$v=19$m=256,t=2,p=1$é$é",
            "$2b\u{301}$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\r\n", "*0", "!", "x", "!$2a$05$",
            String(repeating: "$", count: 100_000), "$argon2id" + String(repeating: "$A", count: 1_000_000),
            "$argon2id$v=19$m=256,t=2,p=1$" + String(repeating: "A", count: 10_000_000),
        ] {
            #expect(Refusal.of(text) == .malformedHash || Refusal.of(text) == .unknownScheme)
        }
        for unknown in ["$1$salt$digest", "$5$salt$digest", "$6$salt$digest", "$scrypt$a$b", "$$a$b"] {
            #expect(Refusal.of(unknown) == .unknownScheme, "\(unknown)")
        }
    }
}
