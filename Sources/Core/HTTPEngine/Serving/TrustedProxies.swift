public import Linux

/// The reverse proxies whose word counts, and what follows from it.
///
/// X-Forwarded-For, X-Forwarded-Proto and X-Request-ID are whatever the client wrote, unless a proxy of ours stands
/// between: only what a trusted peer sends is looked at.
public struct TrustedProxies: Sendable {
    public enum Scheme: String, Sendable {
        case http
        case https
    }

    private let networks: [IPNetwork]
    private let trustsUnixPeers: Bool

    /// `trustsUnixPeers` is for a proxy on the same machine: who may connect to the socket is the file system's affair.
    public init(_ networks: [IPNetwork] = [], trustsUnixPeers: Bool = false) {
        self.networks = networks
        self.trustsUnixPeers = trustsUnixPeers
    }

    public func isTrusted(_ peer: SocketAddress) -> Bool {
        switch peer {
        case .ip(let address, _): isTrusted(address)
        case .unix: trustsUnixPeers
        }
    }

    public func isTrusted(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// Who asks: the right-most address of X-Forwarded-For that is no proxy of ours, read over all its lines.
    ///
    /// Every proxy appends the address it was called from, so the list is believed from the right, one hop at a time.
    /// An element that is not an address ends that: the address before it is the last one somebody trusted vouches for,
    /// and nothing further left is looked at. When all are proxies the left-most is the answer. Nil only for a
    /// unix-domain peer about which nothing is known.
    public func clientAddress(peer: SocketAddress, forwardedFor lines: [String]) -> IPAddress? {
        var known = peer.ipAddress
        guard isTrusted(peer) else { return known }
        for line in lines.reversed() {
            for element in line.split(at: UInt8(ascii: ",")).reversed() {
                guard let address = TrustedProxies.address(element) else { return known }
                known = address
                if !isTrusted(address) { return address }
            }
        }
        return known
    }

    /// The scheme of the client's own connection, nil when nobody trusted names one.
    ///
    /// Of several values the last counts, which is the one that the peer itself wrote.
    public func scheme(peer: SocketAddress, forwardedProto lines: [String]) -> Scheme? {
        guard isTrusted(peer), let last = lines.last?.split(at: UInt8(ascii: ",")).last else { return nil }
        return Scheme(rawValue: last.trimmingWhitespace.asciiLowercased)
    }

    /// `1.2.3.4`, `1.2.3.4:567`, `::1`, `[::1]` or `[::1]:80`. Ports are read only to be dropped.
    private static func address(_ element: Substring) -> IPAddress? {
        let trimmed = element.trimmingWhitespace
        // Longer than any: text may be of characters whose ends take long to find.
        guard trimmed.utf8.count <= 64 else { return nil }
        let text = String(trimmed)
        if let address = IPAddress(text) { return address }
        if text.hasPrefix("["), text.hasSuffix("]") {
            // The brackets are there to keep the port apart from an IPv6 address: around an IPv4 one they are wrong.
            guard text.contains(":") else { return nil }
            return IPAddress(String(text.dropFirst().dropLast()))
        }
        return SocketAddress(text)?.ipAddress
    }
}
