/// What a handler knows of a request beside the request. An application has a class of its own for it, with what its
/// middlewares find out (who asks, for one) as typed properties.
public protocol RequestContext: AnyObject {
    var exchange: HTTPExchange { get }
}
