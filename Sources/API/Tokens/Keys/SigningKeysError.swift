internal import Cryptography

/// Why nothing can be signed.
enum SigningKeysError: Error, Equatable, Sendable {
    /// The keys in the database were never reached.
    case unavailable
    /// The active key can not be opened with this secret.
    case sealedUnderAnotherSecret(String)
    case failed(CryptographyError)
}

extension SigningKeysError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unavailable: "the keys that tokens are signed with are not available"
        case .sealedUnderAnotherSecret(let id):
            "the signing key \(id) was stored under another JWT_SECRET: set that one again, "
                + "or 'gatehouse-api keys rotate --now' makes a new key"
        case .failed(let error): "a token could not be signed: \(error)"
        }
    }
}
