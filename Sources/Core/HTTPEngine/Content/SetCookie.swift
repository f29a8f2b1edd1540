public import Linux

/// A cookie as a response sets it (RFC 6265 §4.1 and its successor draft, which has SameSite, the name prefixes and
/// Partitioned).
///
/// One that browsers would drop without a word is refused here instead, so that a value of this type is a cookie that
/// arrives. The defaults are the careful ones: whole site, Secure, HttpOnly, SameSite=Lax, until the browser closes.
public struct SetCookie: Sendable, Equatable {
    public enum SameSite: String, Sendable {
        case strict = "Strict"
        case lax = "Lax"
        case none = "None"
    }

    public let name: String
    public let value: String
    /// Nil: the directory of the request's path, which is rarely what is meant.
    public let path: String?
    /// Nil: this host only. With a domain, all its subdomains get the cookie too.
    public let domain: String?
    public let expires: WallTime?
    /// Seconds; wins over `expires`. Zero or less deletes the cookie.
    public let maxAge: Int?
    public let isSecure: Bool
    public let isHTTPOnly: Bool
    public let sameSite: SameSite?
    /// Kept apart for each top-level site (CHIPS).
    public let isPartitioned: Bool

    public init(
        name: String,
        value: String,
        path: String? = "/",
        domain: String? = nil,
        expires: WallTime? = nil,
        maxAge: Int? = nil,
        isSecure: Bool = true,
        isHTTPOnly: Bool = true,
        sameSite: SameSite? = .lax,
        isPartitioned: Bool = false
    ) throws(SetCookieError) {
        guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken) else { throw .invalidName }
        guard value.utf8.allSatisfy(SetCookie.isCookieOctet) else { throw .invalidValue }
        guard name.utf8.count + value.utf8.count <= Cookies.longestPair else { throw .tooLong }
        if let path, !SetCookie.isValidPath(path) { throw .invalidPath }
        if let domain, !SetCookie.isValidDomain(domain) { throw .invalidDomain }
        // Browsers compare the prefixes without case, so `__host-` does not slip by either.
        let prefix = name.asciiLowercased
        if prefix.hasPrefix("__secure-"), !isSecure { throw .securePrefixWithoutSecure }
        if prefix.hasPrefix("__host-"), !isSecure || path != "/" || domain != nil { throw .hostPrefixNotForHostOnly }
        if sameSite == SameSite.none, !isSecure { throw .sameSiteNoneWithoutSecure }
        if isPartitioned, !isSecure { throw .partitionedWithoutSecure }
        self.name = name
        self.value = value
        self.path = path
        self.domain = domain
        self.expires = expires
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
        self.isPartitioned = isPartitioned
    }

    /// Deletes a cookie: it is replaced by an empty one that is over already.
    ///
    /// Path, domain and Partitioned must be those the cookie was set with, otherwise the browser keeps that one; for a
    /// name with a prefix the prefix's rules hold here too.
    public static func expired(
        name: String,
        path: String? = "/",
        domain: String? = nil,
        isSecure: Bool = true,
        isHTTPOnly: Bool = true,
        sameSite: SameSite? = .lax,
        isPartitioned: Bool = false
    ) throws(SetCookieError) -> SetCookie {
        try SetCookie(
            name: name,
            value: "",
            path: path,
            domain: domain,
            expires: WallTime(seconds: 0),
            maxAge: 0,
            isSecure: isSecure,
            isHTTPOnly: isHTTPOnly,
            sameSite: sameSite,
            isPartitioned: isPartitioned
        )
    }

    /// What a Set-Cookie field says.
    public var fieldValue: String {
        var text = "\(name)=\(value)"
        if let path { text += "; Path=\(path)" }
        if let domain { text += "; Domain=\(domain)" }
        if let expires { text += "; Expires=\(HTTPDate.format(expires))" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isSecure { text += "; Secure" }
        if isHTTPOnly { text += "; HttpOnly" }
        if let sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        if isPartitioned { text += "; Partitioned" }
        return text
    }

    /// When it is over, for a client that received it at `time`; nil for one that lasts as long as the client.
    public func expiry(receivedAt time: WallTime) -> WallTime? {
        guard let maxAge else { return expires }
        // RFC 6265 §5.2.2: zero or less is the earliest time there is.
        if maxAge <= 0 { return WallTime(seconds: 0) }
        let (seconds, overflow) = time.seconds.addingReportingOverflow(Int64(maxAge))
        return WallTime(seconds: overflow ? .max : seconds)
    }
}

extension SetCookie {
    /// cookie-octet of RFC 6265 §4.1.1: visible ASCII without `"`, `,`, `;` and backslash.
    private static func isCookieOctet(_ byte: UInt8) -> Bool {
        ASCII.isVisible(byte) && !"\",;\\".utf8.contains(byte)
    }

    private static func isValidPath(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/")
            && path.utf8.allSatisfy { ASCII.isVisible($0) && $0 != UInt8(ascii: ";") }
    }

    /// Labels of letters, digits and hyphens. RFC 6265 §4.1.2.3 has a leading dot ignored: it is not written.
    private static func isValidDomain(_ domain: String) -> Bool {
        domain.utf8.count <= 253
            && domain.split(at: UInt8(ascii: ".")).allSatisfy { label in
                !label.isEmpty
                    && label.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }
}

extension SetCookie: CustomStringConvertible, CustomDebugStringConvertible {
    /// The name only; `fieldValue` is what is sent.
    public var description: String { "\(name)=****" }
    public var debugDescription: String { description }
}

extension HTTPFields {
    public mutating func append(_ cookie: SetCookie) { append(.setCookie, cookie.fieldValue) }
}

public enum SetCookieError: Error, Equatable {
    case invalidName
    case invalidValue
    /// Name and value together are longer than `Cookies.longestPair`.
    case tooLong
    case invalidPath
    case invalidDomain
    /// `__Host-` needs Secure, Path=/ and no Domain.
    case hostPrefixNotForHostOnly
    case securePrefixWithoutSecure
    case sameSiteNoneWithoutSecure
    case partitionedWithoutSecure
}

extension SetCookieError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidName: "a cookie's name must be a token"
        case .invalidValue: "a cookie's value must be visible ASCII without quotes, commas, semicolons and backslashes"
        case .tooLong: "a cookie must not be longer than \(Cookies.longestPair) bytes"
        case .invalidPath: "a cookie's path must begin with / and hold no semicolon"
        case .invalidDomain: "a cookie's domain must be a host name without a leading dot"
        case .hostPrefixNotForHostOnly: "a __Host- cookie must be Secure, with Path=/ and without Domain"
        case .securePrefixWithoutSecure: "a __Secure- cookie must be Secure"
        case .sameSiteNoneWithoutSecure: "a cookie with SameSite=None must be Secure"
        case .partitionedWithoutSecure: "a Partitioned cookie must be Secure"
        }
    }
}
