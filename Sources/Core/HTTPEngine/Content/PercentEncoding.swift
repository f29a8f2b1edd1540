internal import Text

/// Percent-encoding (RFC 3986 §2.1), read strictly: what is not an encoding is an error, never passed on as it came.
///
/// Two readers that disagree about `%zz` or about an overlong `%C0%AF` are how a check in one place is walked around in
/// another. So there is one reading, and nothing is repaired.
public enum PercentEncoding {
    /// The bytes behind an encoded text.
    ///
    /// `plusIsSpace` is for forms and queries, where `+` stands for a space.
    public static func decodeBytes(
        _ encoded: some StringProtocol,
        plusIsSpace: Bool = false
    ) throws(PercentEncodingError) -> [UInt8] {
        try decodeBytes(Substring(encoded).utf8, plusIsSpace: plusIsSpace)
    }

    /// The text behind an encoded one: valid UTF-8 without NUL, which C code behind us would take for the end, and without
    /// heaps of combining marks.
    public static func decode(
        _ encoded: some StringProtocol,
        plusIsSpace: Bool = false
    ) throws(PercentEncodingError) -> String {
        try decode(Substring(encoded).utf8, plusIsSpace: plusIsSpace)
    }

    static func decodeBytes(
        _ encoded: some Collection<UInt8>,
        plusIsSpace: Bool = false
    ) throws(PercentEncodingError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(encoded.count)
        var rest = encoded.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(ASCII.hexValue), let low = rest.next().flatMap(ASCII.hexValue)
                else { throw .malformed }
                result.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                result.append(ASCII.space)
            default:
                result.append(byte)
            }
        }
        return result
    }

    static func decode(
        _ encoded: some Collection<UInt8>,
        plusIsSpace: Bool = false
    ) throws(PercentEncodingError) -> String {
        let bytes = try decodeBytes(encoded, plusIsSpace: plusIsSpace)
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self), text.isStreamSafe else {
            throw .notText
        }
        return text
    }

    /// One segment of a path: a `/` in the text is encoded, what RFC 3986 §3.3 allows in a segment stays.
    ///
    /// Encoding can not save `.` and `..`: browsers resolve `%2e%2e` as well. They must not be used as segments.
    public static func encodePathSegment(_ text: String) -> String {
        encode(text) { isUnreserved($0) || isSegmentDelimiter($0) }
    }

    /// A name or value in a query: only the unreserved characters of RFC 3986 §2.3 stay, a space becomes `%20`.
    public static func encodeQueryComponent(_ text: String) -> String {
        encode(text, isUnreserved)
    }

    static func encode(_ text: String, spaceAsPlus: Bool = false, _ stays: (UInt8) -> Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if stays(byte) {
                result.append(byte)
            } else if spaceAsPlus, byte == ASCII.space {
                result.append(UInt8(ascii: "+"))
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(hexDigit(byte >> 4))
                result.append(hexDigit(byte & 0x0F))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-._~".utf8.contains(byte)
    }

    /// What pchar has beyond the unreserved characters: sub-delims, `:` and `@`.
    private static func isSegmentDelimiter(_ byte: UInt8) -> Bool {
        "!$&'()*+,;=:@".utf8.contains(byte)
    }

    /// RFC 3986 §2.1: for consistency, in capital letters.
    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

public enum PercentEncodingError: Error, Equatable {
    /// A `%` without two hexadecimal digits behind it.
    case malformed
    /// The bytes are not UTF-8, one of them is NUL, or they are more combining marks behind each other than text has.
    case notText
}

extension PercentEncodingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "a percent sign without two hexadecimal digits"
        case .notText: "percent-encoded bytes that are not text"
        }
    }
}
