/// What tells browsers to be careful, on every answer: frame, sniffing, referrer, content policy, transport, permissions
/// and isolation from other origins in both directions. An answer that says something of its own keeps it.
///
/// There is no Server field to remove, because nobody adds one.
public struct SecurityHeaders<Context: RequestContext>: Middleware {
    public struct Policy: Equatable, Sendable {
        public var contentSecurityPolicy: String
        /// The value of Strict-Transport-Security; nil leaves it out. Sent only when the request came over https.
        public var strictTransportSecurity: String?
        public var referrerPolicy = "same-origin"
        public var permissionsPolicy =
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"

        public init(contentSecurityPolicy: String, strictTransportSecurity: String? = nil) {
            self.contentSecurityPolicy = contentSecurityPolicy
            self.strictTransportSecurity = strictTransportSecurity
        }
    }

    private let block: HTTPFields
    private let names: [HTTPFieldName]
    private let strictTransportSecurity: String?

    public init(_ policy: Policy) {
        let fields: [(name: HTTPFieldName, value: String)] = [
            (.xContentTypeOptions, "nosniff"),
            (.permissionsPolicy, policy.permissionsPolicy),
            (.crossOriginOpenerPolicy, "same-origin"),
            (.contentSecurityPolicy, policy.contentSecurityPolicy),
            (.referrerPolicy, policy.referrerPolicy),
            (.xFrameOptions, "DENY"),
            (.crossOriginResourcePolicy, "same-origin"),
        ]
        names = fields.map(\.name)
        var block = HTTPFields()
        for field in fields { block.append(field.name, field.value) }
        self.block = block
        strictTransportSecurity = policy.strictTransportSecurity
    }

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        var response = try await next(request, context)
        let overridden = names.filter { response.fields.contains($0) }
        if overridden.isEmpty {
            response.fields.append(contentsOf: block)
        } else {
            var rest = block
            for name in overridden { rest.remove(name) }
            response.fields.append(contentsOf: rest)
        }
        if let strictTransportSecurity, context.exchange.isSecure, !response.fields.contains(.strictTransportSecurity) {
            response.fields.append(.strictTransportSecurity, strictTransportSecurity)
        }
        return response
    }
}
