import Testing

@testable import API

@Suite struct CommonPasswordsTests {
    /// Not asked within an expectation, which would print the whole list when it fails.
    private static func isCommon(_ password: String, in list: CommonPasswords = .standard) -> Bool {
        list.contains(password)
    }

    @Test func `what is tried first is found, however it is dressed up`() {
        let common = [
            // As it is, in capitals, with digits and signs for letters.
            "password", "PASSWORD", "Password", "P@ssw0rd", "p4$$w0rd", "pa55word", "passw0rd!", "P@ssw0rd1!",
            "$ecret123",
            "hell0", "Hell0!!", "adm1n", "w31c0me", "trustno1", "Tru$tn01", "s3cur1ty", "b4$3b411",
            // With numbers and signs before and behind.
            "password1", "password123", "Password2024!", "123password", "!!monkey!!", "2024-dragon", "letmein99",
            "Welcome1", "welcome123!", "qwerty123", "Qwerty!23", "admin123", "root1234", "test1234", "Summer2025!",
            "iloveyou3000", "michael1987", "liverpool1892", "gatehouse1", "changeme!", "password1234567890",
            // Said twice, or three times.
            "passwordpassword", "adminadmin", "Adminadmin1", "lovelovelove", "abcabc", "xyzxyzxyz", "qweqwe1",
            // The same character, the alphabet, the digits, the keyboard.
            "aaaaaaaa", "11111111", "!!!!!!!!", "abababab", "12345678", "1234567890", "87654321", "9876543210",
            "01234567",
            "abcdefgh", "zyxwvuts", "abcd1234", "1234abcd", "qwertyui", "asdfghjk", "zxcvbnm,", "qwer1234", "1234qwer",
            "1qaz2wsx", "1qaz2wsx3edc", "zaq12wsx", "qazwsxedc", "1q2w3e4r", "q1w2e3r4t5", "123qweasd", "asdfqwer",
            "poiuytre", "qwertz123", "azerty99", "112233", "11223344", "123123123", "147258369", "159753",
            // Dates.
            "19870421", "21041987", "04211987", "21.04.1987", "1987-04-21",
            "4/21/1987".replacing("4/21", with: "04/21"),
            "20260101",
            // Other languages.
            "passwort1", "motdepasse", "contraseña1", "iloveyou", "jetaime!", "tequiero", "senha123", "йцукен",
            "пароль1",
            "",
        ]
        for password in common { #expect(CommonPasswordsTests.isCommon(password), "\(password)") }
    }

    @Test func `what nobody tries first is not`() {
        let uncommon = [
            "correct horse battery staple", "tr0ub4dor&3", "kumquat-43-zeppelin", "x9f2m7qk", "vK8#pQ2!xL",
            "7c1e90ab44d2",
            "dragon and monkey", "passwordless is better", "my password is long", "the welcome mat", "SecurePass123!",
            "Wrk!2ndFloor", "48201937", "90817263", "dragon4820193746519", "31415926535898", "12#4x5!7$", "a8$k2%m5",
            "qwerty is a layout", "monkeywrenches", "19871399", "99999999x1a2", "ρόδι-σκάλα", "馬電池鹿角力車",
        ]
        for password in uncommon { #expect(!CommonPasswordsTests.isCommon(password), "\(password)") }
    }

    @Test func `every word of the list is found, bare and dressed up`() {
        let lists = [
            CommonPasswords.secrets, CommonPasswords.walks, CommonPasswords.things, CommonPasswords.pastimes,
            CommonPasswords.places, CommonPasswords.names, CommonPasswords.foreign,
        ]
        let words = lists.flatMap { $0.split(whereSeparator: \.isWhitespace) }.map { String($0) }
        for word in words {
            #expect(word == word.lowercased())
            #expect(CommonPasswordsTests.isCommon(word), "\(word)")
            #expect(
                CommonPasswordsTests.isCommon(word.uppercased() + (word.contains(where: \.isLetter) ? "#1" : "!")),
                "\(word)"
            )
        }
        #expect(words.count > 3_000)
        // No word stands there twice, in one spelling or another.
        #expect(CommonPasswords.standard.count == words.count)
    }

    @Test func `a list of one's own follows the same rules`() {
        let passwords = CommonPasswords(words: ["kumquat\nzeppelin  ", "", " fourth-floor"])
        #expect(passwords.count == 3)
        for password in [
            "Kumquat1", "k(mquat".replacing("(", with: "u"), "zepp3l1n!", "Fourth-F1oor", "kumquatkumquat",
        ] {
            #expect(CommonPasswordsTests.isCommon(password, in: passwords), "\(password)")
        }
        for password in ["password", "fourthfloor-x", "kumquats"] {
            #expect(!CommonPasswordsTests.isCommon(password, in: passwords), "\(password)")
        }
    }

    @Test func `hostile text is answered like any other`() {
        for text in [
            String(repeating: "1", count: 1_024), String(repeating: "!@", count: 512),
            String(repeating: "🔑", count: 256),
            String(repeating: "1", count: 31) + "a" + String(repeating: "1", count: 31), "\u{0}", "\u{301}\u{301}", "İ",
            "ß",
            String(repeating: "aaaaaaaaaaaaaaab", count: 64),
        ] {
            _ = CommonPasswordsTests.isCommon(text)
        }
        // Its ends are looked at in every combination, and that is not much.
        let ends = String(repeating: "1!", count: 15)
        #expect(!CommonPasswordsTests.isCommon("\(ends)kumquat\(ends)"))
    }
}
