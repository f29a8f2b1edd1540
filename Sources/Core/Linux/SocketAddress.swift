internal import Glibc

/// Where a socket listens or connects to: an IP address with a port, or a path.
///
/// Written `127.0.0.1:5000`, `[::1]:5000` or `unix:/run/api.sock`.
public enum SocketAddress: Hashable, Sendable {
    case ip(IPAddress, port: UInt16)
    case unix(path: String)

    /// sun_path of sockaddr_un holds 108 bytes with its closing NUL.
    public static let longestUnixPath = 107

    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard path.hasPrefix("/"), path.utf8.count <= SocketAddress.longestUnixPath, !path.utf8.contains(0)
            else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard let address = IPAddress(String(host)) else { return nil }
        self = .ip(address, port: port)
    }

    public var ipAddress: IPAddress? {
        if case .ip(let address, _) = self { return address }
        return nil
    }
}

extension SocketAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ip(let address, let port): address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

extension SocketAddress {
    var family: CInt {
        switch self {
        case .ip(let address, _): address.isIPv6 ? AF_INET6 : AF_INET
        case .unix: AF_UNIX
        }
    }

    /// Lends the C form of the address for the time of the call.
    func withSocketAddress<Result, Failure: Error>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { raw -> Int in
            switch self {
            case .ip(let address, let port) where !address.isIPv6:
                var value = sockaddr_in()
                value.sin_family = sa_family_t(AF_INET)
                value.sin_port = port.bigEndian
                withUnsafeMutableBytes(of: &value.sin_addr) { $0.copyBytes(from: address.bytes) }
                raw.storeBytes(of: value, as: sockaddr_in.self)
                return MemoryLayout<sockaddr_in>.size
            case .ip(let address, let port):
                var value = sockaddr_in6()
                value.sin6_family = sa_family_t(AF_INET6)
                value.sin6_port = port.bigEndian
                withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: address.bytes) }
                raw.storeBytes(of: value, as: sockaddr_in6.self)
                return MemoryLayout<sockaddr_in6>.size
            case .unix(let path):
                precondition(path.utf8.count <= SocketAddress.longestUnixPath, "a path too long for sockaddr_un")
                var value = sockaddr_un()
                value.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &value.sun_path) { $0.copyBytes(from: path.utf8) }
                raw.storeBytes(of: value, as: sockaddr_un.self)
                return MemoryLayout<sockaddr_un>.size
            }
        }
        return try withUnsafePointer(to: storage) { (pointer: UnsafePointer<sockaddr_storage>) throws(Failure) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (socket) throws(Failure) in
                try body(socket, socklen_t(length))
            }
        }
    }

    /// What accept(2), getsockname(2) and getaddrinfo(3) filled in. A unix-domain peer has no name: its path is empty.
    init?(_ storage: sockaddr_storage, length: socklen_t) {
        let family = CInt(storage.ss_family)
        let address: SocketAddress? = withUnsafeBytes(of: storage) { raw in
            switch family {
            case AF_INET:
                var value = raw.load(as: sockaddr_in.self)
                let bytes = withUnsafeBytes(of: &value.sin_addr) { Array($0) }
                return IPAddress(bytes: bytes).map { .ip($0, port: UInt16(bigEndian: value.sin_port)) }
            case AF_INET6:
                var value = raw.load(as: sockaddr_in6.self)
                let bytes = withUnsafeBytes(of: &value.sin6_addr) { Array($0) }
                return IPAddress(bytes: bytes).map { .ip($0, port: UInt16(bigEndian: value.sin6_port)) }
            case AF_UNIX:
                let path = raw.dropFirst(2).prefix(max(0, Int(length) - 2)).prefix { $0 != 0 }
                return .unix(path: String(decoding: path, as: UTF8.self))
            default:
                return nil
            }
        }
        guard let address else { return nil }
        self = address
    }
}
