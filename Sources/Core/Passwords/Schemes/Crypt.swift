internal import CCrypt

/// crypt(3) of libcrypt.
enum Crypt {
    /// > Passphrases longer than this (counting the terminating NUL) are not supported.
    static let longestPhrase = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1

    /// The digits of its base 64, which is not the one of RFC 4648.
    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2E...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// crypt_rn: the hash of a phrase, which ends with a NUL. A setting is what stands before the digest; a whole hash
    /// will do as well.
    ///
    /// Its scratch space is 32 KiB: asked for each time, which is nothing beside the milliseconds the hash takes, and wiped,
    /// since a part of it is the phrase's.
    static func hash(_ phrase: borrowing WipedMemory, setting: String) throws(PasswordError) -> [UInt8] {
        let scratch = WipedMemory(count: MemoryLayout<crypt_data>.size)
        // > if an error occurs, this function returns a null pointer
        let output = crypt_rn(
            phrase.bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
            setting,
            scratch.bytes.baseAddress,
            CInt(scratch.bytes.count)
        )
        guard let output else { throw PasswordError(.hashingFailed) }
        return Array(String(cString: output).utf8)
    }

    /// crypt_gensalt_rn: what stands before the digest of a new hash.
    static func setting(prefix: String, cost: Int, randomBytes: [UInt8]) throws(PasswordError) -> String {
        let result: String? = withUnsafeTemporaryAllocation(
            of: CChar.self,
            capacity: Int(CRYPT_GENSALT_OUTPUT_SIZE)
        ) { buffer in
            randomBytes.withUnsafeBytes { random in
                crypt_gensalt_rn(
                    prefix,
                    UInt(cost),
                    random.baseAddress?.assumingMemoryBound(to: CChar.self),
                    CInt(random.count),
                    buffer.baseAddress,
                    CInt(buffer.count)
                ).map { String(cString: $0) }
            }
        }
        guard let result else { throw PasswordError(.hashingFailed) }
        return result
    }
}
