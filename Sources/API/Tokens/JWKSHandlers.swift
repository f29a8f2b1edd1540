internal import HTTPEngine
internal import Linux

/// Tells the keys that others verify our tokens with. With HS256 there are none to tell.
struct JWKSHandlers {
    /// Seconds that others may keep a copy. A key is published for longer before it signs.
    static let maximumAge = 300

    let keys: SigningKeys

    func keySet(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        guard let keySet = keys.keySet else {
            throw HTTPError(.serviceUnavailable, "the service is not available now", fields: [.retryAfter: "1"])
        }
        var fields: HTTPFields = [.cacheControl: "public, max-age=\(JWKSHandlers.maximumAge)"]
        if let tag = keySet.entityTag { fields.append(.eTag, tag.description) }
        let condition = ConditionalRequest(
            request.fields,
            method: request.method,
            entityTag: keySet.entityTag,
            lastModified: nil
        )
        switch condition.outcome {
        case .notModified: return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed: return HTTPResponse(status: .preconditionFailed, fields: fields)
        case .proceed:
            fields.append(.contentType, "application/json")
            return HTTPResponse(fields: fields, body: .bytes(keySet.json))
        }
    }
}
