/// Base64 (RFC 4648 §4) with padding, as PEM and Basic authentication write it.
public enum Base64 {
    public static func encode(_ bytes: Span<UInt8>) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity((bytes.count + 2) / 3 * 4)
        Base64Alphabet.standard.encode(bytes, appendingTo: &characters)
        while characters.count % 4 != 0 { characters.append(UInt8(ascii: "=")) }
        return String(decoding: characters, as: UTF8.self)
    }

    /// The bytes behind a text, or nil when it is not the one text that stands for them.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var end = text.count
        while end > 0, end > text.count - 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        return Base64Alphabet.standard.decode(text.extracting(..<end))
    }
}
