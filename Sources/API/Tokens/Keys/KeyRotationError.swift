internal import Linux

/// Why the keys were left as they are.
enum KeyRotationError: Error, Equatable {
    case nextExists(String)
    case tooEarly(String, until: WallTime)
    case signs(String)
    case unknown(String)
    /// Somebody else changed them meanwhile.
    case interrupted
}

extension KeyRotationError: CustomStringConvertible {
    var description: String {
        switch self {
        case .nextExists(let id): "there is a next key already: \(id)"
        case .tooEarly(let id, let time):
            "the next key, \(id), was published just now; it can sign from \(time.rfc3339) on, or at once with --now"
        case .signs(let id): "\(id) signs; 'keys rotate' puts another in its place"
        case .unknown(let id): "there is no key \(id)"
        case .interrupted: "somebody else changed the keys meanwhile; nothing was done"
        }
    }
}
