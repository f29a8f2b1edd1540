/// What keeps a password from being hashed or compared.
public struct PasswordError: Error, Equatable, Sendable {
    public enum Code: Equatable, Sendable {
        /// A password without a character.
        case empty
        /// A password of more than `Password.maximumLength` bytes.
        case tooLong
        /// A password with a NUL, which would end it for some of the libraries.
        case holdsNUL
        /// A stored hash of a scheme that is not verified here.
        case unknownScheme
        /// A stored hash that is not written as its scheme says.
        case malformedHash
        /// Parameters that would cost more memory or time than any hash may, or that the scheme does not have.
        case costOutOfBounds
        /// The kernel would not lend the memory for the hash.
        case outOfMemory
        /// The library refused what its manual allows.
        case hashingFailed
        /// As many passwords wait to be hashed as may.
        case busy
    }

    public let code: Code

    public init(_ code: Code) { self.code = code }
}

extension PasswordError: CustomStringConvertible {
    public var description: String {
        switch code {
        case .empty: "the password is empty"
        case .tooLong: "the password is longer than \(Password.maximumLength) bytes"
        case .holdsNUL: "the password holds a NUL character"
        case .unknownScheme: "the stored hash is of a scheme that is not supported"
        case .malformedHash: "the stored hash is malformed"
        case .costOutOfBounds: "the cost of the hash is out of bounds"
        case .outOfMemory: "there is not enough memory for the hash"
        case .hashingFailed: "the library could not compute the hash"
        case .busy: "too many passwords wait to be hashed"
        }
    }
}
