/// Reads one document, from its first byte to its last. Every method is handed the bytes anew, because a value that
/// keeps a span could not be a plain struct.
struct JSONParser {
    let limits: JSONLimits
    /// The next byte to read.
    var position = 0
    private var depth = 0
    private var values = 0

    init(limits: JSONLimits) { self.limits = limits }

    mutating func document(_ input: Span<UInt8>) throws(JSONError) -> JSONValue {
        if input.count >= 3, input[0] == 0xEF, input[1] == 0xBB, input[2] == 0xBF {
            throw JSONError(.byteOrderMark, at: 0)
        }
        let result = try value(input)
        skipWhiteSpace(input)
        guard position == input.count else { throw JSONError(.trailingBytes, at: position) }
        return result
    }

    private mutating func value(_ input: Span<UInt8>) throws(JSONError) -> JSONValue {
        let first = try next(input)
        values += 1
        guard values <= limits.values else { throw JSONError(.tooManyValues, at: position) }
        switch first {
        case JSONSyntax.quote: return .string(try string(input))
        case JSONSyntax.openBrace: return .object(try object(input))
        case JSONSyntax.openBracket: return .array(try array(input))
        case JSONSyntax.minus, JSONSyntax.zero...JSONSyntax.nine: return try number(input)
        case UInt8(ascii: "t"):
            try word("true", input)
            return .boolean(true)
        case UInt8(ascii: "f"):
            try word("false", input)
            return .boolean(false)
        case UInt8(ascii: "n"):
            try word("null", input)
            return .null
        default: throw JSONError(.expectedValue, at: position)
        }
    }

    private mutating func object(_ input: Span<UInt8>) throws(JSONError) -> JSONObject {
        try descend()
        var members: [JSONObject.Member] = []
        var names = JSONNames()
        if try take(JSONSyntax.closeBrace, input) { return ascend(with: JSONObject(members: members)) }
        // Most objects of an API fit in this; the others grow.
        members.reserveCapacity(12)
        while true {
            guard try next(input) == JSONSyntax.quote else { throw JSONError(.expectedName, at: position) }
            let start = position
            let name = try string(input)
            guard names.accept(name, after: members) else { throw JSONError(.duplicateName, at: start) }
            guard try take(JSONSyntax.colon, input) else { throw JSONError(.expectedColon, at: position) }
            members.append(JSONObject.Member(name: name, value: try value(input)))
            if try take(JSONSyntax.comma, input) { continue }
            guard try take(JSONSyntax.closeBrace, input) else { throw JSONError(.expectedCommaOrBrace, at: position) }
            return ascend(with: JSONObject(members: members))
        }
    }

    private mutating func array(_ input: Span<UInt8>) throws(JSONError) -> [JSONValue] {
        try descend()
        var elements: [JSONValue] = []
        if try take(JSONSyntax.closeBracket, input) { return ascend(with: elements) }
        elements.reserveCapacity(4)
        while true {
            elements.append(try value(input))
            if try take(JSONSyntax.comma, input) { continue }
            guard try take(JSONSyntax.closeBracket, input) else {
                throw JSONError(.expectedCommaOrBracket, at: position)
            }
            return ascend(with: elements)
        }
    }

    /// Over the bracket at the position. The calls that follow it take stack, so this is where their number is bounded.
    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else { throw JSONError(.tooDeep, at: position) }
        position += 1
    }

    private mutating func ascend<Container>(with container: Container) -> Container {
        depth -= 1
        return container
    }

    private mutating func word(_ word: String, _ input: Span<UInt8>) throws(JSONError) {
        let start = position
        for byte in word.utf8 {
            guard try peek(input) == byte else { throw JSONError(.expectedValue, at: start) }
            position += 1
        }
    }
}

extension JSONParser {
    /// Whether the next byte that is not white space is `byte`; if so, goes over it.
    @inline(__always)
    mutating func take(_ byte: UInt8, _ input: Span<UInt8>) throws(JSONError) -> Bool {
        guard try next(input) == byte else { return false }
        position += 1
        return true
    }

    /// The next byte that is not white space, left where it is.
    @inline(__always)
    mutating func next(_ input: Span<UInt8>) throws(JSONError) -> UInt8 {
        skipWhiteSpace(input)
        return try peek(input)
    }

    @inline(__always)
    func peek(_ input: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < input.count else { throw JSONError(.endsEarly, at: input.count) }
        return input[position]
    }

    @inline(__always)
    private mutating func skipWhiteSpace(_ input: Span<UInt8>) {
        while position < input.count, JSONSyntax.isWhiteSpace(input[position]) { position += 1 }
    }
}
