/// Lets pages of the listed origins call the API (the CORS protocol of the Fetch standard), and nobody else's.
///
/// Credentials are never allowed: tokens travel in Authorization, which a page has to hold itself.
public struct CrossOriginPolicy<Context: RequestContext>: Middleware {
    public struct Origins: Equatable, Sendable {
        public var listed: Set<String>
        /// `*`: for development.
        public var allowsAny: Bool

        public init(listed: Set<String>, allowsAny: Bool = false) {
            self.listed = listed
            self.allowsAny = allowsAny
        }

        /// Then there is nothing for the policy to do.
        public var areNone: Bool { !allowsAny && listed.isEmpty }

        func allows(_ origin: String) -> Bool { allowsAny || listed.contains(origin) }
    }

    private let origins: Origins
    private static var methods: String { "GET, HEAD, POST, PUT, PATCH, DELETE" }
    private static var requestFields: String {
        "Authorization, Content-Type, X-Request-ID, X-Device-Token, traceparent, tracestate"
    }
    private static var exposedFields: String {
        "X-Request-ID, X-Device-Token, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, Location"
    }

    public init(_ origins: Origins) { self.origins = origins }

    public func handle(
        _ request: HTTPRequest,
        _ context: Context,
        next: Handler<Context>
    ) async throws -> HTTPResponse {
        guard !origins.areNone else { return try await next(request, context) }
        let origin = request.fields.single(.origin)
        let isAllowed = origin.map(origins.allows) ?? false
        if isAllowed, request.method == .options, request.fields.contains(.accessControlRequestMethod) {
            return preflight(origin)
        }
        var response = try await next(request, context)
        // A cache must not give the answer for one origin to another, allowed or not.
        response.fields.append(.vary, "Origin")
        if isAllowed, let origin {
            response.fields.append(.accessControlAllowOrigin, origin)
            response.fields.append(.accessControlExposeHeaders, CrossOriginPolicy.exposedFields)
            response.fields.set(.crossOriginResourcePolicy, "cross-origin")
        }
        return response
    }

    private func preflight(_ origin: String?) -> HTTPResponse {
        HTTPResponse(
            status: .noContent,
            fields: [
                .accessControlAllowOrigin: origin ?? "",
                .accessControlAllowMethods: CrossOriginPolicy.methods,
                .accessControlAllowHeaders: CrossOriginPolicy.requestFields,
                .accessControlMaxAge: "600",
                .vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ]
        )
    }
}
