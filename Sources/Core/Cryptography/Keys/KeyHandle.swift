internal import COpenSSL

/// Owns an EVP_PKEY of a kind that is used here.
///
/// `@unchecked Sendable`: nothing changes the key after init, and every use has a context of its own.
///
/// > Objects are thread-safe as long as the API's being invoked don't modify the object (openssl-threads(7))
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let kind: KeyKind

    /// Takes over the pointer, also when it throws.
    init(_ pointer: OpaquePointer) throws(CryptographyError) {
        self.pointer = pointer
        kind = try KeyHandle.kind(of: pointer)
    }

    deinit { EVP_PKEY_free(pointer) }

    private static func kind(of pointer: OpaquePointer) throws(CryptographyError) -> KeyKind {
        do throws(CryptographyError) {
            if EVP_PKEY_is_a(pointer, "RSA") == 1 { return try rsaKind(of: pointer) }
            if EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
            if EVP_PKEY_is_a(pointer, "EC") == 1 {
                guard isNamedP256(pointer) else {
                    throw CryptographyError(taking: .unsupportedKey, "an EC key must name the curve P-256")
                }
                return .p256
            }
            throw CryptographyError(.unsupportedKey, "a key must be RSA, P-256 or Ed25519")
        } catch {
            // deinit does not run for an object whose init throws before all its properties are set.
            EVP_PKEY_free(pointer)
            throw error
        }
    }

    /// A curve that is spelled out instead of named is refused even when it is this one: readers that believe the numbers
    /// can be lied to.
    private static func isNamedP256(_ pointer: OpaquePointer) -> Bool {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        var isSpelledOut: CInt = 1
        return EVP_PKEY_get_group_name(pointer, &name, name.count, &count) == 1
            && name.prefix(count).elementsEqual(SN_X9_62_prime256v1.utf8.map { CChar(bitPattern: $0) })
            && EVP_PKEY_get_int_param(pointer, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isSpelledOut) == 1
            && isSpelledOut == 0
    }

    private static func rsaKind(of pointer: OpaquePointer) throws(CryptographyError) -> KeyKind {
        let bits = Int(EVP_PKEY_get_bits(pointer))
        guard KeyKind.rsaSizes.contains(bits) else {
            let sizes = KeyKind.rsaSizes
            throw CryptographyError(
                .unsupportedKey,
                "an RSA key has \(sizes.lowerBound) to \(sizes.upperBound) bits, not \(bits)"
            )
        }
        // NIST SP 800-56B §6.2: an odd number above 2¹⁶.
        let exponent = try integer(OSSL_PKEY_PARAM_RSA_E, of: pointer)
        guard exponent.count >= 3, let last = exponent.last, last & 1 == 1 else {
            throw CryptographyError(.unsupportedKey, "the public exponent of an RSA key is at least 65537")
        }
        return .rsa(bits: bits)
    }

    /// A number that belongs to the public half, without zeros before it.
    func integer(_ name: String) throws(CryptographyError) -> [UInt8] {
        try KeyHandle.integer(name, of: pointer)
    }

    private static func integer(_ name: String, of pointer: OpaquePointer) throws(CryptographyError) -> [UInt8] {
        var number: OpaquePointer?
        // > If *bn is NULL then a new BIGNUM is allocated by the function.
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else {
            throw CryptographyError(taking: .libcryptoFailure, "libcrypto does not tell the public half of a key")
        }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        // > BN_bn2bin() returns the length of the big-endian number placed at to.
        let count = BN_bn2bin(number, &bytes)
        precondition(count == bytes.count, "a number is as long as it says")
        return bytes
    }
}
