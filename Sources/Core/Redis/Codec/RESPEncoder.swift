/// Writes commands as the server reads them: an array of bulk strings.
///
/// Ours rather than redisFormatCommandArgv: that one wants every argument as a C string beside an array of lengths, and answers
/// memory of its own that is then copied once more into what the socket sends.
enum RESPEncoder {
    static func encode(_ command: RedisCommand, into output: inout [UInt8]) {
        appendHeader(UInt8(ascii: "*"), command.arguments.count, to: &output)
        for argument in command.arguments {
            switch argument {
            case .string(let text):
                appendHeader(UInt8(ascii: "$"), text.utf8.count, to: &output)
                output.append(contentsOf: text.utf8)
            case .joined(let first, let second):
                appendHeader(UInt8(ascii: "$"), first.utf8.count + second.utf8.count, to: &output)
                output.append(contentsOf: first.utf8)
                output.append(contentsOf: second.utf8)
            case .bytes(let bytes):
                appendHeader(UInt8(ascii: "$"), bytes.count, to: &output)
                output.append(contentsOf: bytes)
            case .integer(let value):
                let text = String(value)
                appendHeader(UInt8(ascii: "$"), text.utf8.count, to: &output)
                output.append(contentsOf: text.utf8)
            }
            appendLineEnd(to: &output)
        }
    }

    private static func appendHeader(_ kind: UInt8, _ count: Int, to output: inout [UInt8]) {
        output.append(kind)
        if count < 10 {
            output.append(UInt8(ascii: "0") + UInt8(count))
        } else {
            output.append(contentsOf: String(count).utf8)
        }
        appendLineEnd(to: &output)
    }

    private static func appendLineEnd(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\r"))
        output.append(UInt8(ascii: "\n"))
    }
}
