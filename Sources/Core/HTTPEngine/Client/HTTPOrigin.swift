public import Linux

/// Where a client sends requests: `http://host:port` or `unix:/path`. Nothing behind it but a slash.
public struct HTTPOrigin: Hashable, Sendable {
    public enum Location: Hashable, Sendable {
        case address(SocketAddress)
        /// To be looked up when a connection is made.
        case name(String, port: UInt16)
    }

    public let location: Location
    /// What the Host field says.
    public let authority: String

    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            guard let address = SocketAddress(text) else { return nil }
            location = .address(address)
            authority = "localhost"
            return
        }
        guard text.lowercased().hasPrefix("http://") else { return nil }
        var rest = String(text.dropFirst("http://".count))
        if rest.hasSuffix("/") { rest.removeLast() }
        authority = rest
        if let address = SocketAddress(rest) ?? SocketAddress(rest + ":80") {
            location = .address(address)
            return
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, HTTPOrigin.isName(parts[0]) else { return nil }
        guard parts.count == 2 else {
            location = .name(rest, port: 80)
            return
        }
        guard parts[1].utf8.allSatisfy({ ASCII.isDigit($0) }), let port = UInt16(parts[1]) else { return nil }
        location = .name(String(parts[0]), port: port)
    }

    /// What names of hosts are made of. What could be a path, user information or a misspelt IPv6 address is none.
    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: ASCII.isDigit(byte)
                }
            }
    }

    /// An address that is known already.
    public init(_ address: SocketAddress) {
        location = .address(address)
        authority = if case .unix = address { "localhost" } else { address.description }
    }
}

extension HTTPOrigin: CustomStringConvertible {
    public var description: String {
        if case .address(.unix(let path)) = location { return "unix:\(path)" }
        return "http://\(authority)"
    }
}
