/// The content of an answer while it is on its way. Gives the connection back once it was read to its end, and closes it
/// when that did not happen.
final class HTTPClientExchange {
    private let head: HTTPResponseParser.Head
    private let connection: HTTPClientConnection
    private let pool: HTTPClientPool
    private var decoder: HTTPBodyDecoder
    private var isOver = false

    init(_ head: HTTPResponseParser.Head, connection: HTTPClientConnection, pool: HTTPClientPool) {
        self.head = head
        self.connection = connection
        self.pool = pool
        decoder = HTTPBodyDecoder(head.framing.content, limits: connection.limits)
    }

    deinit { fail() }

    var response: HTTPResponse {
        if decoder.hasEnded {
            end()
            return HTTPResponse(status: head.status, fields: head.fields)
        }
        let length: Int? = if case .length(let length) = head.framing.content { length } else { nil }
        let stream = HTTPBodyStream(length: length) { [self] in try await next() }
        return HTTPResponse(status: head.status, fields: head.fields, body: .stream(stream))
    }

    private func next() async throws -> [UInt8]? {
        do {
            let piece = try await connection.closingWhenCancelled { try await connection.readContent(&decoder) }
            if decoder.hasEnded { end() }
            return piece
        } catch {
            fail()
            throw Task.isCancelled ? HTTPClientError.cancelled : HTTPClientError(error)
        }
    }

    private func fail() {
        if isOver { return }
        isOver = true
        pool.close(connection)
    }

    private func end() {
        if isOver { return }
        isOver = true
        if head.framing.isPersistent { pool.giveBack(connection) } else { pool.close(connection) }
    }
}
