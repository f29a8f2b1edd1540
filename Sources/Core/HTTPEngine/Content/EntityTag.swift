internal import Text

/// A validator for one representation of a resource (RFC 9110 §8.8.3): `"33a64df5"`, or `W/"33a64df5"` for a weak one.
///
/// It is not Equatable on purpose: two tags are compared strongly or weakly, and which is right depends on the field.
public struct EntityTag: Sendable {
    /// What stands between the quotes.
    public let opaque: String
    public let isWeak: Bool

    /// Nil when a character is not allowed between the quotes: white space, controls and `"`.
    public init?(opaque: String, isWeak: Bool = false) {
        guard opaque.utf8.allSatisfy(EntityTag.isTagCharacter) else { return nil }
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Reads one tag, which must be all there is.
    public init?(_ text: some StringProtocol) {
        var reader = FieldReader(text)
        guard let tag = EntityTag(&reader), reader.isAtEnd else { return nil }
        self = tag
    }

    /// The `W` is case-sensitive, and there are no escapes between the quotes.
    fileprivate init?(_ reader: inout FieldReader) {
        var ahead = reader
        isWeak = ahead.skip("W/")
        guard ahead.skip("\"") else { return nil }
        opaque = ahead.text(while: EntityTag.isTagCharacter)
        guard ahead.skip("\"") else { return nil }
        reader = ahead
    }

    /// etagc: `%x21 / %x23-7E / obs-text`.
    private static func isTagCharacter(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "\"") && byte != 0x7F
    }

    /// RFC 9110 §8.8.3.2: both are strong, and the same. For If-Match and ranges.
    public func stronglyMatches(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque.hasSameBytes(as: other.opaque)
    }

    /// RFC 9110 §8.8.3.2: the same, weak or not. For If-None-Match.
    public func weaklyMatches(_ other: EntityTag) -> Bool { opaque.hasSameBytes(as: other.opaque) }
}

extension EntityTag: CustomStringConvertible {
    /// As a field has it.
    public var description: String { isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\"" }
}

/// What If-Match and If-None-Match ask for: any representation, or one of these.
public enum EntityTagCondition: Sendable {
    case any
    case tags([EntityTag])

    /// Reads all lines of one field. Nil when they are neither `*` nor a list of tags.
    ///
    /// A tag may hold commas, so the lines can not simply be split at them.
    public init?(_ lines: [String]) {
        if lines.count == 1, lines[0].trimmingWhitespace == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        for line in lines {
            var reader = FieldReader(line)
            repeat {
                reader.skipWhitespace()
                // RFC 9110 §5.6.1.2: empty elements are to be ignored.
                if let tag = EntityTag(&reader) { tags.append(tag) }
                reader.skipWhitespace()
            } while reader.skip(",")
            guard reader.isAtEnd else { return nil }
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }
}
