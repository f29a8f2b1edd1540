/// A tag as it stands in the source.
struct Tag {
    enum Kind {
        case comment
        case delimiters
        case value
        case unescaped
        case section
        case inverted
        case end
        case partial
        case parent
        case block

        /// The sign behind the opening mark. None for a value.
        init(sign: UInt8?) {
            self =
                switch sign {
                case UInt8(ascii: "!"): .comment
                case UInt8(ascii: "="): .delimiters
                case UInt8(ascii: "{"), UInt8(ascii: "&"): .unescaped
                case UInt8(ascii: "#"): .section
                case UInt8(ascii: "^"): .inverted
                case UInt8(ascii: "/"): .end
                case UInt8(ascii: ">"): .partial
                case UInt8(ascii: "<"): .parent
                case UInt8(ascii: "$"): .block
                default: .value
                }
        }
    }

    let kind: Kind
    /// What it says, without sign and the white space around it.
    let content: Range<Int>
    /// From its opening mark to its closing one.
    let range: Range<Int>

    /// Reads the tag that begins at `start`. nil when it does not end.
    init?(in bytes: [UInt8], at start: Int, _ delimiters: Delimiters) {
        let signPlace = start + delimiters.open.count
        let sign = signPlace < bytes.count ? bytes[signPlace] : nil
        kind = Kind(sign: sign)
        // A mark may begin with what would else be a sign.
        let contentStart = kind == .value ? signPlace : signPlace + 1
        let mark =
            switch sign {
            case UInt8(ascii: "="): [UInt8(ascii: "=")] + delimiters.close
            case UInt8(ascii: "{"): [UInt8(ascii: "}")] + delimiters.close
            default: delimiters.close
            }
        guard let contentEnd = bytes.firstIndex(of: mark, from: contentStart) else { return nil }
        range = start..<contentEnd + mark.count
        content = bytes.trimming(contentStart..<contentEnd)
    }
}

extension [UInt8] {
    /// Where `pattern` stands first, at `start` or behind it.
    func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var index = start
        while index <= count - pattern.count {
            if self[index] == first, self[index..<index + pattern.count].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }

    /// The range without the white space at both of its ends.
    fileprivate func trimming(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first(where: { !self[$0].isTagSpace }),
            let last = range.last(where: { !self[$0].isTagSpace })
        else { return range.lowerBound..<range.lowerBound }
        return first..<last + 1
    }
}
