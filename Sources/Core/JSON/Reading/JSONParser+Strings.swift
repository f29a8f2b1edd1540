internal import Text

extension JSONParser {
    /// The string whose opening quote is at the position. Without an escape in it, it is copied as it stands.
    mutating func string(_ input: Span<UInt8>) throws(JSONError) -> String {
        let start = position + 1
        var end = start
        var hasEscapes = false
        while true {
            end = input.endOfPlainText(from: end)
            guard end < input.count else { throw JSONError(.endsEarly, at: input.count) }
            let byte = input[end]
            if byte == JSONSyntax.quote { break }
            if byte == JSONSyntax.backslash {
                // What is escaped can be a quote; the rest of the escape is looked at later.
                hasEscapes = true
                end += 1
            } else if byte < 0x20 {
                throw JSONError(.controlCharacter, at: end)
            }
            end += 1
        }
        let raw = input.extracting(start..<end)
        var result = try text(raw, at: start)
        if hasEscapes { result = try unescape(result.utf8Span.span, at: start) }
        if let limit = limits.stringLength, result.utf8.count > limit {
            throw JSONError(.stringTooLong, at: position)
        }
        guard result.isStreamSafe else { throw JSONError(.tooManyMarks, at: position) }
        position = end + 1
        return result
    }

    /// The bytes as text, when they are UTF-8; `start` is where they stand in the document.
    func text(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw JSONError(.invalidUTF8, at: start + error.byteOffsets.lowerBound)
        }
    }

    /// RFC 8259 §7. No backslash is the last byte, and between the escapes is nothing but UTF-8.
    private func unescape(_ raw: Span<UInt8>, at start: Int) throws(JSONError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            guard raw[index] == JSONSyntax.backslash else {
                bytes.append(raw[index])
                index += 1
                continue
            }
            switch raw[index + 1] {
            case JSONSyntax.quote, JSONSyntax.backslash, UInt8(ascii: "/"): bytes.append(raw[index + 1])
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = try scalar(raw, index, at: start)
                if !limits.allowsNUL, scalar == "\0" { throw JSONError(.nulCharacter, at: start + index) }
                bytes.append(contentsOf: scalar.utf8)
                index += length
                continue
            default: throw JSONError(.malformedEscape, at: start + index)
            }
            index += 2
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The character that one `\uXXXX` means, or two: a surrogate pair. `length` is how many bytes it was written in.
    private func scalar(
        _ raw: Span<UInt8>,
        _ index: Int,
        at start: Int
    ) throws(JSONError) -> (scalar: Unicode.Scalar, length: Int) {
        guard let unit = codeUnit(raw, index) else { throw JSONError(.malformedEscape, at: start + index) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        // Neither half of a pair is a character by itself.
        guard UTF16.isLeadSurrogate(unit), let trail = codeUnit(raw, index + 6), UTF16.isTrailSurrogate(trail) else {
            throw JSONError(.loneSurrogate, at: start + index)
        }
        return (UTF16.decode(UTF16.EncodedScalar([unit, trail])), 12)
    }

    /// The four digits behind a `\u`; nil when that is not what stands there.
    private func codeUnit(_ raw: Span<UInt8>, _ index: Int) -> UInt16? {
        guard index + 6 <= raw.count, raw[index] == JSONSyntax.backslash, raw[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for place in index + 2..<index + 6 {
            guard let digit = JSONSyntax.hexValue(raw[place]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
