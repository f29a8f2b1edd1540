/// Reads the chunked transfer coding (RFC 9112 §7.1), a byte at a time between the chunks and in bulk within them.
///
/// Strict: hexadecimal size without sign or white space, CRLF and nothing else at every line's end. Chunk extensions are
/// skipped and trailer fields are checked for their form and dropped; both count against one limit, for neither has a
/// use here.
struct ChunkedDecoder: Sendable {
    private enum State {
        case sizeStart
        case size
        case chunkExtension
        case sizeLineFeed
        case data
        case dataCarriageReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case endLineFeed
    }

    private var state = State.sizeStart
    private var remaining = 0
    private var digits = 0
    private var overhead = 0
    private let trailerLimit: Int

    /// `trailerLimit` bounds the bytes of all extensions and trailers of one message.
    init(trailerLimit: Int) { self.trailerLimit = trailerLimit }

    mutating func consume(
        _ input: Span<UInt8>
    ) throws(HTTPParseError) -> (count: Int, event: HTTPBodyDecoder.Event) {
        var position = 0
        while position < input.count {
            if state == .data {
                let count = min(remaining, input.count - position)
                remaining -= count
                if remaining == 0 { state = .dataCarriageReturn }
                return (position + count, .content(position..<position + count))
            }
            let byte = input[position]
            position += 1
            if try step(byte) { return (position, .end) }
        }
        return (position, .incomplete)
    }

    /// True at the end of the message.
    private mutating func step(_ byte: UInt8) throws(HTTPParseError) -> Bool {
        switch state {
        case .sizeStart, .size:
            try readSize(byte)
        case .chunkExtension:
            try countOverhead()
            if byte == ASCII.carriageReturn {
                state = .sizeLineFeed
            } else if !ASCII.isFieldValue(byte) {
                throw .badRequest("a chunk extension holds a control character")
            }
        case .sizeLineFeed:
            try expect(byte, ASCII.lineFeed, "a chunk size does not end in CRLF")
            state = remaining == 0 ? .trailerStart : .data
            digits = 0
        case .data:
            preconditionFailure("data is not read byte by byte")
        case .dataCarriageReturn:
            try expect(byte, ASCII.carriageReturn, "a chunk is longer than its size")
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, ASCII.lineFeed, "a chunk does not end in CRLF")
            state = .sizeStart
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed:
            try readTrailer(byte)
        case .endLineFeed:
            try expect(byte, ASCII.lineFeed, "the last chunk does not end in CRLF")
            return true
        }
        return false
    }

    private mutating func readSize(_ byte: UInt8) throws(HTTPParseError) {
        if let digit = ASCII.hexValue(byte) {
            // Fifteen digits are more than any disk holds, and can not overflow.
            digits += 1
            guard digits <= 15 else { throw .badRequest("a chunk size is too large") }
            remaining = remaining << 4 | Int(digit)
            state = .size
            return
        }
        guard state == .size else { throw .badRequest("a chunk size is malformed") }
        switch byte {
        case ASCII.carriageReturn: state = .sizeLineFeed
        case UInt8(ascii: ";"): state = .chunkExtension
        default: throw .badRequest("a chunk size is malformed")
        }
    }

    private mutating func readTrailer(_ byte: UInt8) throws(HTTPParseError) {
        try countOverhead()
        switch state {
        case .trailerStart where byte == ASCII.carriageReturn:
            state = .endLineFeed
        case .trailerStart:
            guard ASCII.isToken(byte) else { throw .badRequest("a trailer field has a malformed name") }
            state = .trailerName
        case .trailerName where byte == ASCII.colon:
            state = .trailerValue
        case .trailerName:
            guard ASCII.isToken(byte) else { throw .badRequest("a trailer field has a malformed name") }
        case .trailerValue where byte == ASCII.carriageReturn:
            state = .trailerLineFeed
        case .trailerValue:
            guard ASCII.isFieldValue(byte) else { throw .badRequest("a trailer field holds a control character") }
        default:
            try expect(byte, ASCII.lineFeed, "a trailer field does not end in CRLF")
            state = .trailerStart
        }
    }

    private mutating func countOverhead() throws(HTTPParseError) {
        overhead += 1
        guard overhead <= trailerLimit else { throw .badRequest("chunk extensions or trailers are too long") }
    }

    private func expect(_ byte: UInt8, _ wanted: UInt8, _ reason: String) throws(HTTPParseError) {
        if byte != wanted { throw .badRequest(reason) }
    }
}
