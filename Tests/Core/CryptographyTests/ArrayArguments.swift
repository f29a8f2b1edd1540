// `#expect` can not look into calls that are handed spans.

@testable import Cryptography

extension Base64 {
    static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span) }
    static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8).span) }
}

extension Base64URL {
    static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span) }
    static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8)) }
    static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }
}

extension HMACSHA256 {
    func authenticationCode(for message: [UInt8]) -> AuthenticationCode { authenticationCode(for: message.span) }
}

extension PrivateKey {
    func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] { try sign(message.span) }
}

extension PublicKey {
    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool { isValid(signature.span, for: message.span) }
}

extension ECDSASignature {
    init?(_ bytes: [UInt8]) { self.init(bytes.span) }
}

extension ConstantTime {
    static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(Array(left.utf8).span, Array(right.utf8).span)
    }
}
