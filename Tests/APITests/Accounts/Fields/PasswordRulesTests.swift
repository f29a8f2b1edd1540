import Testing

@testable import API

@Suite struct PasswordRulesTests {
    private static let classes = PasswordRules(
        minimumLength: 10,
        requiresUppercase: true,
        requiresLowercase: true,
        requiresDigit: true,
        requiresSymbol: true
    )

    private static func problems(
        _ password: String,
        _ rules: PasswordRules = PasswordRules(),
        username: String = "ann",
        email: String = "ann.lee@example.com"
    ) -> [PasswordProblem] {
        rules.problems(of: password, username: username, email: email)
    }

    @Test func `good passwords have no problem`() {
        let good = [
            "correct horse battery staple", "kumquat-43-zeppelin", "tr0ub4dor&3", "vK8#pQ2!xL", "Mein Fahrrad ist rot",
            "пингвин на крыше", "正しい馬の電池のホッチキス", "🔑🦊🌧️🧀🚲🎻🪐🧦", "x9f2m7qk", "7c1e90ab44d2",
            "Wrk!2ndFloor.Window", "SecurePass123!", "longest-day-of-1997",
            String(repeating: "Long enough? ", count: 12),
            String(repeating: "a", count: 128), String(repeating: "Aa1!", count: 200), "  leading and trailing  ",
        ]
        for password in good { #expect(PasswordRulesTests.problems(password).isEmpty, "\(password)") }
    }

    @Test func `length counts characters as Unicode does, after composing`() {
        let short = PasswordProblem.tooShort(minimum: 8)
        #expect(PasswordRulesTests.problems("x9f2m7q") == [short])
        #expect(PasswordRulesTests.problems("x9f2m7qk").isEmpty)
        // Seven letters, two of them typed as two.
        #expect(PasswordRulesTests.problems("xe\u{301}f2mo\u{308}q") == [short])
        #expect(PasswordRulesTests.problems("xe\u{301}f2mo\u{308}qk").isEmpty)
        // Seven syllables are twenty-one letters, and eight code points are enough whatever they look like.
        let syllables = [
            "\u{1112}\u{1161}\u{11AB}", "\u{1100}\u{1173}\u{11AF}", "\u{1109}\u{1165}", "\u{110B}\u{116E}\u{11AF}",
        ]
        #expect(PasswordRulesTests.problems((syllables + syllables.prefix(3)).joined()) == [short])
        #expect(PasswordRulesTests.problems("👩‍👩‍👧‍👦x").isEmpty)
        #expect(PasswordRulesTests.problems("") == [short, .common])
        #expect(PasswordRulesTests.problems("x9f2", PasswordRules(minimumLength: 4)).isEmpty)
        #expect(PasswordRulesTests.problems("", PasswordRules(minimumLength: 0)).first == .tooShort(minimum: 1))
    }

    @Test func `1,024 bytes are possible, more are not looked at`() {
        let phrase = String(repeating: "kumquat ", count: 128)
        #expect(PasswordRulesTests.problems(phrase).isEmpty)
        #expect(PasswordRulesTests.problems(phrase + "x") == [.tooLong])
        #expect(PasswordRulesTests.problems(String(repeating: "x", count: 10_000_000)) == [.tooLong])
        // Counted as it is hashed: 341 syllables of nine bytes typed, three kept.
        let syllable = "\u{1112}\u{1161}\u{11AB}"
        #expect(PasswordRulesTests.problems(String(repeating: syllable, count: 341)).isEmpty)
        #expect(PasswordRulesTests.problems(String(repeating: syllable, count: 342)) == [.tooLong])
    }

    @Test func `all problems are reported at once`() {
        let all: [PasswordProblem] = [.tooShort(minimum: 10), .lacksUppercase, .lacksDigit, .lacksSymbol, .common]
        #expect(PasswordRulesTests.problems("password", PasswordRulesTests.classes) == all)
        #expect(
            PasswordRulesTests.problems("AnnLee\u{7}", PasswordRulesTests.classes)
                == [.tooShort(minimum: 10), .controlCharacter, .lacksDigit, .lacksSymbol, .likeUsername, .likeEmail]
        )
    }

