@testable import Passwords

/// Why a stored hash is refused; nil when it is not.
enum Refusal {
    static func of(_ stored: String) -> PasswordError.Code? {
        do throws(PasswordError) {
            _ = try PasswordHash(stored)
            return nil
        } catch {
            return error.code
        }
    }

    static func ofPassword(_ text: String) -> PasswordError.Code? {
        do throws(PasswordError) {
            _ = try Password(text)
            return nil
        } catch {
            return error.code
        }
    }
}

enum Bytes {
    static func of(hexadecimal text: String) -> [UInt8] {
        let digits = text.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension Password {
    /// Bytes that need not be text, as old hashes were made of.
    convenience init(bytes: [UInt8]) throws(PasswordError) {
        try self.init(bytes: bytes) { WipedMemory(count: $0) }
    }

    var content: [UInt8] { withBytes { Array($0) } }
}
