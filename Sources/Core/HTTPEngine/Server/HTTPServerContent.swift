internal import Linux

/// The content of one request while its connection still has to deliver it.
final class HTTPServerContent {
    private weak var connection: HTTPServerConnection?
    /// The request has been dealt with: what comes now belongs to the next one.
    private var isOver = false
    private let framing: HTTPFraming
    private var decoder: HTTPBodyDecoder
    private var received = 0
    private var start: MonotonicTime?
    private var owesContinue: Bool
    /// Reading broke off, so nobody knows where the next request begins.
    private var hasFailed = false

    /// Nil for a request without content.
    init?(_ framing: HTTPFraming, limits: HTTPHeadLimits, connection: HTTPServerConnection) {
        if framing.content == .none || framing.content == .length(0) { return nil }
        self.framing = framing
        self.connection = connection
        decoder = HTTPBodyDecoder(framing.content, limits: limits)
        owesContinue = framing.expectsContinue
    }

    /// What the handler is given.
    var body: HTTPBody {
        let length: Int? = if case .length(let length) = framing.content { length } else { nil }
        return .stream(HTTPBodyStream(length: length) { [self] in try await next() })
    }

    /// From here on the client would take "100 Continue" for a part of the answer.
    func responseBegins() { owesContinue = false }

    func exchangeEnds() { isOver = true }

    private func next() async throws -> [UInt8]? {
        guard !isOver, let connection else { throw HTTPBodyError.incomplete }
        if owesContinue {
            owesContinue = false
            try await connection.sendContinue()
        }
        let start = start ?? connection.currentTime
        self.start = start
        do {
            let piece = try await connection.readContent(&decoder, received: received, since: start)
            received += piece?.count ?? 0
            return piece
        } catch {
            hasFailed = true
            throw error
        }
    }

    /// Whether the rest is worth reading for the sake of the next request. Not when the client still waits for leave to
    /// send it: it may send the content or not, and nobody could tell which.
    func canBeSkipped(limit: Int) -> Bool {
        if decoder.hasEnded { return true }
        if owesContinue || hasFailed { return false }
        if case .length(let length) = framing.content { return length - received <= limit }
        return true
    }

    /// Reads what the handler left; false when that is too much.
    func skip(limit: Int) async throws -> Bool {
        var skipped = 0
        while let piece = try await next() {
            skipped += piece.count
            if skipped > limit { return false }
        }
        return true
    }
}
