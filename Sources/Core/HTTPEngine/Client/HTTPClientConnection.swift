internal import Linux
internal import Networking

/// One connection of a client: an exchange at a time.
final class HTTPClientConnection {
    let stream: StreamSocket
    private let input: HTTPInput
    let limits: HTTPHeadLimits
    /// How many exchanges it has carried, the one under way included.
    private(set) var exchangeCount = 0
    private var isExchanging = false
    private var parser: HTTPResponseParser
    private(set) var hasReceived = false

    init(_ stream: StreamSocket, limits: HTTPHeadLimits) {
        self.stream = stream
        self.limits = limits
        input = HTTPInput(stream)
        parser = HTTPResponseParser(limits: limits)
    }

    /// Whether it can carry another exchange as far as can be known.
    var isUsable: Bool { stream.isOpen && !input.hasPending && !stream.hasStirred() }

    /// Does a part of an exchange. When the task is cancelled meanwhile the connection is closed, which ends the wait.
    func closingWhenCancelled<Value>(_ body: () async throws -> Value) async throws -> Value {
        let confined = LoopBound(self, on: stream.loop)
        let number = exchangeCount
        return try await withTaskCancellationHandler {
            try await body()
        } onCancel: {
            // By the time it gets there the connection may carry somebody else's exchange, or rest.
            confined.loop.execute { confined.value.close(ifCarrying: number) }
        }
    }

    private func close(ifCarrying number: Int) {
        if isExchanging, exchangeCount == number { stream.close() }
    }

    /// To be called before an exchange, once.
    func begin() {
        exchangeCount += 1
        isExchanging = true
        hasReceived = false
    }

    func end() { isExchanging = false }

    /// Sends a request and reads the head of its answer.
    func exchange(_ request: HTTPRequest, authority: String) async throws -> HTTPResponseParser.Head {
        try await send(request, authority: authority)
        while true {
            let result = try await input.read {
                [self] bytes -> (Int, Result<HTTPResponseParser.Outcome, HTTPParseError>) in
                hasReceived = true
                do throws(HTTPParseError) {
                    let (count, outcome) = try parser.consume(bytes, answering: request.method)
                    return (count, .success(outcome))
                } catch {
                    return (bytes.count, .failure(error))
                }
            }
            guard let result else { throw HTTPClientError.connectionLost }
            // 1xx answers come before the real one (RFC 9110 §15.2).
            if case .complete(let head) = try result.get(), head.status.code >= 200 { return head }
        }
    }

    private func send(_ request: HTTPRequest, authority: String) async throws {
        // A target with a space or a line break would be another request, or two.
        precondition(
            request.target == "*" || request.target.utf8.first == UInt8(ascii: "/"),
            "a request's target begins with a slash"
        )
        precondition(request.target.utf8.allSatisfy { ASCII.isVisible($0) }, "a request's target is not encoded")
        var fields = request.fields
        if !fields.contains(.host) { fields.append(.host, authority) }
        let framing: HTTPHeadWriter.Framing =
            switch request.body.length {
            case .some(0) where request.method != .post && request.method != .put && request.method != .patch: .silent
            case .some(let length): .length(length)
            case nil: .chunked
            }
        stream.write { output in
            HTTPHeadWriter.write(
                request.method,
                target: request.target,
                fields,
                framing: framing,
                persistence: .implied,
                into: &output
            )
            if case .bytes(let bytes) = request.body { output += bytes }
        }
        if case .stream(let content) = request.body {
            try await HTTPContentWriter(stream: stream, framing: framing).write(content) { [stream] in
                try await stream.flush()
            }
        }
        try await stream.flush()
    }

    /// The next piece of the answer's content.
    func readContent(_ decoder: inout HTTPBodyDecoder) async throws -> [UInt8]? {
        while !decoder.hasEnded {
            let part = try await input.readContentPart(&decoder)
            switch try part?.get() {
            case nil:
                guard decoder.finish() else { throw HTTPClientError.connectionLost }
            case .piece(let bytes): return bytes
            case .incomplete: continue
            case .end: return nil
            }
        }
        return nil
    }
}
