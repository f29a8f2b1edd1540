internal import COpenSSL

/// Random bytes that nobody can foretell, by RAND_bytes(3). May be used from any thread.
public struct SecureRandom: RandomNumberGenerator, Sendable {
    public init() {}

    public func bytes(count: Int) -> [UInt8] {
        guard let size = CInt(exactly: count) else { preconditionFailure("\(count) random bytes in one piece") }
        var bytes = [UInt8](repeating: 0, count: count)
        // > RAND_bytes() and RAND_priv_bytes() return 1 on success, -1 if not supported by the current RAND method, or 0
        // > on other failure.
        let result = RAND_bytes(&bytes, size)
        // Going on with what is in the array would hand out keys that can be guessed.
        precondition(result == 1, "libcrypto has no random bytes")
        return bytes
    }

    public func next() -> UInt64 {
        var value: UInt64 = 0
        let result = withUnsafeMutableBytes(of: &value) { bytes in
            RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, CInt(bytes.count))
        }
        precondition(result == 1, "libcrypto has no random bytes")
        return value
    }
}
