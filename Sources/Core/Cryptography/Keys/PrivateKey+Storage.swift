internal import COpenSSL

/// Reading and writing. Whoever holds what is written here can sign.
extension PrivateKey {
    /// More than any key needs: 8192 bits are 6.5 kilobytes.
    private static let longestPEM = 65_536

    /// Reads the text form: PKCS #8 (`PRIVATE KEY`, RFC 5208), or the older ones of RSA and EC keys. What stands around it,
    /// such as certificates or EC parameters, is passed over.
    ///
    /// A key behind a passphrase is refused: the passphrase would have to lie beside it.
    public convenience init(pem: String) throws(CryptographyError) {
        var wasAsked = false
        guard let pointer = PrivateKey.readPEM(Array(pem.utf8), wasAsked: &wasAsked) else {
            if wasAsked {
                throw CryptographyError(taking: .encryptedKey, "a private key is protected by a passphrase")
            }
            throw CryptographyError(taking: .malformedKey, "not a private key in PEM")
        }
        try self.init(checking: pointer)
    }

    private static func readPEM(_ bytes: [UInt8], wasAsked: inout Bool) -> OpaquePointer? {
        guard bytes.count <= longestPEM else { return nil }
        return bytes.withUnsafeBytes { buffer in
            // It reads from the buffer, which it does not copy.
            guard let source = BIO_new_mem_buf(buffer.baseAddress, CInt(buffer.count)) else { return nil }
            defer { BIO_free(source) }
            // Without a callback libcrypto would ask at the terminal.
            return PEM_read_bio_PrivateKey(
                source,
                nil,
                { _, _, _, wasAsked in
                    wasAsked?.assumingMemoryBound(to: Bool.self).pointee = true
                    // > The callback must return the number of characters in the passphrase or -1 if an error occurred.
                    return -1
                },
                &wasAsked
            )
        }
    }

    /// Reads a PrivateKeyInfo (RFC 5208 §5) in DER, as `pkcs8` gives it.
    public convenience init(pkcs8: [UInt8]) throws(CryptographyError) {
        let pointer = pkcs8.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            let information = d2i_PKCS8_PRIV_KEY_INFO(nil, &start, buffer.count)
            defer { PKCS8_PRIV_KEY_INFO_free(information) }
            guard let information, start == buffer.baseAddress.map({ $0 + buffer.count }) else {
                return OpaquePointer?.none
            }
            return EVP_PKCS82PKEY(information)
        }
        guard let pointer else { throw CryptographyError(taking: .malformedKey, "not a private key in PKCS #8") }
        try self.init(checking: pointer)
    }

    /// A key whose halves do not belong together would sign what nobody can verify: so one message is tried.
    private convenience init(checking pointer: OpaquePointer) throws(CryptographyError) {
        try self.init(pointer)
        let message: [UInt8] = Array("a message to try the key with".utf8)
        let signature: [UInt8]
        do throws(CryptographyError) {
            signature = try sign(message.span)
        } catch {
            // A public half alone, or numbers that make no key.
            throw CryptographyError(
                .inconsistentKey,
                "a private key can not sign",
                libcryptoErrors: error.libcryptoErrors
            )
        }
        guard publicKey.isValid(signature.span, for: message.span) else {
            throw CryptographyError(.inconsistentKey, "the halves of a key pair do not belong together")
        }
        // What was tried before the right form was found.
        LibraryErrors.clear()
    }

    /// PrivateKeyInfo in DER.
    public var pkcs8: [UInt8] {
        guard let information = EVP_PKEY2PKCS8(handle.pointer) else {
            preconditionFailure("libcrypto writes what it has read or made")
        }
        defer { PKCS8_PRIV_KEY_INFO_free(information) }
        let count = Int(i2d_PKCS8_PRIV_KEY_INFO(information, nil))
        precondition(count > 0, "libcrypto writes what it has read or made")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var position = buffer.baseAddress
            initialized = Int(i2d_PKCS8_PRIV_KEY_INFO(information, &position))
        }
    }

    /// The same as text.
    public var pem: String { PEM.text(of: pkcs8, label: "PRIVATE KEY") }
}
