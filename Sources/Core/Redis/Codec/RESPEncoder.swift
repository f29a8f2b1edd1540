internal import Text

/// Writes commands as the server reads them: an array of bulk strings.
///
/// Ours rather than redisFormatCommandArgv: that one wants every argument as a C string beside an array of lengths, and answers
/// memory of its own that is then copied once more into what the socket sends.
enum RESPEncoder {
    static func encode(_ command: RedisCommand, into output: inout [UInt8]) {
        appendHeader(UInt8(ascii: "*"), 1 + command.arguments.count, to: &output)
        append(command.name, to: &output)
        for argument in command.arguments {
            switch argument {
            case .string(let text): append(text, to: &output)
            case .joined(let first, let second):
                appendHeader(UInt8(ascii: "$"), first.utf8.count + second.utf8.count, to: &output)
                appendBytes(of: first, to: &output)
                appendBytes(of: second, to: &output)
                appendLineEnd(to: &output)
            case .bytes(let bytes):
                appendHeader(UInt8(ascii: "$"), bytes.count, to: &output)
                output.append(contentsOf: bytes)
                appendLineEnd(to: &output)
            case .integer(let value): append(value, to: &output)
            }
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        appendHeader(UInt8(ascii: "$"), text.utf8.count, to: &output)
        appendBytes(of: text, to: &output)
        appendLineEnd(to: &output)
    }

    private static func append(_ value: Int, to output: inout [UInt8]) {
        appendHeader(UInt8(ascii: "$"), value.decimalLength, to: &output)
        output.append(decimal: value)
        appendLineEnd(to: &output)
    }

    /// By their span: appending the view of a text takes three times as long.
    private static func appendBytes(of text: String, to output: inout [UInt8]) {
        text.utf8.span.withUnsafeBufferPointer { output.append(contentsOf: $0) }
    }

    private static func appendHeader(_ kind: UInt8, _ count: Int, to output: inout [UInt8]) {
        output.append(kind)
        output.append(decimal: count)
        appendLineEnd(to: &output)
    }

    private static func appendLineEnd(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\r"))
        output.append(UInt8(ascii: "\n"))
    }
}