    @Test func `classes are asked for only when they are switched on, in any script`() {
        let cases: [(password: String, missing: [PasswordProblem])] = [
            ("Kumquat-43x", []), ("kumquat-43x", [.lacksUppercase]), ("KUMQUAT-43X", [.lacksLowercase]),
            ("Kumquat-fourx", [.lacksDigit]), ("Kumquat43xy", [.lacksSymbol]), ("Kumquat 43x", []),
            ("Кумкват-٤٣я", []), ("kumquatzebra", [.lacksUppercase, .lacksDigit, .lacksSymbol]),
            ("Ümlaut€43xy", []), ("馬電池鹿角力車輪山川", [.lacksUppercase, .lacksLowercase, .lacksDigit, .lacksSymbol]),
        ]
        for (password, missing) in cases {
            #expect(PasswordRulesTests.problems(password, PasswordRulesTests.classes) == missing, "\(password)")
            #expect(PasswordRulesTests.problems(password).isEmpty, "\(password)")
        }
    }

    @Test func `what can not be typed is refused`() {
        for character in ["\u{0}", "\n", "\r", "\t", "\u{1B}", "\u{7F}", "\u{85}"] {
            #expect(PasswordRulesTests.problems("kumquat\(character)zeppelin") == [.controlCharacter])
        }
        for character in [" ", "\u{A0}", "\u{200D}", "\u{FE0F}"] {
            #expect(PasswordRulesTests.problems("kumquat\(character)zeppelin").isEmpty)
        }
    }

    @Test func `the common ones may be allowed`() {
        #expect(PasswordRulesTests.problems("password1") == [.common])
        #expect(PasswordRulesTests.problems("password1", PasswordRules(refusesCommon: false)).isEmpty)
    }

    @Test func `a password may not be the name with something hung on it`() {
        let cases: [(password: String, username: String, email: String, problems: [PasswordProblem])] = [
            ("marguerite", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("Marguerite1999!", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("m4rgu3r1t3", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("marguerite", "M4rgu3r1t3", "m@kiosk.example", [.likeUsername]),
            ("etireugram77", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("marguerite-marguerite", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("margueritepassword", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("marguerite12345678", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("x9-marguerite", "marguerite", "m@kiosk.example", [.likeUsername]),
            ("marguerite drinks tea", "marguerite", "m@kiosk.example", []),
            ("marguerite-vK8#pQ2!", "marguerite", "m@kiosk.example", []),
            ("j.delacroix@kiosk.example", "jd-1", "j.delacroix@kiosk.example", [.likeEmail]),
            ("j.delacroix#1", "jd-1", "j.delacroix@kiosk.example", [.likeEmail]),
            ("kiosk2026!", "jd-1", "j.delacroix@kiosk.example", [.likeEmail]),
            ("j.delacroix-kiosk-99", "jd-1", "j.delacroix@kiosk.example", [.likeEmail]),
            ("delacroix1", "delacroix", "delacroix@kiosk.example", [.likeUsername, .likeEmail]),
            // Too short to mean anything, not a name at all, nothing to compare with.
            ("x9f2m7qk", "x9", "x@9f.example", []), ("x9f2m7qk", "", "", []), ("x9f2m7qk", "marguerite", "@", []),
            ("exampleqq77", "jd-1", "j@kiosk.example", []),
        ]
        for (password, username, email, problems) in cases {
            let found = PasswordRulesTests.problems(password, username: username, email: email)
            #expect(found == problems, "\(password)")
        }
    }

    @Test func `no message repeats what was typed, and each has its own words`() {
        let problems: [PasswordProblem] = [
            .tooShort(minimum: 8), .tooLong, .controlCharacter, .lacksUppercase, .lacksLowercase, .lacksDigit,
            .lacksSymbol, .common, .likeUsername, .likeEmail,
        ]
        #expect(Set(problems.map(\.message)).count == problems.count)
        #expect(PasswordProblem.tooShort(minimum: 12).message.contains("12"))
        #expect(PasswordProblem.tooLong.message.contains("1024"))
    }
}
