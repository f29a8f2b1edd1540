internal import Contract
internal import HTTPEngine
internal import Linux
internal import Text

/// Who sends a request, as far as the service can tell without a token: for limits, for sessions and for the audit.
struct ClientDescription: Equatable, Sendable {
    let address: IPAddress?
    let userAgent: String
    /// What a device that logged in before says of itself.
    let device: String?
    let requestID: String

    /// Longer ones are cut: they are shown to people, and kept for each session.
    private static let userAgentLength = 300

    init(address: IPAddress?, userAgent: String, device: String? = nil, requestID: String) {
        self.address = address
        self.userAgent = userAgent
        self.device = device
        self.requestID = requestID
    }

    init(_ request: HTTPRequest, _ exchange: HTTPExchange) {
        self.init(
            address: exchange.clientAddress,
            userAgent: (request.fields[.userAgent] ?? "").prefix(scalars: ClientDescription.userAgentLength),
            device: request.fields[.xDeviceToken],
            requestID: exchange.requestID
        )
    }

    /// Of a command, or of the start of the program: there is no request.
    static let `operator` = ClientDescription(address: nil, userAgent: "", requestID: "")

    var addressText: String { address?.description ?? "" }
}
