internal import Glibc

/// getaddrinfo(3) failed.
public struct NameResolutionError: Error, Equatable, CustomStringConvertible, Sendable {
    public let code: CInt
    public var description: String { "the name could not be resolved: \(String(cString: gai_strerror(code)))" }
}

public enum NameResolution {
    /// getaddrinfo(3) for stream sockets, in the order the system prefers. Blocks: for the blocking pool.
    public static func addresses(host: String, port: UInt16) throws(NameResolutionError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw NameResolutionError(code: code) }
        defer { freeaddrinfo(list) }
        var result: [SocketAddress] = []
        var cursor = list
        while let entry = cursor {
            var storage = sockaddr_storage()
            let length = min(Int(entry.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
            if let source = entry.pointee.ai_addr {
                withUnsafeMutableBytes(of: &storage) { target in
                    target.copyMemory(from: UnsafeRawBufferPointer(start: source, count: length))
                }
            }
            if let address = SocketAddress(storage, length: socklen_t(length)), !result.contains(address) {
                result.append(address)
            }
            cursor = entry.pointee.ai_next
        }
        return result
    }
}
