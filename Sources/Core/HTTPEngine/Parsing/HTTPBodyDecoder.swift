/// Takes the content of a message out of the bytes that follow its head. A value without I/O.
struct HTTPBodyDecoder: Sendable {
    enum Event: Equatable {
        /// Nothing of the content in what was consumed; more bytes are needed.
        case incomplete
        /// A part of the content: where it lies in the input.
        case content(Range<Int>)
        case end
    }

    private enum State {
        case length(remaining: Int)
        case untilClose
        case chunked(ChunkedDecoder)
        case ended
        /// Malformed: where the content ends will never be known.
        case failed(HTTPParseError)
    }

    private var state: State

    /// Of the limits the one for a whole head counts: trailers have as much room as the fields in front.
    init(_ content: HTTPFraming.Content, limits: HTTPHeadLimits) {
        switch content {
        case .none, .length(0): state = .ended
        case .length(let length): state = .length(remaining: length)
        case .chunked: state = .chunked(ChunkedDecoder(trailerLimit: limits.total))
        case .untilClose: state = .untilClose
        }
    }

    var hasEnded: Bool {
        if case .ended = state { return true }
        return false
    }

    /// Takes bytes from the start of the input: `count` tells how many. To be called again with the rest until it says
    /// `incomplete` or `end`; bytes behind the end are never touched.
    mutating func consume(_ input: Span<UInt8>) throws(HTTPParseError) -> (count: Int, event: Event) {
        switch state {
        case .ended:
            return (0, .end)
        case .untilClose:
            return input.count == 0 ? (0, .incomplete) : (input.count, .content(0..<input.count))
        case .length(let remaining):
            let count = min(remaining, input.count)
            if count == 0 { return (0, .incomplete) }
            state = count == remaining ? .ended : .length(remaining: remaining - count)
            return (count, .content(0..<count))
        case .chunked(var decoder):
            do throws(HTTPParseError) {
                let (count, event) = try decoder.consume(input)
                state = event == .end ? .ended : .chunked(decoder)
                return (count, event)
            } catch {
                state = .failed(error)
                throw error
            }
        case .failed(let error):
            throw error
        }
    }

    /// The peer has ended its side: whether the content may end there.
    mutating func finish() -> Bool {
        if case .untilClose = state { state = .ended }
        return hasEnded
    }
}
