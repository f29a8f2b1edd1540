internal import Contract
internal import HTTPEngine
internal import Linux

/// For whom the API is called. The API believes what this front end says of a browser as it believes any proxy of ours: so
/// limits count the person's address, and lists of sessions show the person's browser.
struct Person: Sendable {
    /// What goes into the head of every call.
    let fields: HTTPFields

    /// `device` is what the API gave this browser to be known by.
    init(_ request: HTTPRequest, _ exchange: HTTPExchange, device: String?) {
        var fields = HTTPFields()
        exchange.forwardTrace(of: request, into: &fields)
        // One address, and no list: who the person is was settled here, by the proxies that this program trusts.
        if let address = exchange.clientAddress { fields.append(.xForwardedFor, address.description) }
        if exchange.isSecure { fields.append(.xForwardedProto, "https") }
        if let agent = request.fields[.userAgent] { fields.append(.userAgent, agent) }
        if let device { fields.append(.xDeviceToken, device) }
        self.fields = fields
    }

    private init(fields: HTTPFields) { self.fields = fields }

    /// Nobody: for what the program asks on its own account.
    static let program = Person(fields: HTTPFields())
}
