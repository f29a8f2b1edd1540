/// Base64 in the alphabet for URLs and file names, without padding (RFC 4648 §5, RFC 7515 §2).
///
/// Read strictly: padding, white space and left-over bits that are not zero are refused, so that a token can not be
/// written in two ways.
public enum Base64URL {
    public static func encodedCount(_ count: Int) -> Int { (count * 4 + 2) / 3 }

    public static func encode(_ bytes: Span<UInt8>) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity(encodedCount(bytes.count))
        append(bytes, to: &characters)
        return String(decoding: characters, as: UTF8.self)
    }

    public static func append(_ bytes: Span<UInt8>, to characters: inout [UInt8]) {
        Base64Alphabet.url.encode(bytes, appendingTo: &characters)
    }

    /// The bytes behind a text, or nil when it is not the one text that stands for them.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? { Base64Alphabet.url.decode(text) }
}
