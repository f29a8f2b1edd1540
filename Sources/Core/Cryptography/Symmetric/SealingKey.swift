internal import COpenSSL

/// A key for AES-256 in Galois/Counter Mode (NIST SP 800-38D): what it seals nobody else can read or change.
///
/// Each box has a random nonce of 96 bits, so one key is good for 2³² boxes (§8.3).
public struct SealingKey: Sendable {
    public static let length = 32

    private let bytes: [UInt8]

    public init(bytes: [UInt8]) throws(CryptographyError) {
        guard bytes.count == SealingKey.length else {
            throw CryptographyError(.unsupportedKey, "a sealing key has 32 bytes, not \(bytes.count)")
        }
        self.bytes = bytes
    }

    /// `context` is not stored in the box and must be the same when it is opened: it ties the box to its place, so that
    /// one can not be put where another belongs.
    public func seal(_ plaintext: [UInt8], context: [UInt8] = []) -> SealedBox {
        seal(plaintext, context: context, nonce: SecureRandom().bytes(count: SealedBox.nonceLength))
    }

    public func open(_ box: SealedBox, context: [UInt8] = []) throws(CryptographyError) -> [UInt8] {
        let cipher = CipherContext()
        cipher.check(EVP_DecryptInit_ex(cipher.pointer, EVP_aes_256_gcm(), nil, bytes, box.nonce))
        var count: CInt = 0
        cipher.check(EVP_DecryptUpdate(cipher.pointer, nil, &count, context, SealingKey.size(context)))
        var plaintext = [UInt8](repeating: 0, count: box.ciphertext.count)
        cipher.check(
            EVP_DecryptUpdate(cipher.pointer, &plaintext, &count, box.ciphertext, SealingKey.size(box.ciphertext))
        )
        var tag = box.tag
        cipher.check(EVP_CIPHER_CTX_ctrl(cipher.pointer, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag))
        // > If it does not indicate success, the authentication operation has failed and any output data MUST NOT be used
        // > as it is corrupted.
        var end: [UInt8] = [0]
        guard EVP_DecryptFinal_ex(cipher.pointer, &end, &count) == 1 else {
            throw CryptographyError(taking: .authenticationFailed, "a sealed box can not be opened with this key")
        }
        return plaintext
    }

    /// A nonce that comes twice under one key gives away both texts: only tests choose it.
    func seal(_ plaintext: [UInt8], context: [UInt8], nonce: [UInt8]) -> SealedBox {
        precondition(nonce.count == SealedBox.nonceLength, "a nonce has 12 bytes")
        let cipher = CipherContext()
        cipher.check(EVP_EncryptInit_ex(cipher.pointer, EVP_aes_256_gcm(), nil, bytes, nonce))
        var count: CInt = 0
        cipher.check(EVP_EncryptUpdate(cipher.pointer, nil, &count, context, SealingKey.size(context)))
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        cipher.check(EVP_EncryptUpdate(cipher.pointer, &ciphertext, &count, plaintext, SealingKey.size(plaintext)))
        var end: [UInt8] = [0]
        cipher.check(EVP_EncryptFinal_ex(cipher.pointer, &end, &count))
        var tag = [UInt8](repeating: 0, count: SealedBox.tagLength)
        cipher.check(EVP_CIPHER_CTX_ctrl(cipher.pointer, EVP_CTRL_AEAD_GET_TAG, CInt(tag.count), &tag))
        return SealedBox(nonce: nonce, ciphertext: ciphertext, tag: tag)
    }

    private static func size(_ bytes: [UInt8]) -> CInt {
        guard let size = CInt(exactly: bytes.count) else { preconditionFailure("two gigabytes are sealed in pieces") }
        return size
    }
}

extension SealingKey: CustomStringConvertible, CustomReflectable {
    /// Always `****`.
    public var description: String { "****" }

    /// Shows `****` to `dump` and to test failures, which look into private properties.
    public var customMirror: Mirror { Mirror(self, children: ["bytes": "****"], displayStyle: .struct) }
}

/// Owns an EVP_CIPHER_CTX. With keys and nonces of the right length nothing but a lack of memory lets its calls fail.
private struct CipherContext: ~Copyable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = EVP_CIPHER_CTX_new() else { preconditionFailure("no memory for a cipher") }
        self.pointer = pointer
    }

    // > clears all information from a cipher context and frees any allocated memory associated with it
    deinit { EVP_CIPHER_CTX_free(pointer) }

    func check(_ result: CInt) { precondition(result == 1, "libcrypto could not do AES-256-GCM") }
}
