internal import Text

/// Writes message heads as they go on the wire (RFC 9112 §2.1).
enum HTTPHeadWriter {
    /// How the content that follows is announced.
    enum Framing: Equatable {
        case length(Int)
        case chunked
        /// Nothing is announced: there is no content, or the connection's end ends it.
        case silent
    }

    /// What the Connection field says.
    enum Persistence {
        /// As the version has it by default: nothing needs to be said.
        case implied
        case keepAlive
        case close
    }

    static func write(
        _ status: HTTPStatus,
        _ fields: HTTPFields,
        framing: Framing,
        persistence: Persistence,
        date: HTTPDateClock,
        into output: inout [UInt8]
    ) {
        output.append(literal: "HTTP/1.1 ")
        output.append(decimal: status.code)
        output.append(ASCII.space)
        output.append(contentsOf: status.reason.utf8)
        output.append(literal: "\r\nDate: ")
        date.append(to: &output)
        output.append(literal: "\r\n")
        finish(fields, framing: framing, persistence: persistence, into: &output)
    }

    static func write(
        _ method: HTTPMethod,
        target: String,
        _ fields: HTTPFields,
        framing: Framing,
        persistence: Persistence,
        into output: inout [UInt8]
    ) {
        output.append(contentsOf: method.name.utf8)
        output.append(ASCII.space)
        output.append(contentsOf: target.utf8)
        output.append(literal: " HTTP/1.1\r\n")
        finish(fields, framing: framing, persistence: persistence, into: &output)
    }

    private static func finish(
        _ fields: HTTPFields,
        framing: Framing,
        persistence: Persistence,
        into output: inout [UInt8]
    ) {
        fields.write(into: &output)
        switch framing {
        case .length(let length):
            output.append(literal: "Content-Length: ")
            output.append(decimal: length)
            output.append(literal: "\r\n")
        case .chunked:
            output.append(literal: "Transfer-Encoding: chunked\r\n")
        case .silent:
            break
        }
        switch persistence {
        case .implied: break
        case .keepAlive: output.append(literal: "Connection: keep-alive\r\n")
        case .close: output.append(literal: "Connection: close\r\n")
        }
        output.append(literal: "\r\n")
    }
}

extension HTTPFields {
    /// Writes every field but those that are the engine's to say.
    func write(into output: inout [UInt8]) {
        let held = bytes.span
        for entry in entries where !isEngineField(entry) {
            let name = Int(entry.nameStart)
            let value = Int(entry.valueStart)
            output.append(copying: held.extracting(name..<name + Int(entry.nameLength)))
            output.append(literal: ": ")
            output.append(copying: held.extracting(value..<value + Int(entry.valueLength)))
            output.append(literal: "\r\n")
        }
    }

    private func isEngineField(_ entry: Entry) -> Bool {
        switch entry.nameLength {
        case 4: matches(entry, .date)
        case 10: matches(entry, .connection) || matches(entry, .keepAlive)
        case 14: matches(entry, .contentLength)
        case 17: matches(entry, .transferEncoding)
        default: false
        }
    }
}

extension [UInt8] {
    /// Appends text that is part of the program.
    @inline(__always)
    mutating func append(literal text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
