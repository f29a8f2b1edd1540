import Testing

@testable import Passwords

@Suite struct BcryptHashTests {
    /// Those that Openwall publishes with crypt_blowfish. They include bytes that are not text.
    private static let vectors: [(hash: String, password: [UInt8])] = [
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", Array("U*U".utf8)),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", Array("U*U*".utf8)),
        ("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", Array("U*U*U".utf8)),
        (
            "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
            Array(
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored"
                    .utf8
            )
        ),
        ("$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", [0xA3]),
        ("$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", [0xA3]),
        ("$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", [0xA3]),
        ("$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", [0xFF, 0xFF, 0xA3]),
        ("$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", [0xFF, 0xFF, 0xA3]),
        ("$2a$05$/OK.fbVrR/bpIqNJ5ianF.swQOIzjOiJ9GHEPuhEkvqrUyvWhEMx6", [UInt8](repeating: 0xAA, count: 72)),
        ("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", Array("a".utf8)),
        ("$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", Array("abc".utf8)),
    ]

    @Test func `the vectors of crypt_blowfish match`() throws {
        for vector in BcryptHashTests.vectors {
            let stored = try PasswordHash(vector.hash)
            #expect(stored.text == vector.hash)
            let password = try Password(bytes: vector.password)
            #expect(try stored.matches(password), "\(vector.hash)")
            let other = try Password(bytes: [0x21] + vector.password)
            #expect(try !stored.matches(other), "\(vector.hash)")
        }
    }

    @Test func `a digested hash is the one that Passlib makes`() throws {
        let vectors = [
            ("$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2", "password"),
            ("$bcrypt-sha256$v=2,t=2b,r=4$n79VH.0Q2TMWmt3Oqt9uku$sdU2s51xApBVBMVw4RZiJY.7FC1fevu", "password"),
            (
                "$bcrypt-sha256$v=2,t=2b,r=5$n79VH.0Q2TMWmt3Oqt9uku$4VjMgZwqzvX8q2g4dI.AK5DNpH3K5t2",
                String(repeating: "ä", count: 100)
            ),
        ]
        for (text, password) in vectors {
            let stored = try PasswordHash(text)
            #expect(stored.text == text)
            #expect(try stored.matches(Password(password)))
            #expect(try !stored.matches(Password(password + "x")))
        }
    }

    @Test func `a password of up to 72 bytes gets what every program can read, a longer one counts whole`() throws {
        let cost = try BcryptCost(4)
        let hashing = PasswordHashing(scheme: .bcrypt(cost))
        for length in [1, 71, 72, 73, 128, 511, 512, 1_024] {
            let password = String(repeating: "p", count: length)
            let stored = try PasswordHash(hashing.hash(Password(password)).text)
            #expect(stored.text.hasPrefix(length <= 72 ? "$2b$04$" : "$bcrypt-sha256$v=2,t=2b,r=4$"))
            #expect(try hashing.verify(Password(password), against: stored) == .matches(needsUpgrade: false))
            // The last byte counts, wherever it stands.
            let other = String(password.dropLast()) + "q"
            #expect(try hashing.verify(Password(other), against: stored) == .doesNotMatch, "\(length)")
        }
    }

    @Test func `a hash made elsewhere that has not read all bytes is replaced when it matches`() throws {
        let stored = try PasswordHash("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")
        let first72 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        let hashing = try PasswordHashing(scheme: .bcrypt(BcryptCost(5)))
        #expect(try hashing.verify(Password(first72), against: stored) == .matches(needsUpgrade: false))
        #expect(try hashing.verify(Password(first72 + "more"), against: stored) == .matches(needsUpgrade: true))
        let rest = String(repeating: "x", count: 900)
        #expect(try hashing.verify(Password(first72 + rest), against: stored) == .matches(needsUpgrade: true))
    }

    @Test func `a salt whose last digit has bits that count for nothing still matches`() throws {
        // The same salt and digest, but for the four bits of the salt's last digit that nobody reads.
        let stored = try PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC/E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
        #expect(try stored.matches(Password("U*U")))
    }

    @Test func `what is not written exactly so is refused`() {
        let digits = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        let malformed = [
            "$2a$05$", "$2a$05", "$2a$", "$2a", "$", "",
            "$2a$5$\(digits)", "$2a$005$\(digits)", "$2a$+5$\(digits)", "$2a$ 5$\(digits)", "$2a$$\(digits)",
            "$2a$0x$\(digits)", "$2a$05$\(digits)$", "$2a$05$$\(digits)", "2a$05$\(digits)", "$2a$05$\(digits) ",
            "$2a$05$\(digits.dropLast())", "$2a$05$\(digits)C", "$2a$05$\(digits.dropLast())=",
            "$2a$05$\(digits.dropLast())+", "$2a$05$:\(digits.dropFirst())", "$2a$05$\(digits.dropLast())é",
            "$bcrypt-sha256$v=1,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$bcrypt-sha256$v=2,t=2a,r=5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$bcrypt-sha256$v=2,t=2b,r=05$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$bcrypt-sha256$v=2,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$bcrypt-sha256$v=2,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
            "$bcrypt-sha256$v=2,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$bcrypt-sha256$2b,5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        ]
        for text in malformed { #expect(Refusal.of(text) == .malformedHash, "\(text)") }
        for variant in ["2", "2x", "2c", "1", "5", "6", "2B", "sha1", "bcrypt"] {
            #expect(Refusal.of("$\(variant)$05$\(digits)") == .unknownScheme)
        }
    }

    @Test func `costs have bounds, in settings and in tables alike`() {
        let digits = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        for rounds in 0...99 {
            let isAllowed = (4...15).contains(rounds)
            #expect(((try? BcryptCost(rounds)) != nil) == isAllowed)
            let text = "$2b$\(rounds < 10 ? "0" : "")\(rounds)$\(digits)"
            #expect(Refusal.of(text) == (isAllowed ? nil : .costOutOfBounds), "\(text)")
            let digested = "$bcrypt-sha256$v=2,t=2b,r=\(rounds)$\(digits.prefix(22))$\(digits.dropFirst(22))"
            #expect(Refusal.of(digested) == (isAllowed ? nil : .costOutOfBounds), "\(digested)")
        }
        for rounds in [-1, Int.min, Int.max] { #expect((try? BcryptCost(rounds)) == nil) }
    }
}
