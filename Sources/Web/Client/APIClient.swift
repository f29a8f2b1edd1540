internal import Contract
internal import HTTPEngine
internal import JSON
internal import Linux

/// Calls the API. Lives on one loop.
struct APIClient {
    let client: HTTPClient
    let origin: HTTPOrigin
    /// For a call, from the wait for a connection to the last byte of the answer.
    let timeout: Duration

    /// A page of a hundred users with the longest of names is far shorter.
    private static let answerLimit = 4 << 20

    func send<Answer>(
        _ call: APICall<Answer>,
        token: String? = nil,
        for person: Person,
        timeout: Duration? = nil
    ) async throws(APIError) -> Answer {
        var fields = person.fields
        if let token { fields.append(.authorization, "Bearer " + token) }
        if call.content != nil { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(
            method: call.operation.method,
            target: call.target,
            fields: fields,
            body: .bytes(call.content ?? [])
        )
        let (response, content) = try await exchange(request, timeout: timeout ?? self.timeout)
        guard call.operation.answers.contains(where: { $0.status == response.status }) else {
            throw APIClient.failure(response, content)
        }
        do throws(UnexpectedAnswer) {
            return try call.read(response.fields, content)
        } catch {
            throw .unintelligible(response.status, error)
        }
    }

    private func exchange(
        _ request: HTTPRequest,
        timeout: Duration
    ) async throws(APIError) -> (HTTPResponse, [UInt8]) {
        do {
            let response = try await client.send(request, to: origin, timeout: timeout)
            return (response, try await response.body.collect(limit: APIClient.answerLimit))
        } catch let error as HTTPClientError {
            throw .away(error)
        } catch {
            // Longer than anything the API says.
            throw .unintelligible(.ok, nil)
        }
    }

    /// What stands between the two programs may answer too, in words of its own: then the status is all there is.
    private static func failure(_ response: HTTPResponse, _ content: [UInt8]) -> APIError {
        let envelope = try? ErrorEnvelope(parsing: content)
        guard let envelope = envelope ?? substitute(for: response.status) else {
            return .unintelligible(response.status, nil)
        }
        let seconds = response.fields.single(.retryAfter).flatMap(Int.init).map { min(max($0, 1), 86_400) }
        return .refused(APIRefusal(status: response.status, envelope: envelope, retryAfter: seconds))
    }

    private static func substitute(for status: HTTPStatus) -> ErrorEnvelope? {
        switch status {
        case .tooManyRequests: ErrorEnvelope(code: .rateLimitExceeded, message: "too many requests", requestID: "")
        case .serviceUnavailable, .badGateway, .gatewayTimeout:
            ErrorEnvelope(code: .serviceUnavailable, message: "the service is not available now", requestID: "")
        default: nil
        }
    }
}
