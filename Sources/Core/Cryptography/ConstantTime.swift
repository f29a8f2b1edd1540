internal import COpenSSL

/// Comparing what must stay secret.
public enum ConstantTime {
    /// Whether the bytes are the same. Takes as long for a first difference at the start as for one at the end; only a
    /// difference in length shows. By CRYPTO_memcmp(3).
    public static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}
