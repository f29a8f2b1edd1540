extension Span<UInt8> {
    /// Goes over text in which nothing is special, eight bytes at a time: up to the first quote, backslash or control
    /// character, or up to the last bytes, which are too few. Strings are most of a document, so this is most of the
    /// reading.
    @inline(__always)
    func endOfPlainText(from start: Int) -> Int {
        var position = start
        while position <= count - 8 {
            // The bounds are checked, and any eight bytes are a number.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            let special = SpecialBytes(in: UInt64(littleEndian: word))
            if let first = special.first { return position + first }
            position += 8
        }
        return position
    }
}

/// Which of eight bytes end plain text.
///
/// Subtracting `n` from a byte below `n` borrows, which sets the high bit that the byte did not have. A borrow can also
/// mark the byte behind by mistake, but never the first.
private struct SpecialBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits = ones * 0x80

    private let marks: UInt64

    @inline(__always)
    init(in word: UInt64) {
        let quotes = word ^ (SpecialBytes.ones * UInt64(JSONSyntax.quote))
        let backslashes = word ^ (SpecialBytes.ones * UInt64(JSONSyntax.backslash))
        marks =
            (SpecialBytes.less(word, than: 0x20) | SpecialBytes.less(quotes, than: 1)
                | SpecialBytes.less(backslashes, than: 1)) & SpecialBytes.highBits
    }

    /// The place of the first of them.
    @inline(__always)
    var first: Int? { marks == 0 ? nil : marks.trailingZeroBitCount / 8 }

    @inline(__always)
    private static func less(_ word: UInt64, than bound: UInt64) -> UInt64 { (word &- ones * bound) & ~word }
}
