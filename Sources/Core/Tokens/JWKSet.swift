public import JSON

/// The keys that others verify our tokens with (RFC 7517 §5): what stands at `/.well-known/jwks.json`.
public struct JWKSet: Sendable {
    public let keys: [JWK]

    public init(_ keys: [JWK]) { self.keys = keys }
}

extension JWKSet: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("keys", keys) }
    }
}
