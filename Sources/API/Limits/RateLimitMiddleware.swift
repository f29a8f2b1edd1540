internal import HTTPEngine

/// A request that knows against which limit it was counted.
protocol LimitedContext: RequestContext {
    /// Set by whoever counts the request: the middleware, or the check of its token. Without one in the end, nobody was
    /// found to whom it could be charged.
    var limitReport: LimitReport? { get set }
}

/// Counts requests and refuses those that are too many, before anything is done for them. Stands outside of whatever
/// checks tokens.
///
/// A request with a token is counted by user, in the same step that asks whether the token was revoked. Its signature is
/// checked before: that takes less than reading the request did, while a refusal without a look would let one client
/// lock out everybody who shares its address. A token that is refused counts against the address.
struct RateLimitMiddleware<Context: LimitedContext>: Middleware {
    private let limits: RequestLimits
    private let rules: [LimitRule]
    private let errors: any ErrorResponder

    /// - Parameter rules: one for each route, in their order.
    init(_ limits: RequestLimits, rules: [LimitRule], errors: any ErrorResponder) {
        self.limits = limits
        self.rules = rules
        self.errors = errors
    }

    func handle(_ request: HTTPRequest, _ context: Context, next: Handler<Context>) async throws -> HTTPResponse {
        switch context.exchange.route.map({ rules[$0.index] }) ?? .address(.general) {
        case .exempt: try await next(request, context)
        // Only what is going to be checked as a token: another Authorization would be counted by nobody before its work is
        // done.
        case .caller where request.hasBearerToken: await byUser(request, context, next)
        case .caller: await byAddress(.general, request, context, next)
        case .address(let limitClass): await byAddress(limitClass, request, context, next)
        }
    }

    private func byAddress(
        _ limitClass: LimitClass,
        _ request: HTTPRequest,
        _ context: Context,
        _ next: Handler<Context>
    ) async -> HTTPResponse {
        var response: HTTPResponse
        do throws(RateLimitExceeded) {
            context.limitReport = try await limits.check(.address(context.exchange.clientAddress), limitClass)
            response = await answer(request, context, next)
        } catch {
            response = refusal(error, context)
        }
        context.limitReport?.add(to: &response.fields)
        return response
    }

    /// Whoever checks the token counts the request. What nobody counted is charged to the address.
    private func byUser(_ request: HTTPRequest, _ context: Context, _ next: Handler<Context>) async -> HTTPResponse {
        var response = await answer(request, context, next)
        // That a store is away is not the caller's doing.
        if context.limitReport == nil, response.status.code < 500 {
            do throws(RateLimitExceeded) {
                context.limitReport = try await limits.check(.address(context.exchange.clientAddress))
            } catch {
                response = refusal(error, context)
            }
        }
        context.limitReport?.add(to: &response.fields)
        return response
    }

    /// Errors become responses here already: they, too, say what is left.
    private func answer(_ request: HTTPRequest, _ context: Context, _ next: Handler<Context>) async -> HTTPResponse {
        do {
            return try await next(request, context)
        } catch let error as RateLimitExceeded {
            return refusal(error, context)
        } catch {
            return errors.respond(to: error, for: context.exchange)
        }
    }

    private func refusal(_ error: RateLimitExceeded, _ context: Context) -> HTTPResponse {
        context.limitReport = error.report
        return errors.respond(to: error, for: context.exchange)
    }
}
