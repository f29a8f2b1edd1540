internal import COpenSSL

/// The half of a key pair that everybody may know: it tells whether a signature was made by the other half. May be used
/// from all threads at once.
public final class PublicKey: Sendable {
    let handle: KeyHandle
    /// What stands for it as a JSON Web Key.
    public let webKey: WebKeyMembers

    /// Of a handle with or without the private half.
    init(_ handle: KeyHandle) throws(CryptographyError) {
        self.handle = handle
        webKey = try WebKeyMembers(handle)
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    public convenience init(der: [UInt8]) throws(CryptographyError) {
        let pointer = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            let pointer = d2i_PUBKEY(nil, &start, buffer.count)
            // Bytes behind the key would be no part of what is written again.
            guard let pointer, start == buffer.baseAddress.map({ $0 + buffer.count }) else {
                EVP_PKEY_free(pointer)
                return OpaquePointer?.none
            }
            return pointer
        }
        guard let pointer else { throw CryptographyError(taking: .malformedKey, "not a public key in DER") }
        try self.init(KeyHandle(pointer))
    }

    /// Reads the text form of the same, `-----BEGIN PUBLIC KEY-----`.
    public convenience init(pem: String) throws(CryptographyError) {
        guard let der = PEM.content(of: pem, label: PublicKey.label) else {
            throw CryptographyError(.malformedKey, "not a public key in PEM")
        }
        try self.init(der: der)
    }

    private static let label = "PUBLIC KEY"

    public var kind: KeyKind { handle.kind }

    public var der: [UInt8] {
        // With nowhere to write to it only answers the length.
        let count = Int(i2d_PUBKEY(handle.pointer, nil))
        precondition(count > 0, "libcrypto writes what it has read or made")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var position = buffer.baseAddress
            initialized = Int(i2d_PUBKEY(handle.pointer, &position))
        }
    }

    public var pem: String { PEM.text(of: der, label: PublicKey.label) }

    /// Whether the other half signed the message. Signatures of ES256 are r and s, 32 bytes each (RFC 7518 §3.4).
    public func isValid(_ signature: Span<UInt8>, for message: Span<UInt8>) -> Bool {
        switch kind {
        case .p256:
            guard let encoded = ECDSASignature(signature)?.der else { return false }
            return check(encoded.span, message, digest: EVP_sha256())
        case .rsa: return check(signature, message, digest: EVP_sha256())
        case .ed25519: return check(signature, message, digest: nil)
        }
    }

    private func check(_ signature: Span<UInt8>, _ message: Span<UInt8>, digest: OpaquePointer?) -> Bool {
        let context = DigestContext()
        // RSA keys begin with PKCS #1 v1.5 padding, which is the one of RS256.
        let prepared = EVP_DigestVerifyInit(context.pointer, nil, digest, nil, handle.pointer)
        precondition(prepared == 1, "libcrypto verifies with every kind of key that is used here")
        let result = signature.withUnsafeBufferPointer { signature in
            message.withUnsafeBufferPointer { message in
                EVP_DigestVerify(
                    context.pointer,
                    signature.baseAddress,
                    signature.count,
                    message.baseAddress,
                    message.count
                )
            }
        }
        // > return 1 for success; any other value indicates failure. A return value of zero indicates that the signature
        // > did not verify successfully [...] while other values indicate a more serious error.
        if result == 1 { return true }
        LibraryErrors.clear()
        return false
    }
}
