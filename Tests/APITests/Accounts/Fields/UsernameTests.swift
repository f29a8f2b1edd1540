import Testing

@testable import API

@Suite struct UsernameTests {
    private static func problem(_ typed: String) -> UsernameProblem? {
        do throws(UsernameProblem) {
            _ = try Username(typed)
            return nil
        } catch {
            return error
        }
    }

    @Test func `names of the rule are kept as they were typed`() throws {
        let long = String(repeating: "n", count: 32)
        for name in ["ann", "Ann", "a.b", "a-b", "a_b", "ann.lee-2_x", "123", "0x0", "x2y", long, "ADMIN", "a1.b2.c3"] {
            #expect(try Username(name).text == name)
            #expect(try Username(name).key == name.lowercased())
        }
    }

    @Test func `capitals count for nothing, signs do`() throws {
        #expect(try Username("Ann.Lee") == Username("aNN.lEE"))
        #expect(try Username("Ann.Lee").hashValue == Username("ann.lee").hashValue)
        #expect(try Username("ann.lee") != Username("ann-lee"))
        #expect(try Username("ann.lee") != Username("annlee"))
    }

    @Test func `everything else is refused with its reason`() {
        let cases: [(typed: String, problem: UsernameProblem)] = [
            ("", .empty),
            ("a", .tooShort), ("ab", .tooShort), ("a.", .tooShort),
            (String(repeating: "n", count: 33), .tooLong), (String(repeating: "n", count: 10_000_000), .tooLong),
            ("ann@example.com", .emailAddress), ("@ann", .emailAddress), ("ä@b", .emailAddress),
            ("ann lee", .character), (" ann", .character), ("ann ", .character), ("ann\n", .character),
            ("ann\u{0}", .character), ("ann/lee", .character), ("../ann", .character), ("ann%20", .character),
            ("ann'--", .character), ("<ann>", .character), ("{{ann}}", .character), ("ann+lee", .character),
            ("a,b", .character), ("a:b", .character), ("änn", .character), ("a🔑b", .character),
            // Looks like ann, is Cyrillic; full width; joined by nothing; written backwards; an accent of its own.
            ("аnn", .character), ("ａnn", .character), ("an\u{200D}n", .character), ("\u{202E}nna", .character),
            ("an\u{301}n", .character), ("ann\u{AD}", .character), ("K\u{212A}kk", .character),
            (".ann", .signAtEnd), ("ann.", .signAtEnd), ("-ann", .signAtEnd), ("ann_", .signAtEnd), ("...", .signAtEnd),
            ("a..b", .doubledSign), ("a.-b", .doubledSign), ("a__b", .doubledSign), ("a---b", .doubledSign),
        ]
        for (typed, problem) in cases { #expect(UsernameTests.problem(typed) == problem, "\(typed)") }
    }

    @Test func `no accepted name reads as an address, a path or another name`() throws {
        // All names of three characters out of those that matter.
        let characters = "aA0.-_@/ \\%é\u{0}<'".map { String($0) }
        var accepted: [Username] = []
        for first in characters {
            for second in characters {
                for third in characters {
                    if let name = try? Username(first + second + third) { accepted.append(name) }
                }
            }
        }
        // A letter or digit at either end, and in the middle that or a sign.
        #expect(accepted.count == 3 * 6 * 3)
        #expect(accepted.allSatisfy { $0.text.utf8.allSatisfy { $0 < 0x80 && $0 > 0x2C } })
    }

    @Test func `names that pose as the service are reserved, and still names`() throws {
        for name in ["admin", "Admin", "ROOT", "no-reply", "no.reply", "sys_admin", "s-y-s-t-e-m", "null", "gatehouse"]
        {
            #expect(try Username(name).isReserved, "\(name)")
        }
        for name in ["ann", "admin2", "adminton", "user", "test", "rooted", "alice", "guest", "thesystem"] {
            #expect(try !Username(name).isReserved, "\(name)")
        }
    }

    @Test func `every problem has words of its own`() {
        let messages = UsernameProblem.allCases.map(\.message)
        #expect(Set(messages).count == messages.count)
        #expect(messages.allSatisfy { $0.hasSuffix(".") && $0.count > 15 })
    }
}
