/// Finds the route of a request: a tree with one level for each segment of a path.
///
/// On each level a literal beats a parameter, and a parameter beats a rest. When the better one leads nowhere the next is
/// tried, so `/users/{id}` still answers `/users/me` if only `/users/me/keys` is a route besides; and a route that has
/// the right shape but not the method steps aside for one that has both. A look-up visits a node once at most.
///
/// Built at boot, only read afterwards.
public struct RouteTrie<Value> {
    public struct Route {
        public let method: HTTPMethod
        public let pattern: PathPattern
        public let value: Value
    }

    public enum Match {
        case found(Value, PathParameters)
        /// The path is a route's, but not with this method: what the Allow field of the 405 lists.
        case methodNotAllowed([HTTPMethod])
        case notFound
        /// Not a path: it does not begin with `/`, its percent-encoding is broken, or it does not stand for text.
        case malformed
    }

    /// Every route, in the order in which they were added.
    public private(set) var listing: [Route] = []
    /// Knows the routes by their place in `listing`. Not generic, so that it is compiled once and as fast as it can be,
    /// whatever module the values are from.
    private var tree = PathTree()
    /// The parameter names of each route in `listing`.
    private var parameterNames: [[String]] = []

    public init() {}

    /// A parameter's name is no part of the shape: `/a/{x}` and `/a/{y}` clash unless their methods differ.
    public mutating func insert(
        _ method: HTTPMethod,
        _ pattern: PathPattern,
        _ value: Value
    ) throws(RouteClash) {
        if let existing = tree.insert(method, pattern, route: listing.count) {
            throw RouteClash(method: method, existing: listing[existing].pattern, added: pattern)
        }
        listing.append(Route(method: method, pattern: pattern, value: value))
        parameterNames.append(pattern.parameterNames)
    }

    /// Finds the route for a path as it stands in the request: percent-encoded, without the query.
    ///
    /// Segments are decoded before they are compared, one by one: an encoded `/` does not part segments. Empty segments,
    /// `.` and `..` match nothing. A HEAD that no route asks for goes to the route for GET. A path without parameters
    /// and percent signs is looked up without an allocation.
    public func lookup(_ method: HTTPMethod, _ path: Substring) -> Match {
        switch tree.lookup(method, path) {
        case .found(let route, let values):
            .found(listing[route].value, PathParameters(names: parameterNames[route], values: values))
        case .methodNotAllowed(let methods): .methodNotAllowed(RouteTrie.allowed(methods))
        case .notFound: .notFound
        case .malformed: .malformed
        }
    }

    public func lookup(_ method: HTTPMethod, _ path: String) -> Match { lookup(method, path[...]) }

    /// In a fixed order, with HEAD wherever there is GET. OPTIONS is always among them: the layer above answers it.
    private static func allowed(_ methods: Set<HTTPMethod>) -> [HTTPMethod] {
        var methods = methods
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        let known = HTTPMethod.known.filter(methods.contains)
        return known + methods.subtracting(known).sorted { $0.name < $1.name }
    }
}

extension RouteTrie: Sendable where Value: Sendable {}
extension RouteTrie.Route: Sendable where Value: Sendable {}
extension RouteTrie.Match: Sendable where Value: Sendable {}

/// Two routes for the same requests.
public struct RouteClash: Error, Equatable {
    public let method: HTTPMethod
    public let existing: PathPattern
    public let added: PathPattern
}

extension RouteClash: CustomStringConvertible {
    public var description: String { "\(method) \(added) clashes with \(method) \(existing)" }
}
