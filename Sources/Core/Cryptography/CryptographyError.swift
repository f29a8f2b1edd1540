/// Why something with a key did not work.
public struct CryptographyError: Error, Equatable, Sendable {
    public enum Code: Equatable, Sendable {
        /// It is not a key in a form that is read here.
        case malformedKey
        /// The key is protected by a passphrase.
        case encryptedKey
        /// It is a key, but of a kind, curve or size that is not used here.
        case unsupportedKey
        /// The private and the public half do not belong together.
        case inconsistentKey
        /// It is too short to be a sealed box.
        case malformedBox
        /// Sealed with another key or other associated data, or altered since.
        case authenticationFailed
        /// libcrypto refused what should always work.
        case libcryptoFailure
    }

    public let code: Code
    /// What was wrong, in words of ours: it holds nothing of the key or of what was read.
    public let reason: String
    /// What libcrypto put into its error queue, the earliest first. It names functions and formats.
    public let libcryptoErrors: [String]

    public init(_ code: Code, _ reason: String, libcryptoErrors: [String] = []) {
        self.code = code
        self.reason = reason
        self.libcryptoErrors = libcryptoErrors
    }
}

extension CryptographyError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { reason }

    /// For the log: with what libcrypto said.
    public var debugDescription: String {
        libcryptoErrors.isEmpty ? reason : "\(reason) (\(libcryptoErrors.joined(separator: "; ")))"
    }
}
