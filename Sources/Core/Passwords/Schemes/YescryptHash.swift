internal import Cryptography

/// A yescrypt hash, as crypt(5) has it: `$y$j9T$SALT$DIGEST`. It verifies, and is never made: it comes from systems whose
/// accounts move here.
///
/// The three digits in front are the flavour, the logarithm of N and r. Only `j` is taken, the flavour that libcrypt
/// makes, and no further parameters, which it never writes.
struct YescryptHash: Sendable {
    let text: String
    let cost: Substring

    /// 128 · N · r bytes, and the time grows with the memory: cost 9 of crypt_gensalt(3) has exactly this.
    private static let memoryLimit = 256 << 20

    init(text: String, fields: ArraySlice<Substring>) throws(PasswordError) {
        let fields = Array(fields)
        guard
            fields.count == 3,
            fields[0].utf8.count == 3, fields[0].utf8.first == UInt8(ascii: "j"),
            let logarithm = YescryptHash.number(fields[0].utf8.dropFirst(1).first),
            let blocks = YescryptHash.number(fields[0].utf8.dropFirst(2).first),
            (1...86).contains(fields[1].utf8.count), fields[1].utf8.allSatisfy(Crypt.isDigit),
            fields[2].utf8.count == 43, fields[2].utf8.allSatisfy(Crypt.isDigit)
        else { throw PasswordError(.malformedHash) }
        guard logarithm < 32, 128 * blocks << logarithm <= YescryptHash.memoryLimit else {
            throw PasswordError(.costOutOfBounds)
        }
        self.text = text
        cost = fields[0]
    }

    func matches(_ password: Password) throws(PasswordError) -> Bool {
        let computed = try Crypt.hash(password.phrase(limit: Crypt.longestPhrase), setting: text)
        let stored = Array(text.utf8)
        // No such hash was ever made of a longer password. The work is done all the same.
        return ConstantTime.areEqual(computed.span, stored.span) && password.count <= Crypt.longestPhrase
    }

    /// A number that one digit can say. They begin at 1, and those from 49 on take more digits.
    private static func number(_ digit: UInt8?) -> Int? {
        let value: Int? =
            switch digit {
            case .some(let digit) where (0x2E...0x39).contains(digit): Int(digit) - 0x2E
            case .some(let digit) where (0x41...0x5A).contains(digit): Int(digit) - 0x41 + 12
            case .some(let digit) where (0x61...0x7A).contains(digit): Int(digit) - 0x61 + 38
            default: nil
            }
        return value.flatMap { $0 < 48 ? $0 + 1 : nil }
    }
}
