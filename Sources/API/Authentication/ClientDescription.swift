internal import HTTPEngine
internal import Linux

/// Who sends a request, as far as the service can tell without a token: for sessions and for the audit.
struct ClientDescription: Equatable, Sendable {
    let address: String
    let userAgent: String
    let requestID: String

    /// Longer ones are cut: they are shown to people, and kept for each session.
    private static let userAgentLength = 300

    init(address: String, userAgent: String, requestID: String) {
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
    }

    init(_ request: HTTPRequest, _ exchange: HTTPExchange) {
        self.init(
            address: exchange.clientAddress?.description ?? "",
            userAgent: String((request.fields[.userAgent] ?? "").prefix(ClientDescription.userAgentLength)),
            requestID: exchange.requestID
        )
    }
}
