internal import Networking

/// Writes streamed content in the framing that the head announced.
struct HTTPContentWriter {
    let stream: StreamSocket
    let framing: HTTPHeadWriter.Framing

    /// Asks for a piece only after the one before it was taken. Content that is not as long as was announced is an
    /// error: what went out already can not be taken back, so the connection has to end.
    func write(_ content: HTTPBodyStream, flush: () async throws -> Void) async throws {
        var sent = 0
        while let piece = try await content.next() {
            if piece.isEmpty { continue }
            sent += piece.count
            if case .length(let length) = framing, sent > length { throw HTTPBodyError.tooLarge(limit: length) }
            stream.write { output in
                if framing == .chunked {
                    output.append(contentsOf: String(piece.count, radix: 16).utf8)
                    output.append(literal: "\r\n")
                }
                output += piece
                if framing == .chunked { output.append(literal: "\r\n") }
            }
            try await flush()
        }
        if case .length(let length) = framing, sent != length { throw HTTPBodyError.incomplete }
        if framing == .chunked { stream.write { $0.append(literal: "0\r\n\r\n") } }
    }
}
