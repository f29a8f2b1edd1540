/// Makes keys from one that is strong but should not be used for several things (RFC 5869).
public enum HKDFSHA256 {
    /// `context` names what the key is for (the RFC's `info`): different ones give keys that tell nothing about each
    /// other. At most 255 × 32 bytes come out.
    public static func deriveKey(from material: [UInt8], salt: [UInt8] = [], context: [UInt8], count: Int) -> [UInt8] {
        precondition(count <= 255 * AuthenticationCode.length, "HKDF makes no more than 8160 bytes")
        // > if not provided, [salt] is set to a string of HashLen zeros.
        //
        // Which HMAC makes of an empty key as well.
        let extracted = HMACSHA256(key: salt).authenticationCode(for: material.span)
        let expanding = HMACSHA256(key: extracted.bytes)
        var result: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 0
        while result.count < count {
            number += 1
            block = expanding.authenticationCode(for: (block + context + [number]).span).bytes
            result += block
        }
        return Array(result.prefix(count))
    }
}
