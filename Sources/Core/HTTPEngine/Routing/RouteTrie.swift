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
    /// The parameter names of each route in `listing`.
    private var parameterNames: [[String]] = []
    private var nodes: [Node] = [Node()]
    /// The bytes of all literals: comparing with them touches one array only.
    private var literalBytes: [UInt8] = []

    public init() {}

    /// A parameter's name is no part of the shape: `/a/{x}` and `/a/{y}` clash unless their methods differ.
    public mutating func insert(
        _ method: HTTPMethod,
        _ pattern: PathPattern,
        _ value: Value
    ) throws(RouteClash) {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = literalChild(of: node, named: [UInt8](text.utf8))
            case .parameter: node = child(of: node, \.parameter)
            case .rest: node = child(of: node, \.rest)
            }
        }
        if let existing = nodes[node].routes.first(where: { $0.method == method }) {
            throw RouteClash(method: method, existing: listing[existing.index].pattern, added: pattern)
        }
        nodes[node].routes.append((method, listing.count))
        listing.append(Route(method: method, pattern: pattern, value: value))
        parameterNames.append(pattern.parameterNames)
    }

    private mutating func child(of parent: Int, _ edge: WritableKeyPath<Node, Int?>) -> Int {
        if let existing = nodes[parent][keyPath: edge] { return existing }
        nodes.append(Node())
        nodes[parent][keyPath: edge] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func literalChild(of parent: Int, named name: [UInt8]) -> Int {
        switch position(of: name.span, among: nodes[parent].literals) {
        case .at(let position):
            return nodes[parent].literals[position].node
        case .before(let position):
            let start = literalBytes.count
            literalBytes += name
            nodes.append(Node())
            let edge = Literal(bytes: start..<literalBytes.count, node: nodes.count - 1)
            nodes[parent].literals.insert(edge, at: position)
            return edge.node
        }
    }
}

extension RouteTrie: Sendable where Value: Sendable {}
extension RouteTrie.Route: Sendable where Value: Sendable {}
extension RouteTrie.Match: Sendable where Value: Sendable {}

/// Looking up.
extension RouteTrie {
    /// Finds the route for a path as it stands in the request: percent-encoded, without the query.
    ///
    /// Segments are decoded before they are compared, one by one: an encoded `/` does not part segments. Empty segments,
    /// `.` and `..` match nothing. A HEAD that no route asks for goes to the route for GET. A path without parameters
    /// and percent signs is looked up without an allocation.
    public func lookup(_ method: HTTPMethod, _ path: Substring) -> Match {
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/"), !bytes.contains(0) else { return .malformed }
        guard bytes.contains(UInt8(ascii: "%")) else {
            return lookup(method, path.utf8Span.span, separator: UInt8(ascii: "/"))
        }
        guard let decoded = RouteTrie.decode(bytes) else { return .malformed }
        return lookup(method, decoded.span, separator: 0)
    }

    public func lookup(_ method: HTTPMethod, _ path: String) -> Match { lookup(method, path[...]) }

    /// The path with its segments decoded and NUL where a `/` parted them: decoded text may hold a `/`, but never NUL.
    private static func decode(_ path: Substring.UTF8View) -> [UInt8]? {
        let separated = path.map { $0 == UInt8(ascii: "/") ? 0 : $0 }
        guard let decoded = try? PercentEncoding.decodeBytes(separated) else { return nil }
        // An encoded NUL is one more than there were separators. ASCII between them keeps the segments apart for
        // UTF-8 too, so all are checked at once.
        guard decoded.count(where: { $0 == 0 }) == separated.count(where: { $0 == 0 }),
            String(validating: decoded, as: UTF8.self) != nil
        else { return nil }
        return decoded
    }

