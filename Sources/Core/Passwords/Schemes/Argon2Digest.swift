internal import CArgon2
internal import CSodium

/// The bytes that argon2id (RFC 9106) makes of a password, on this thread alone however many lanes there are: one hash is one
/// thread's work.
///
/// Two libraries do the same. libsodium has code for AVX2 and AVX-512 and chooses when it runs: it takes a quarter less than
/// Debian's libargon2, which is the plain reference. But it knows one lane and one length of salt alone, which is what every
/// hash made here has.
enum Argon2Digest {
    static func compute(
        _ password: Password,
        _ parameters: Argon2Parameters,
        salt: [UInt8],
        length: Int
    ) throws(PasswordError) -> [UInt8] {
        isKnownToSodium(parameters, salt)
            ? try bySodium(password, parameters, salt: salt, length: length)
            : try byReference(password, parameters, salt: salt, length: length)
    }

    private static func isKnownToSodium(_ parameters: Argon2Parameters, _ salt: [UInt8]) -> Bool {
        parameters.parallelism == 1 && salt.count == Int(crypto_pwhash_argon2id_SALTBYTES)
    }

    /// sodium_init, before anything else is asked of the library. It picks the code for this processor.
    private static let isReady = sodium_init() >= 0

    /// crypto_pwhash_argon2id. Its memory is mapped for this one hash and unmapped after it.
    static func bySodium(
        _ password: Password,
        _ parameters: Argon2Parameters,
        salt: [UInt8],
        length: Int
    ) throws(PasswordError) -> [UInt8] {
        guard isReady else { throw PasswordError(.hashingFailed) }
        var digest = [UInt8](repeating: 0, count: length)
        let code = password.withBytes { bytes in
            digest.withUnsafeMutableBufferPointer { digest in
                salt.withUnsafeBufferPointer { salt -> Int32 in
                    guard
                        let digestBytes = digest.baseAddress,
                        let passwordBytes = bytes.baseAddress,
                        let saltBytes = salt.baseAddress
                    else { preconditionFailure("a password, a salt and a digest have bytes") }
                    return crypto_pwhash_argon2id(
                        digestBytes,
                        UInt64(digest.count),
                        passwordBytes.assumingMemoryBound(to: CChar.self),
                        UInt64(bytes.count),
                        saltBytes,
                        UInt64(parameters.iterations),
                        parameters.memoryKiB * 1_024,
                        crypto_pwhash_argon2id_ALG_ARGON2ID13
                    )
                }
            }
        }
        // Within the bounds of `Argon2Parameters` nothing else makes it fail.
        guard code == 0 else { throw PasswordError(.outOfMemory) }
        return digest
    }

    /// argon2_ctx.
    static func byReference(
        _ password: Password,
        _ parameters: Argon2Parameters,
        salt: [UInt8],
        length: Int
    ) throws(PasswordError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        var salt = salt
        var context = argon2_context()
        context.t_cost = UInt32(parameters.iterations)
        context.m_cost = UInt32(parameters.memoryKiB)
        context.lanes = UInt32(parameters.parallelism)
        context.threads = 1
        context.version = ARGON2_VERSION_13.rawValue
        context.allocate_cbk = { memory, count in
            let start = Argon2Memory.allocate(count)
            memory?.pointee = start
            return start == nil ? ARGON2_MEMORY_ALLOCATION_ERROR.rawValue : ARGON2_OK.rawValue
        }
        context.free_cbk = { start, count in Argon2Memory.release(start, count) }
        let code = password.withBytes { bytes in
            digest.withUnsafeMutableBufferPointer { digest in
                salt.withUnsafeMutableBufferPointer { salt in
                    context.out = digest.baseAddress
                    context.outlen = UInt32(digest.count)
                    context.salt = salt.baseAddress
                    context.saltlen = UInt32(salt.count)
                    // Not written to: that would take ARGON2_FLAG_CLEAR_PASSWORD.
                    context.pwd = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
                        .assumingMemoryBound(to: UInt8.self)
                    context.pwdlen = UInt32(bytes.count)
                    return argon2_ctx(&context, Argon2_id)
                }
            }
        }
        switch code {
        case ARGON2_OK.rawValue: return digest
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue: throw PasswordError(.outOfMemory)
        default: throw PasswordError(.hashingFailed)
        }
    }
}
