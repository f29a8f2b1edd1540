/// 64 characters that stand for six bits each.
struct Base64Alphabet: Sendable {
    static let standard = Base64Alphabet(lastTwo: "+/")
    static let url = Base64Alphabet(lastTwo: "-_")

    /// What stands for no bits; every value is smaller.
    private static let invalid: UInt8 = 0xFF

    private let characters: [UInt8]
    /// For every byte the value it stands for.
    private let values: [UInt8]

    private init(lastTwo: String) {
        characters = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + lastTwo).utf8)
        var values = [UInt8](repeating: Base64Alphabet.invalid, count: 256)
        for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// Without padding.
    func encode(_ bytes: Span<UInt8>, appendingTo output: inout [UInt8]) {
        // The storage of all empty arrays is one object, and adding no room to it writes there: a race between threads.
        if bytes.isEmpty { return }
        let characters = characters.span
        output.append(addingCapacity: Base64URL.encodedCount(bytes.count)) { output in
            var index = 0
            while index + 3 <= bytes.count {
                let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
                output.append(characters[Int(group >> 18)])
                output.append(characters[Int(group >> 12 & 63)])
                output.append(characters[Int(group >> 6 & 63)])
                output.append(characters[Int(group & 63)])
                index += 3
            }
            switch bytes.count - index {
            case 1:
                let group = UInt32(bytes[index]) << 4
                output.append(characters[Int(group >> 6)])
                output.append(characters[Int(group & 63)])
            case 2:
                let group = UInt32(bytes[index]) << 10 | UInt32(bytes[index + 1]) << 2
                output.append(characters[Int(group >> 12)])
                output.append(characters[Int(group >> 6 & 63)])
                output.append(characters[Int(group & 63)])
            default: break
            }
        }
    }

    /// Nil unless every character stands for bits and the last ones leave nothing over.
    func decode(_ text: Span<UInt8>) -> [UInt8]? {
        let values = values.span
        // The values of all characters: 0xFF leaves a mark that no valid one does.
        var seen: UInt8 = 0
        var leftOver: UInt32 = 0
        let bytes = [UInt8](capacity: text.count / 4 * 3 + 2) { output in
            var index = 0
            while index + 4 <= text.count {
                let (a, b) = (values[Int(text[index])], values[Int(text[index + 1])])
                let (c, d) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
                seen |= a | b | c | d
                output.append(a << 2 | b >> 4)
                output.append(b << 4 | c >> 2)
                output.append(c << 6 | d)
                index += 4
            }
            switch text.count - index {
            case 0: break
            case 2:
                let (a, b) = (values[Int(text[index])], values[Int(text[index + 1])])
                seen |= a | b
                output.append(a << 2 | b >> 4)
                leftOver = UInt32(b & 15)
            case 3:
                let (a, b) = (values[Int(text[index])], values[Int(text[index + 1])])
                let c = values[Int(text[index + 2])]
                seen |= a | b | c
                output.append(a << 2 | b >> 4)
                output.append(b << 4 | c >> 2)
                leftOver = UInt32(c & 3)
            default: seen = Base64Alphabet.invalid
            }
        }
        return seen < 64 && leftOver == 0 ? bytes : nil
    }
}