    private func lookup(_ method: HTTPMethod, _ path: Span<UInt8>, separator: UInt8) -> Match {
        let cursor = PathCursor(path, separator: separator)
        var values: [Range<Int>] = []
        let route = walk(0, path, cursor, &values) { node in
            node.route(for: method) ?? (method == .head ? node.route(for: .get) : nil)
        }
        if let route {
            let values = values.reversed().map { RouteTrie.text(path.extracting($0)) }
            return .found(listing[route].value, PathParameters(names: parameterNames[route], values: values))
        }
        var methods: Set<HTTPMethod> = []
        _ = walk(0, path, cursor, &values) { node in
            methods.formUnion(node.routes.lazy.map(\.method))
            return nil
        }
        return methods.isEmpty ? .notFound : .methodNotAllowed(RouteTrie.allowed(methods))
    }

    /// The value of a parameter. The separators within a rest become `/` again, whatever they were.
    private static func text(_ bytes: Span<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices { result.append(bytes[index] == 0 ? UInt8(ascii: "/") : bytes[index]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Shows `choose` every node that has routes and the path's shape, the best first, until it answers a route.
    ///
    /// Then `values` has where the parameters stand in the path, the last one first: they are noted on the way back.
    private func walk(
        _ index: Int,
        _ path: Span<UInt8>,
        _ cursor: PathCursor,
        _ values: inout [Range<Int>],
        _ choose: (Node) -> Int?
    ) -> Int? {
        guard let segment = cursor.segment(of: path) else { return choose(nodes[index]) }
        guard PathCursor.isMatchable(segment, of: path) else { return nil }
        let next = cursor.following(segment)
        if case .at(let position) = position(of: path.extracting(segment), among: nodes[index].literals),
            let route = walk(nodes[index].literals[position].node, path, next, &values, choose)
        {
            return route
        }
        if let parameter = nodes[index].parameter, let route = walk(parameter, path, next, &values, choose) {
            values.append(segment)
            return route
        }
        if let rest = nodes[index].rest, let range = cursor.rest(of: path), let route = choose(nodes[rest]) {
            values.append(range)
            return route
        }
        return nil
    }

    /// Sorted by length, then by bytes: most neighbours are told apart without looking at a byte.
    private func position(of name: Span<UInt8>, among literals: [Literal]) -> Position {
        var low = 0
        var high = literals.count
        while low < high {
            let middle = (low + high) / 2
            switch order(literals[middle].bytes, name) {
            case 0: return .at(middle)
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return .before(low)
    }

    /// Negative when the literal sorts before the name, zero when they are the same.
    private func order(_ literal: Range<Int>, _ name: Span<UInt8>) -> Int {
        if literal.count != name.count { return literal.count - name.count }
        for offset in name.indices {
            let difference = Int(literalBytes[literal.lowerBound + offset]) - Int(name[offset])
            if difference != 0 { return difference }
        }
        return 0
    }

    /// In a fixed order, with HEAD wherever there is GET. OPTIONS is always among them: the layer above answers it.
    private static func allowed(_ methods: Set<HTTPMethod>) -> [HTTPMethod] {
        var methods = methods
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        let known = HTTPMethod.known.filter(methods.contains)
        return known + methods.subtracting(known).sorted { $0.name < $1.name }
    }
}

extension RouteTrie {
    /// A place in the tree. Children are indexes, so that the tree is a value in three arrays.
    private struct Node {
        var literals: [Literal] = []
        var parameter: Int?
        var rest: Int?
        /// The routes that end here: a few, and the index of each in `listing`.
        var routes: [(method: HTTPMethod, index: Int)] = []

        func route(for method: HTTPMethod) -> Int? { routes.first { $0.method == method }?.index }
    }

    private struct Literal {
        /// Where its text lies in `literalBytes`.
        let bytes: Range<Int>
        let node: Int
    }

    private enum Position {
        case at(Int)
        /// Not there, and where it would belong.
        case before(Int)
    }
}

/// Two routes for the same requests.
public struct RouteClash: Error, Equatable {
    public let method: HTTPMethod
    public let existing: PathPattern
    public let added: PathPattern
}

extension RouteClash: CustomStringConvertible {
    public var description: String { "\(method) \(added) clashes with \(method) \(existing)" }
}
