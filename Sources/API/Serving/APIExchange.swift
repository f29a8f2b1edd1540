internal import HTTPEngine
internal import Linux

/// One request to the API: what the engine knows of it, and what was found out on the way to the handler.
final class APIExchange: LimitedContext {
    let exchange: HTTPExchange
    /// Told in the answer's head.
    var limitReport: LimitReport?
    private var principal: Principal?

    init(_ exchange: HTTPExchange) { self.exchange = exchange }

    func admit(_ principal: Principal) { self.principal = principal }

    /// Who asks. Only for operations that nobody reaches without a token.
    var caller: Principal {
        guard let principal else { preconditionFailure("the operation lets anyone pass") }
        return principal
    }
}
