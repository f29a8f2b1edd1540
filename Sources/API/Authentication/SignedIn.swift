/// What somebody gets who has signed in, or has come back with a refresh token.
struct SignedIn: Sendable {
    let accessToken: String
    let refreshToken: String
    /// In seconds.
    let expiresIn: Int
    /// By which this device is known at its next login; nil when it did not log in just now.
    var deviceToken: String?
    let user: User
}

/// How somebody says who they are.
enum LoginName: Equatable, Sendable {
    case username(String)
    case email(String)
    /// In one field: an address is told by its @, which no username has.
    case either(String)

    var text: String {
        switch self {
        case .username(let text), .email(let text), .either(let text): text
        }
    }

    var isEmail: Bool {
        switch self {
        case .username: false
        case .email: true
        case .either(let text): text.utf8.contains(UInt8(ascii: "@"))
        }
    }
}
