import Testing

@testable import Passwords

@Suite struct PlainBase64Tests {
    @Test func `the examples of RFC 4648, without their padding`() {
        let examples = [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, encoded) in examples {
            #expect(PlainBase64.encode(Array(plain.utf8)) == encoded)
            #expect(PlainBase64.decode(encoded[...]) == Array(plain.utf8))
        }
        #expect(PlainBase64.encode([0xFB, 0xEF, 0xFF]) == "++//")
        #expect(PlainBase64.decode("++//") == [0xFB, 0xEF, 0xFF])
    }

    @Test func `of all strings of up to three characters exactly those are read that are written so`() {
        let alphabet = "ABQgZw89+/=-_ $".map { String($0) }
        var texts = [""]
        for _ in 0..<3 { texts += texts.flatMap { text in alphabet.map { text + $0 } } }
        var readable = 0
        for text in Set(texts) {
            guard let bytes = PlainBase64.decode(text[...]) else { continue }
            readable += 1
            #expect(PlainBase64.encode(bytes) == text)
        }
        // The empty one, 10 x 4 of two digits, 10 x 10 x 5 of three.
        #expect(readable == 541)
    }
}
