/// The name of a header field. Two names are equal whatever their case (RFC 9110 §5.1).
public struct HTTPFieldName: Sendable {
    /// As it was written, which is how it is sent.
    public let text: String

    /// For names that are part of the program: a token, checked when it is made.
    public init(_ text: StaticString) {
        self.text = "\(text)"
        precondition(HTTPFieldName.isValid(self.text.utf8), "a field name must be a token")
    }

    /// For names that come from outside: nil unless a token.
    public init?(validating text: String) {
        guard HTTPFieldName.isValid(text.utf8) else { return nil }
        self.text = text
    }

    private static func isValid(_ bytes: String.UTF8View) -> Bool {
        !bytes.isEmpty && bytes.count <= 256 && bytes.allSatisfy { ASCII.isToken($0) }
    }
}

extension HTTPFieldName: Hashable, CustomStringConvertible {
    public static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool {
        left.text.utf8.count == right.text.utf8.count
            && zip(left.text.utf8, right.text.utf8).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(ASCII.lowercased(byte)) }
    }

    public var description: String { text }
}

extension HTTPFieldName {
    public static let accept = HTTPFieldName("Accept")
    public static let acceptRanges = HTTPFieldName("Accept-Ranges")
    public static let accessControlAllowCredentials = HTTPFieldName("Access-Control-Allow-Credentials")
    public static let accessControlAllowHeaders = HTTPFieldName("Access-Control-Allow-Headers")
    public static let accessControlAllowMethods = HTTPFieldName("Access-Control-Allow-Methods")
    public static let accessControlAllowOrigin = HTTPFieldName("Access-Control-Allow-Origin")
    public static let accessControlExposeHeaders = HTTPFieldName("Access-Control-Expose-Headers")
    public static let accessControlMaxAge = HTTPFieldName("Access-Control-Max-Age")
    public static let accessControlRequestHeaders = HTTPFieldName("Access-Control-Request-Headers")
    public static let accessControlRequestMethod = HTTPFieldName("Access-Control-Request-Method")
    public static let allow = HTTPFieldName("Allow")
    public static let authorization = HTTPFieldName("Authorization")
    public static let cacheControl = HTTPFieldName("Cache-Control")
    public static let connection = HTTPFieldName("Connection")
    public static let contentLength = HTTPFieldName("Content-Length")
    public static let contentRange = HTTPFieldName("Content-Range")
    public static let contentSecurityPolicy = HTTPFieldName("Content-Security-Policy")
    public static let contentType = HTTPFieldName("Content-Type")
    public static let cookie = HTTPFieldName("Cookie")
    public static let crossOriginOpenerPolicy = HTTPFieldName("Cross-Origin-Opener-Policy")
    public static let crossOriginResourcePolicy = HTTPFieldName("Cross-Origin-Resource-Policy")
    public static let date = HTTPFieldName("Date")
    public static let eTag = HTTPFieldName("ETag")
    public static let expect = HTTPFieldName("Expect")
    public static let host = HTTPFieldName("Host")
    public static let ifMatch = HTTPFieldName("If-Match")
    public static let ifModifiedSince = HTTPFieldName("If-Modified-Since")
    public static let ifNoneMatch = HTTPFieldName("If-None-Match")
    public static let ifRange = HTTPFieldName("If-Range")
    public static let ifUnmodifiedSince = HTTPFieldName("If-Unmodified-Since")
    public static let keepAlive = HTTPFieldName("Keep-Alive")
    public static let lastModified = HTTPFieldName("Last-Modified")
    public static let location = HTTPFieldName("Location")
    public static let origin = HTTPFieldName("Origin")
    public static let permissionsPolicy = HTTPFieldName("Permissions-Policy")
    public static let range = HTTPFieldName("Range")
    public static let referrerPolicy = HTTPFieldName("Referrer-Policy")
    public static let retryAfter = HTTPFieldName("Retry-After")
    public static let setCookie = HTTPFieldName("Set-Cookie")
    public static let strictTransportSecurity = HTTPFieldName("Strict-Transport-Security")
    public static let traceparent = HTTPFieldName("traceparent")
    public static let tracestate = HTTPFieldName("tracestate")
    public static let transferEncoding = HTTPFieldName("Transfer-Encoding")
    public static let upgrade = HTTPFieldName("Upgrade")
    public static let userAgent = HTTPFieldName("User-Agent")
    public static let vary = HTTPFieldName("Vary")
    public static let wwwAuthenticate = HTTPFieldName("WWW-Authenticate")
    public static let xContentTypeOptions = HTTPFieldName("X-Content-Type-Options")
    public static let xForwardedFor = HTTPFieldName("X-Forwarded-For")
    public static let xForwardedProto = HTTPFieldName("X-Forwarded-Proto")
    public static let xFrameOptions = HTTPFieldName("X-Frame-Options")
    public static let xRequestID = HTTPFieldName("X-Request-ID")
}
