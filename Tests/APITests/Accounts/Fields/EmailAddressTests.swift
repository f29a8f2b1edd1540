import Testing

@testable import API

@Suite struct EmailAddressTests {
    private static let label63 = String(repeating: "d", count: 63)

    private static func problem(_ typed: String) -> EmailAddressProblem? {
        do throws(EmailAddressProblem) {
            _ = try EmailAddress(typed)
            return nil
        } catch {
            return error
        }
    }

    /// What is typed, what is kept, and what tells accounts apart.
    private static let accepted: [(typed: String, text: String, key: String)] = [
        ("ann@example.com", "ann@example.com", "ann@example.com"),
        ("Ann.Lee@Example.COM", "Ann.Lee@example.com", "ann.lee@example.com"),
        ("a@b.co", "a@b.co", "a@b.co"),
        ("ann+lists@example.com", "ann+lists@example.com", "ann+lists@example.com"),
        ("o'brien@example.ie", "o'brien@example.ie", "o'brien@example.ie"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"),
        ("1@2.3d", "1@2.3d", "1@2.3d"),
        ("ann@mail-1.example.co.uk", "ann@mail-1.example.co.uk", "ann@mail-1.example.co.uk"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@example.museum", "ann@example.museum", "ann@example.museum"),
        // Quoted: with need, without need, with backslashes that need not be there, with an @ inside.
        ("\"ann lee\"@example.com", "\"ann lee\"@example.com", "\"ann lee\"@example.com"),
        ("\"ann\"@example.com", "ann@example.com", "ann@example.com"),
        ("\"ann.lee\"@example.com", "ann.lee@example.com", "ann.lee@example.com"),
        ("\"a\\n\\n\"@example.com", "ann@example.com", "ann@example.com"),
        ("\"ann..lee\"@example.com", "\"ann..lee\"@example.com", "\"ann..lee\"@example.com"),
        ("\".\"@example.com", "\".\"@example.com", "\".\"@example.com"),
        ("\"a@b\"@example.com", "\"a@b\"@example.com", "\"a@b\"@example.com"),
        ("\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com"),
        ("\"a\\\\b\"@example.com", "\"a\\\\b\"@example.com", "\"a\\\\b\"@example.com"),
        ("\" \"@example.com", "\" \"@example.com", "\" \"@example.com"),
    ]

    @Test func `addresses of the grammar are kept in one spelling`() throws {
        for (typed, text, key) in EmailAddressTests.accepted {
            let address = try EmailAddress(typed)
            #expect(address.text == text && address.key == key, "\(typed)")
            // What is kept is an address again, and the same one.
            #expect(try EmailAddress(address.text).text == text)
            #expect(try EmailAddress(address.key) == address)
        }
    }

    @Test func `spellings of one account are equal, other addresses are not`() throws {
        let one = try EmailAddress("Ann.Lee@Example.com")
        for same in ["ann.lee@example.com", "ANN.LEE@EXAMPLE.COM", "\"ann.lee\"@example.com"] {
            #expect(try EmailAddress(same) == one)
            #expect(try EmailAddress(same).hashValue == one.hashValue)
        }
        for other in ["annlee@example.com", "ann.lee+x@example.com", "ann.lee@example.org", "ann.lee@mail.example.com"]
        {
            #expect(try EmailAddress(other) != one)
        }
    }

    @Test func `everything else is refused with its reason`() {
        let label = EmailAddressTests.label63
        let cases: [(typed: String, problem: EmailAddressProblem)] = [
            ("", .empty),
            ("ann", .atSignMissing), ("ann.example.com", .atSignMissing), (" ", .atSignMissing),
            ("\"ann\"", .atSignMissing),
            ("@example.com", .localPartEmpty), ("@", .localPartEmpty), ("\"\"@example.com", .localPartEmpty),
            ("ann@", .domainEmpty),
            (".ann@example.com", .localPartDots), ("ann.@example.com", .localPartDots),
            ("a..b@example.com", .localPartDots), (".@example.com", .localPartDots),
            ("ann lee@example.com", .localPartCharacter), (" ann@example.com", .localPartCharacter),
            ("ann,lee@example.com", .localPartCharacter), ("ann(x)@example.com", .localPartCharacter),
            ("<ann@example.com>", .localPartCharacter), ("Ann <ann@example.com>", .localPartCharacter),
            ("mailto:ann@example.com", .localPartCharacter), ("a\\b@example.com", .localPartCharacter),
            ("a\"b\"@example.com", .localPartCharacter), ("\"a\"b@example.com", .localPartCharacter),
            ("\"a\".b@example.com", .localPartCharacter), ("ann\u{0}@example.com", .localPartCharacter),
            ("ann\r\n@example.com", .localPartCharacter), ("ann\u{7F}@example.com", .localPartCharacter),
            ("\"a\tb\"@example.com", .localPartCharacter), ("\"a\\\u{0}\"@example.com", .localPartCharacter),
            ("\"ann@example.com", .quoteNotClosed), ("\"ann\\\"@example.com", .quoteNotClosed), ("\"", .quoteNotClosed),
            ("\"\\", .quoteNotClosed),
            ("änn@example.com", .notASCII), ("ann@bücher.example", .notASCII), ("аnn@example.com", .notASCII),
            ("\"ä\"@example.com", .notASCII), ("ann@example。com", .notASCII), ("ann\u{200B}@example.com", .notASCII),
            ("ann@exam\u{202E}ple.com", .notASCII), ("ann＠example.com", .atSignMissing),
            ("ann@example..com", .domainDots), ("ann@.example.com", .domainDots), ("ann@example.com.", .domainDots),
            ("ann@.", .domainDots),
            ("ann@exa mple.com", .domainCharacter), ("ann@example.com ", .domainCharacter),
            ("ann@exam_ple.com", .domainCharacter), ("ann@b@example.com", .domainCharacter),
            ("ann@example.com\n", .domainCharacter), ("ann@example.com,bob@example.com", .domainCharacter),
            ("ann@example.com/path", .domainCharacter), ("ann@example.com:25", .domainCharacter),
            ("ann@-example.com", .domainHyphens), ("ann@example-.com", .domainHyphens), ("ann@a.-", .domainHyphens),
            ("ann@\(label)d.com", .domainLabelTooLong), ("ann@a.\(label)d", .domainLabelTooLong),
            ("ann@localhost", .domainNotQualified), ("ann@gmail", .domainNotQualified),
            ("ann@192.0.2.1", .domainNotQualified), ("ann@example.123", .domainNotQualified),
            ("ann@[192.0.2.1]", .addressLiteral), ("ann@[IPv6:2001:db8::1]", .addressLiteral),
            ("ann@[", .addressLiteral),
        ]
        for (typed, problem) in cases { #expect(EmailAddressTests.problem(typed) == problem, "\(typed)") }
    }

    @Test func `lengths are limited where the standard limits them`() {
        let label = EmailAddressTests.label63
        let local64 = String(repeating: "l", count: 64)
        #expect(EmailAddressTests.problem("\(local64)@example.com") == nil)
        #expect(EmailAddressTests.problem("l\(local64)@example.com") == .localPartTooLong)
        // Quotes count: they are on the wire.
        #expect(EmailAddressTests.problem("\"\(local64.dropLast(2))\"@example.com") == nil)
        #expect(EmailAddressTests.problem("\"\(local64.dropLast(1))\"@example.com") == .localPartTooLong)
        #expect(EmailAddressTests.problem("ann@\(label).com") == nil)
        // 64 + 1 + 63 + 1 + 63 + 1 + 61 are 254.
        let whole = "\(local64)@\(label).\(label).\(label.dropLast(2))"
        #expect(whole.utf8.count == 254 && EmailAddressTests.problem(whole) == nil)
        #expect(EmailAddressTests.problem(whole + "d") == .tooLong)
        #expect(EmailAddressTests.problem(String(repeating: "a@", count: 5_000_000)) == .tooLong)
    }

    @Test func `cut anywhere an address is refused or another address`() throws {
        for (typed, _, _) in EmailAddressTests.accepted {
            for length in 0..<typed.utf8.count {
                let cut = String(decoding: typed.utf8.prefix(length), as: UTF8.self)
                guard let address = try? EmailAddress(cut) else { continue }
                #expect(address.key.contains("@") && address.key.utf8.count <= length)
                #expect(try address != EmailAddress(typed))
            }
        }
    }

    @Test func `with any byte changed it is refused, or kept in a spelling that reads the same`() throws {
        var accepted = 0
        for (typed, _, _) in EmailAddressTests.accepted {
            for index in 0..<typed.utf8.count {
                for byte in UInt8(0)..<0x80 {
                    var bytes = Array(typed.utf8)
                    bytes[index] = byte
                    guard let address = try? EmailAddress(String(decoding: bytes, as: UTF8.self)) else { continue }
                    accepted += 1
                    let again = try EmailAddress(address.text)
                    #expect(again.text == address.text && again == address)
                }
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `every problem has words of its own`() {
        let messages = EmailAddressProblem.allCases.map(\.message)
        // The two about dots differ in where they are.
        #expect(Set(messages).count == messages.count)
        #expect(messages.allSatisfy { $0.hasSuffix(".") && $0.count > 15 })
    }
}
