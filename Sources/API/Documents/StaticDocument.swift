internal import Cryptography
internal import HTTPEngine

/// Bytes that stay the same while the program runs, and that a client may keep for as long as it asks whether they are
/// still the same.
struct StaticDocument: Sendable {
    private let bytes: [UInt8]
    private let fields: HTTPFields
    private let entityTag: EntityTag?

    init(_ bytes: [UInt8], fields: HTTPFields) {
        self.bytes = bytes
        entityTag = EntityTag(opaque: Base64URL.encode(SHA256.hash(bytes).span))
        var fields = fields
        fields.append(.cacheControl, "no-cache")
        if let entityTag { fields.append(.eTag, entityTag.description) }
        self.fields = fields
    }

    func response(to request: HTTPRequest) throws -> HTTPResponse {
        let conditions = ConditionalRequest(
            request.fields,
            method: request.method,
            entityTag: entityTag,
            lastModified: nil
        )
        switch conditions.outcome {
        case .proceed: return HTTPResponse(fields: fields, body: .bytes(bytes))
        case .notModified: return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed: throw HTTPError(.preconditionFailed, "the document is not the one that was meant")
        }
    }
}
