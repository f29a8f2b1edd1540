internal import COpenSSL

/// A key pair that signs. May be used from all threads at once.
public final class PrivateKey: Sendable {
    let handle: KeyHandle
    public let publicKey: PublicKey

    public var kind: KeyKind { handle.kind }

    /// Takes over the pointer, also when it throws.
    init(_ pointer: OpaquePointer) throws(CryptographyError) {
        handle = try KeyHandle(pointer)
        publicKey = try PublicKey(handle)
    }

    /// Makes a new one. RSA takes up to seconds, so not on a loop.
    public static func generate(_ kind: KeyKind) throws(CryptographyError) -> PrivateKey {
        if case .rsa(let bits) = kind, !KeyKind.rsaSizes.contains(bits) {
            throw CryptographyError(.unsupportedKey, "an RSA key of \(bits) bits is not made")
        }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, kind.libcryptoName, nil) else {
            throw CryptographyError(taking: .libcryptoFailure, "libcrypto does not know \(kind)")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var isPrepared = EVP_PKEY_keygen_init(context) == 1
        switch kind {
        case .rsa(let bits): isPrepared = isPrepared && EVP_PKEY_CTX_set_rsa_keygen_bits(context, CInt(bits)) == 1
        case .p256: isPrepared = isPrepared && EVP_PKEY_CTX_set_group_name(context, SN_X9_62_prime256v1) == 1
        case .ed25519: break
        }
        var pointer: OpaquePointer?
        guard isPrepared, EVP_PKEY_generate(context, &pointer) == 1, let pointer else {
            throw CryptographyError(taking: .libcryptoFailure, "libcrypto could not make a key: \(kind)")
        }
        return try PrivateKey(pointer)
    }

    /// Signs a message. Signatures of ES256 are r and s, 32 bytes each (RFC 7518 §3.4).
    public func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
        switch kind {
        case .p256:
            let encoded = try makeSignature(message, digest: EVP_sha256())
            guard let signature = ECDSASignature(der: encoded) else {
                throw CryptographyError(.libcryptoFailure, "libcrypto made a signature that is none of P-256")
            }
            return signature.bytes
        case .rsa: return try makeSignature(message, digest: EVP_sha256())
        case .ed25519: return try makeSignature(message, digest: nil)
        }
    }

    private func makeSignature(_ message: Span<UInt8>, digest: OpaquePointer?) throws(CryptographyError) -> [UInt8] {
        let context = DigestContext()
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(handle.pointer)))
        var count = signature.count
        // RSA keys begin with PKCS #1 v1.5 padding, which is the one of RS256.
        let isDone =
            EVP_DigestSignInit(context.pointer, nil, digest, nil, handle.pointer) == 1
            && message.withUnsafeBufferPointer {
                EVP_DigestSign(context.pointer, &signature, &count, $0.baseAddress, $0.count) == 1
            }
        guard isDone else { throw CryptographyError(taking: .libcryptoFailure, "libcrypto could not sign") }
        signature.removeLast(signature.count - count)
        return signature
    }
}

extension KeyKind {
    fileprivate var libcryptoName: String {
        switch self {
        case .rsa: "RSA"
        case .p256: "EC"
        case .ed25519: "ED25519"
        }
    }
}
