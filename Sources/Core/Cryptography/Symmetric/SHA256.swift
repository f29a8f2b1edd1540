internal import COpenSSL

/// SHA-256 (FIPS 180-4), by EVP_Digest(3).
public enum SHA256 {
    public static let digestLength = 32

    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestLength)
        var length: UInt32 = 0
        // > Return 1 for success and 0 for failure.
        let result = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(result == 1 && length == digestLength, "libcrypto could not compute a SHA-256")
        return digest
    }
}
