/// A signature of P-256, in its two forms: r and s as 32 bytes each (RFC 7518 §3.4), and the DER of libcrypto (RFC 3279
/// §2.2.3).
struct ECDSASignature: Equatable {
    private static let length = 32

    /// r and s, 64 bytes.
    let bytes: [UInt8]

    /// Nil unless there are 64 bytes.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 2 * ECDSASignature.length else { return nil }
        self.bytes = bytes.indices.map { bytes[$0] }
    }

    /// Nil unless it is the one encoding of two positive numbers below 2²⁵⁶.
    init?(der: [UInt8]) {
        // Both integers together have at most 70 bytes, so every length takes one byte.
        guard der.count >= 2, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
        var rest = der[2...]
        guard let r = ECDSASignature.takeInteger(&rest), let s = ECDSASignature.takeInteger(&rest), rest.isEmpty
        else { return nil }
        bytes = r + s
    }

    var der: [UInt8] {
        let content =
            ECDSASignature.integer(bytes.prefix(ECDSASignature.length))
            + ECDSASignature.integer(bytes.suffix(ECDSASignature.length))
        return [0x30, UInt8(content.count)] + content
    }

    private static func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(number.drop { $0 == 0 })
        // The highest bit is the sign; and zero still has one digit.
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }

    private static func takeInteger(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let count = rest.popFirst().map(Int.init), count > 0, count <= rest.count
        else { return nil }
        var digits = rest.prefix(count)
        rest = rest.dropFirst(count)
        if digits.first == 0 {
            digits = digits.dropFirst()
            // A zero goes before what would be negative without it, and nowhere else; the number zero is no part of a
            // signature.
            guard let next = digits.first, next >= 0x80 else { return nil }
        } else if let first = digits.first, first >= 0x80 {
            return nil
        }
        guard digits.count <= length else { return nil }
        return [UInt8](repeating: 0, count: length - digits.count) + digits
    }
}
