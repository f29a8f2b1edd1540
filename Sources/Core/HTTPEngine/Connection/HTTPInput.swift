internal import Networking

/// The receiving half of a connection: lends what came to a parser, and keeps what the parser left.
final class HTTPInput {
    private let stream: StreamSocket
    private var pending: [UInt8] = []
    private var pendingStart = 0

    init(_ stream: StreamSocket) { self.stream = stream }

    /// Whether bytes are here that nobody has looked at.
    var hasPending: Bool { pendingStart < pending.count }

    /// Lends the next bytes to `consume`, which answers how many it took and what it made of them. Receives when there
    /// are none. Nil when the peer has ended its side.
    ///
    /// Taking nothing is right only for what is complete without a byte.
    func read<Outcome>(
        _ consume: (Span<UInt8>) -> (count: Int, outcome: Outcome)
    ) async throws(StreamError) -> Outcome? {
        if hasPending { return readPending(consume) }
        return try await stream.receive { bytes in
            if bytes.count == 0 { return nil }
            let (count, outcome) = consume(bytes)
            if count < bytes.count { pending.append(copying: bytes.extracting(count...)) }
            return outcome
        }
    }

    private func readPending<Outcome>(_ consume: (Span<UInt8>) -> (count: Int, outcome: Outcome)) -> Outcome {
        // Taken out while it is lent: `consume` is foreign code, and the array must not be copied for its sake.
        let bytes = pending
        let (count, outcome) = consume(bytes.span.extracting(pendingStart...))
        pendingStart += count
        if pendingStart == bytes.count {
            pending = []
            pendingStart = 0
        }
        return outcome
    }

    enum ContentPart {
        case piece([UInt8])
        case incomplete
        case end
    }

    /// Runs a decoder over the next bytes. Nil when the peer has ended its side.
    func readContentPart(
        _ decoder: inout HTTPBodyDecoder
    ) async throws(StreamError) -> Result<ContentPart, HTTPParseError>? {
        try await read { bytes in
            do throws(HTTPParseError) {
                let (count, event) = try decoder.consume(bytes)
                switch event {
                case .incomplete: return (count, .success(.incomplete))
                case .end: return (count, .success(.end))
                case .content(let range):
                    var piece: [UInt8] = []
                    piece.append(copying: bytes.extracting(range))
                    return (count, .success(.piece(piece)))
                }
            } catch {
                return (bytes.count, .failure(error))
            }
        }
    }
}
