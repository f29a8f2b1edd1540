internal import Linux
public import Operations

/// Where a Redis server is, and how one signs in there.
///
///     redis://[[user]:password@]host[:port][/database]
///     redis+unix://[[user]:password@]/path/to/socket[?db=database]
///     unix:/path/to/socket[?db=database]
///
/// Users, passwords and paths are percent-decoded. The password is never printed.
public struct RedisAddress: Equatable, Sendable {
    public enum Endpoint: Equatable, Sendable {
        case host(String, port: UInt16)
        case unix(path: String)
    }

    public let endpoint: Endpoint
    public let user: String?
    public let password: Secret?
    public let database: Int

    public static let defaultPort: UInt16 = 6379

    /// Whether anybody else on a network could sign in there: Redis asks nobody who they are unless it has a password.
    var isUnguarded: Bool {
        guard case .host(let host, _) = endpoint, password == nil else { return false }
        return host != "localhost" && host != "::1" && !host.hasPrefix("127.")
    }

    public init(endpoint: Endpoint, user: String? = nil, password: Secret? = nil, database: Int = 0) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
    }

    public init(_ text: String) throws(RedisAddressError) {
        let isUnix: Bool
        var rest: Substring
        if let tail = text.dropping(prefix: "redis://") {
            (isUnix, rest) = (false, tail)
        } else if let tail = text.dropping(prefix: "redis+unix://") ?? text.dropping(prefix: "unix://") {
            (isUnix, rest) = (true, tail)
        } else if let tail = text.dropping(prefix: "unix:") ?? text.dropping(prefix: "redis+unix:") {
            (isUnix, rest) = (true, tail)
        } else if text.hasPrefix("rediss://") {
            throw RedisAddressError("rediss:// asks for TLS, which is not supported: use a tunnel or a socket")
        } else {
            throw RedisAddressError("an address begins with redis://, redis+unix:// or unix:")
        }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw RedisAddressError("an address has no blanks and no control characters")
        }

        var query: Substring?
        if let mark = rest.firstIndex(of: "?") { (rest, query) = (rest[..<mark], rest[rest.index(after: mark)...]) }
        // A password may hold an @ that nobody encoded, a host never does: the last one before the path ends it.
        let authority = rest.prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@") {
            (user, password) = try RedisAddress.credentials(authority[..<at])
            rest = rest[rest.index(after: at)...]
        } else {
            (user, password) = (nil, nil)
        }

        let named = try query.map { (query) throws(RedisAddressError) in try RedisAddress.database(query: query) }
        if isUnix {
            endpoint = .unix(path: try RedisAddress.path(rest))
            database = named ?? 0
        } else {
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            endpoint = try RedisAddress.host(rest[..<slash])
            let path = rest[slash...].dropFirst()
            if named != nil, !path.isEmpty { throw RedisAddressError("the database is given twice") }
            database = path.isEmpty ? named ?? 0 : try RedisAddress.database(path)
        }
    }
}

/// What is wrong with an address. Quotes nothing of it: the wrong part may be the password.
public struct RedisAddressError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension RedisAddress {
    private static func credentials(_ text: Substring) throws(RedisAddressError) -> (user: String?, password: Secret?) {
        guard let colon = text.firstIndex(of: ":") else {
            throw RedisAddressError("sign in with user:password@ or :password@")
        }
        guard let user = String(percentEncoded: text[..<colon]),
            let password = String(percentEncoded: text[text.index(after: colon)...])
        else { throw RedisAddressError("a percent sign in the user or the password is not followed by two hex digits") }
        guard !password.isEmpty else { throw RedisAddressError("the password is empty") }
        return (user.isEmpty ? nil : user, Secret(password))
    }

    private static func host(_ text: Substring) throws(RedisAddressError) -> Endpoint {
        var (host, digits) = (text, Substring())
        // The colons of an IPv6 address stand in brackets.
        if let colon = text.lastIndex(of: ":"), !(text[colon...].contains("]")) {
            (host, digits) = (text[..<colon], text[text.index(after: colon)...])
            if digits.isEmpty { throw RedisAddressError("the port is missing after its colon") }
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), IPAddress(String(host)) != nil else {
                throw RedisAddressError("brackets are for IPv6 addresses")
            }
        } else {
            let isName = host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard !host.isEmpty, host.utf8.count <= 253, isName else { throw RedisAddressError("the host is no name") }
        }
        if digits.isEmpty { return .host(String(host), port: defaultPort) }
        guard let number = decimal(digits), let port = UInt16(exactly: number), port > 0 else {
            throw RedisAddressError("the port is a number from 1 to 65535")
        }
        return .host(String(host), port: port)
    }

    private static func path(_ text: Substring) throws(RedisAddressError) -> String {
        guard let path = String(percentEncoded: text), path.hasPrefix("/"), path.utf8.count > 1,
            path.utf8.count <= SocketAddress.longestUnixPath, !path.utf8.contains(0)
        else {
            throw RedisAddressError(
                "the path of a socket is absolute and at most \(SocketAddress.longestUnixPath) bytes"
            )
        }
        return path
    }

    private static func database(query: Substring) throws(RedisAddressError) -> Int {
        guard let number = query.dropping(prefix: "db=") else { throw RedisAddressError("the only option is ?db=") }
        return try database(number)
    }

    private static func database(_ text: Substring) throws(RedisAddressError) -> Int {
        guard let number = decimal(text), number <= 65_535 else {
            throw RedisAddressError("the database is a number from 0 up")
        }
        return number
    }

    /// Int's own parser takes a sign.
    private static func decimal(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible {
    /// The address without its password.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):\(Secret.mask)@"
        switch endpoint {
        case .host(let host, let port):
            let shown = host.contains(":") ? "[\(host)]" : host
            return "redis://\(credentials)\(shown):\(port)/\(database)"
        case .unix(let path): return "redis+unix://\(credentials)\(path)?db=\(database)"
        }
    }

    public var debugDescription: String { description }
}

extension StringProtocol {
    fileprivate func dropping(prefix: String) -> SubSequence? {
        hasPrefix(prefix) ? self[index(startIndex, offsetBy: prefix.count)...] : nil
    }
}

extension String {
    /// RFC 3986, section 2.1. Nil for a percent sign without two hex digits, and for what is not UTF-8.
    fileprivate init?(percentEncoded text: Substring) {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 2 else { return nil }
            bytes.append(UInt8(digits[0] * 16 + digits[1]))
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self = text
    }
}
