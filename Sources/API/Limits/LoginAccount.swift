internal import Cryptography
internal import Database

/// What somebody wants to sign in to.
enum LoginAccount: Hashable, Sendable {
    /// Found by username or by e-mail address: one account either way.
    case user(UUID)
    /// No such name. It slows down like any other, so that one can not tell. As the look-up normalizes it.
    case unknown(String)

    /// Of one length, whatever was typed.
    var key: String {
        switch self {
        case .user(let identifier): "u:\(identifier)"
        case .unknown(let name): "n:" + Base64URL.encode(SHA256.hash(Array(name.utf8)).span)
        }
    }
}
