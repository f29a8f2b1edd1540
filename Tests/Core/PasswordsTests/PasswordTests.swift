import Linux
import Testing

@testable import Passwords

@Suite struct PasswordTests {
    @Test func `the same characters are the same bytes, however they were typed`() throws {
        // Composed, decomposed; Hangul as syllable and as letters; two marks in either order; a sign and its letter.
        let pairs = [
            ("caf\u{E9}", "cafe\u{301}"), ("\u{D55C}", "\u{1112}\u{1161}\u{11AB}"),
            ("\u{1E69}", "s\u{307}\u{323}"), ("\u{212B}", "\u{C5}"), ("q\u{323}\u{307}", "q\u{307}\u{323}"),
        ]
        for (one, other) in pairs {
            #expect(try Password(one).content == Password(other).content)
        }
        // What only looks alike stays different: compatibility is not equality.
        #expect(try Password("\u{FB01}sh").content != Password("fish").content)
        #expect(try Password("\u{FF21}").content != Password("A").content)
        #expect(try Password("abc").content == [0x61, 0x62, 0x63])
        #expect(try Password(" spaces  count ").content == Array(" spaces  count ".utf8))
    }

    @Test func `a password has 1 to 1,024 bytes and no NUL`() {
        #expect(Refusal.ofPassword("") == .empty)
        #expect(Refusal.ofPassword(" ") == nil)
        #expect(Refusal.ofPassword(String(repeating: "a", count: 1_024)) == nil)
        #expect(Refusal.ofPassword(String(repeating: "a", count: 1_025)) == .tooLong)
        #expect(Refusal.ofPassword(String(repeating: "🔑", count: 256)) == nil)
        #expect(Refusal.ofPassword(String(repeating: "🔑", count: 256) + "a") == .tooLong)
        #expect(Refusal.ofPassword(String(repeating: "a", count: 10_000_000)) == .tooLong)
        for text in ["\u{0}", "a\u{0}", "\u{0}b", "a\u{0}b"] { #expect(Refusal.ofPassword(text) == .holdsNUL) }
        // Counted as it is hashed: 341 syllables are three bytes each, and came as nine.
        let letters = "\u{1112}\u{1161}\u{11AB}"
        #expect(Refusal.ofPassword(String(repeating: letters, count: 341)) == nil)
        #expect(Refusal.ofPassword(String(repeating: letters, count: 342)) == .tooLong)
    }

    @Test func `a password does not print itself`() throws {
        let password = try Password("hunter2-and-more")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), String(describing: [password]), dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect("\(password)" == "****")
    }

    @Test func `its memory is zero when it is given back, and not before`() throws {
        let returned = Lock<[[UInt8]]>([])
        let release: @Sendable (UnsafeMutableRawBufferPointer) -> Void = { bytes in
            returned.withLock { $0.append(Array(bytes)) }
            bytes.deallocate()
        }
        var password: Password? = try Password(bytes: Array("secret".utf8)) { WipedMemory(count: $0, release: release) }
        #expect(password?.content == Array("secret".utf8))
        #expect(returned.withLock { $0 }.isEmpty)
        password = nil
        #expect(returned.withLock { $0 } == [[UInt8](repeating: 0, count: 6)])
    }

    @Test func `arrays are wiped in place`() {
        var bytes = Array("secret".utf8)
        WipedMemory.wipe(&bytes)
        #expect(bytes == [UInt8](repeating: 0, count: 6))
        bytes = []
        WipedMemory.wipe(&bytes)
        #expect(bytes.isEmpty)
    }

    @Test func `a phrase is the beginning with a NUL behind`() throws {
        let password = try Password("abcdef")
        for (limit, expected) in [(3, "abc\0"), (6, "abcdef\0"), (72, "abcdef\0")] {
            let phrase = password.phrase(limit: limit)
            let bytes = Array(UnsafeRawBufferPointer(phrase.bytes))
            #expect(bytes == Array(expected.utf8))
        }
    }
}
