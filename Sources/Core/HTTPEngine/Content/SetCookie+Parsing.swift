public import Linux

extension SetCookie {
    /// Reads a Set-Cookie field as a client does (RFC 6265 §5.2), for the cookie jar of a test client.
    ///
    /// Attributes that are unknown or unreadable are ignored, and of two with one name the last counts. Nil for a
    /// cookie that a browser would drop, which includes those that break the rules of their name's prefix.
    public init?(parsing fieldValue: String, now: WallTime = .now()) {
        let pieces = fieldValue.split(at: UInt8(ascii: ";"))
        guard let (name, value) = pieces.first.map(SetCookie.splitPair), let value else { return nil }
        var attributes = Attributes()
        for piece in pieces.dropFirst() {
            let (attribute, argument) = SetCookie.splitPair(piece)
            attributes.apply(attribute.asciiLowercased, argument ?? "", now: now)
        }
        do throws(SetCookieError) {
            try self.init(
                name: String(name),
                value: String(value),
                path: attributes.path,
                domain: attributes.domain,
                expires: attributes.expires,
                maxAge: attributes.maxAge,
                isSecure: attributes.isSecure,
                isHTTPOnly: attributes.isHTTPOnly,
                sameSite: attributes.sameSite,
                isPartitioned: attributes.isPartitioned
            )
        } catch {
            return nil
        }
    }

    /// What stands before and behind the first `=`, without the white space around them.
    private static func splitPair(_ piece: Substring) -> (name: Substring, value: Substring?) {
        guard let equals = piece.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (piece.trimmingWhitespace, nil) }
        return (piece[..<equals].trimmingWhitespace, piece[piece.utf8.index(after: equals)...].trimmingWhitespace)
    }
}

private struct Attributes {
    var path: String?
    var domain: String?
    var expires: WallTime?
    var maxAge: Int?
    var isSecure = false
    var isHTTPOnly = false
    var sameSite: SetCookie.SameSite?
    var isPartitioned = false

    mutating func apply(_ name: String, _ value: Substring, now: WallTime) {
        switch name {
        case "path": path = value.utf8.first == UInt8(ascii: "/") ? String(value) : nil
        case "domain":
            let host = value.hasPrefix(".") ? value.dropFirst() : value
            domain = host.isEmpty ? nil : host.asciiLowercased
        case "expires": expires = HTTPDate.parse(value, now: now) ?? expires
        case "max-age": maxAge = Attributes.seconds(value) ?? maxAge
        case "secure": isSecure = true
        case "httponly": isHTTPOnly = true
        case "samesite":
            sameSite = [.strict, .lax, .none].first { $0.rawValue.asciiLowercased == value.asciiLowercased }
        case "partitioned": isPartitioned = true
        default: break
        }
    }

    /// RFC 6265 §5.2.2: digits, with a minus sign perhaps; the plus sign that Int would take is not among them.
    private static func seconds(_ text: Substring) -> Int? {
        let isNegative = text.hasPrefix("-")
        var reader = FieldReader(isNegative ? text.dropFirst() : text)
        guard let magnitude = reader.number(), reader.isAtEnd else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}
