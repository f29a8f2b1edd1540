internal import Text

/// Sizes that a message head may have.
public struct HTTPHeadLimits: Equatable, Sendable {
    /// Bytes of the first line.
    public var startLine: Int
    /// Number of fields.
    public var fieldCount: Int
    /// Bytes of everything up to the empty line.
    public var total: Int

    public init(startLine: Int = 8_192, fieldCount: Int = 100, total: Int = 32_768) {
        self.startLine = startLine
        self.fieldCount = fieldCount
        self.total = total
    }
}

/// The first line of a message: a request line or a status line.
protocol HTTPStartLine: Sendable {
    /// What a first line longer than the limit is answered with.
    static var tooLong: HTTPParseError { get }
    /// `line` is without its CRLF.
    init(parsing line: Span<UInt8>) throws(HTTPParseError)
}

/// Reads a message head: first line, fields, empty line (RFC 9112 §2 to §5). A value without I/O.
///
/// Bytes may come in any portions, down to one at a time, and the result is the same. Only CRLF ends a line: a recipient
/// may take a bare LF for one (§2.2), but two recipients that differ in that see two different messages, and that
/// difference is how requests are smuggled.
struct HTTPHeadParser<StartLine: HTTPStartLine>: Sendable {
    enum Outcome {
        /// Everything was consumed, and more is needed.
        case incomplete
        case complete(StartLine, HTTPFields)
    }

    private let limits: HTTPHeadLimits
    private var startLine: StartLine?
    private var fields = HTTPFields()
    /// Where the line begins that is being read, in `fields.bytes`.
    private var lineStart = 0
    /// Empty lines before a request line are ignored (§2.2), one of them: more is no client's habit.
    private var mayIgnoreEmptyLine: Bool
    private let ignoresEmptyLine: Bool

    init(limits: HTTPHeadLimits, ignoresEmptyLine: Bool) {
        self.limits = limits
        self.ignoresEmptyLine = ignoresEmptyLine
        mayIgnoreEmptyLine = ignoresEmptyLine
    }

    /// Whether anything of a message has been consumed.
    var hasBegun: Bool { startLine != nil || !fields.bytes.isEmpty }

    /// Takes bytes up to the end of the head: `count` tells how many, what follows is not touched.
    mutating func consume(_ input: Span<UInt8>) throws(HTTPParseError) -> (count: Int, outcome: Outcome) {
        var position = 0
        while position < input.count {
            let rest = input.extracting(position...)
            guard let lineFeed = rest.firstIndex(of: ASCII.lineFeed) else {
                try append(rest)
                return (input.count, .incomplete)
            }
            try append(rest.extracting(...lineFeed))
            position += lineFeed + 1
            if let startLine = try finishLine() {
                let complete = fields
                reset()
                return (position, .complete(startLine, complete))
            }
        }
        return (input.count, .incomplete)
    }

    private mutating func append(_ part: Span<UInt8>) throws(HTTPParseError) {
        if startLine == nil, fields.bytes.count + part.count > limits.startLine + 2 { throw StartLine.tooLong }
        guard fields.bytes.count + part.count <= limits.total else {
            throw HTTPParseError(status: .headerFieldsTooLarge, reason: "the header fields are too long")
        }
        fields.bytes.append(copying: part)
    }

    /// Looks at the line whose LF has just been appended. Answers the first line when this one is the empty one.
    private mutating func finishLine() throws(HTTPParseError) -> StartLine? {
        let lineEnd = fields.bytes.count - 2
        guard lineEnd >= lineStart, fields.bytes[lineEnd] == ASCII.carriageReturn else {
            throw .badRequest("a line ends without CR")
        }
        defer { lineStart = fields.bytes.count }
        guard let startLine else {
            if lineEnd == lineStart {
                guard mayIgnoreEmptyLine else { throw .badRequest("an empty first line") }
                mayIgnoreEmptyLine = false
                fields.bytes.removeAll(keepingCapacity: true)
                return nil
            }
            startLine = try StartLine(parsing: fields.bytes.span.extracting(lineStart..<lineEnd))
            return nil
        }
        if lineEnd == lineStart { return startLine }
        guard fields.entries.count < limits.fieldCount else {
            throw HTTPParseError(status: .headerFieldsTooLarge, reason: "too many header fields")
        }
        fields.entries.append(try HTTPFields.Entry(parsing: fields.bytes.span, lineStart..<lineEnd))
        return nil
    }

    /// Ready for the next head. When the last one's fields are no longer held by anybody, `reuse` gives their memory
    /// back for it.
    private mutating func reset() {
        startLine = nil
        fields = HTTPFields()
        lineStart = 0
        mayIgnoreEmptyLine = ignoresEmptyLine
    }

    /// Takes over the memory of fields that are not needed any more.
    mutating func reuse(_ spent: consuming HTTPFields) {
        guard !hasBegun else { return }
        fields = spent
        fields.removeAllKeepingCapacity()
    }
}

extension HTTPFields.Entry {
    /// Reads a field line (RFC 9112 §5). `range` is the line without its CRLF, in a buffer of all lines.
    init(parsing bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPParseError) {
        var index = range.lowerBound
        while index < range.upperBound, ASCII.isToken(bytes[index]) { index += 1 }
        // White space before the colon, a line that continues the one before (obs-fold) and an empty name all end here.
        guard index > range.lowerBound, index < range.upperBound, bytes[index] == ASCII.colon else {
            throw .badRequest("a header field has a malformed name")
        }
        let nameEnd = index
        index += 1
        while index < range.upperBound, ASCII.isWhitespace(bytes[index]) { index += 1 }
        let valueStart = index
        var valueEnd = valueStart
        var isASCII = true
        while index < range.upperBound {
            let byte = bytes[index]
            guard ASCII.isFieldValue(byte) else { throw .badRequest("a header field holds a control character") }
            if byte >= 0x80 { isASCII = false }
            index += 1
            if !ASCII.isWhitespace(byte) { valueEnd = index }
        }
        if !isASCII {
            var value: [UInt8] = []
            value.append(copying: bytes.extracting(valueStart..<valueEnd))
            guard String(decoding: value, as: UTF8.self).isStreamSafe else {
                throw .badRequest("a header field holds too many combining marks behind each other")
            }
        }
        self.init(
            nameStart: UInt32(range.lowerBound),
            nameLength: UInt32(nameEnd - range.lowerBound),
            valueStart: UInt32(valueStart),
            valueLength: UInt32(valueEnd - valueStart)
        )
    }
}
