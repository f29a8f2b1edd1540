internal import Database
internal import Linux

/// Whose requests are counted together.
enum LimitSubject: Hashable, Sendable {
    /// Nil: whoever comes through the unix-domain socket and is named by nobody; all of them together.
    case address(IPAddress?)
    case user(UUID)

    var key: String {
        switch self {
        case .address(let address): "a:" + (address?.networkName ?? "unix")
        case .user(let identifier): "u:\(identifier)"
        }
    }
}

extension IPAddress {
    /// The network that is one customer: the address itself, and of IPv6 its /64, within which anybody who has one
    /// address has all of them.
    var networkName: String {
        guard isIPv6, let network = IPAddress(bytes: bytes.prefix(8) + [UInt8](repeating: 0, count: 8)) else {
            return description
        }
        return "\(network)/64"
    }
}
