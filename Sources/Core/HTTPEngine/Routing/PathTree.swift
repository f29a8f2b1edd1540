internal import Text

/// The tree behind `RouteTrie`, which knows routes by their number only.
struct PathTree {
    enum Outcome {
        /// The route, and the values of its parameters in the order of the path.
        case found(Int, [String])
        case methodNotAllowed(Set<HTTPMethod>)
        case notFound
        case malformed
    }

    /// Children are indexes into `nodes`, so that the tree is a value in two arrays.
    private struct Node {
        /// Sorted by length, then by bytes: most neighbours are told apart without looking at a byte.
        var literals: [Literal] = []
        var parameter: Int?
        var rest: Int?
        /// The routes that end here: a few.
        var routes: [(method: HTTPMethod, number: Int)] = []

        func route(for method: HTTPMethod) -> Int? { routes.first { $0.method == method }?.number }
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

    private var nodes = [Node()]
    /// The bytes of all literals.
    private var literalBytes: [UInt8] = []

    /// Answers the route that has the same method and shape already; then nothing is changed.
    mutating func insert(_ method: HTTPMethod, _ pattern: PathPattern, route: Int) -> Int? {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = literalChild(of: node, named: [UInt8](text.utf8))
            case .parameter: node = child(of: node, \.parameter)
            case .rest: node = child(of: node, \.rest)
            }
        }
        if let existing = nodes[node].route(for: method) { return existing }
        nodes[node].routes.append((method, route))
        return nil
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

/// Looking up.
extension PathTree {
    func lookup(_ method: HTTPMethod, _ path: Substring) -> Outcome {
        let bytes = path.utf8Span.span
        guard bytes.count > 0, bytes[0] == UInt8(ascii: "/") else { return .malformed }
        var isEncoded = false
        for index in bytes.indices {
            if bytes[index] == 0 { return .malformed }
            if bytes[index] == UInt8(ascii: "%") { isEncoded = true }
        }
        guard isEncoded else { return lookup(method, bytes, separator: UInt8(ascii: "/")) }
        guard let decoded = PathTree.decode(path.utf8) else { return .malformed }
        return lookup(method, decoded.span, separator: 0)
    }

    /// The path with its segments decoded and NUL where a `/` parted them: decoded text may hold a `/`, but never NUL.
    private static func decode(_ path: Substring.UTF8View) -> [UInt8]? {
        let separated = path.map { $0 == UInt8(ascii: "/") ? 0 : $0 }
        guard let decoded = try? PercentEncoding.decodeBytes(separated) else { return nil }
        // An encoded NUL is one more than there were separators. ASCII between them keeps the segments apart for
        // UTF-8 too, so all are checked at once.
        guard decoded.count(where: { $0 == 0 }) == separated.count(where: { $0 == 0 }),
            let text = String(validating: decoded, as: UTF8.self), text.isStreamSafe
        else { return nil }
        return decoded
    }

    private func lookup(_ method: HTTPMethod, _ path: Span<UInt8>, separator: UInt8) -> Outcome {
        let cursor = PathCursor(path, separator: separator)
        var values: [Range<Int>] = []
        let route = walk(0, path, cursor, &values) { node in
            node.route(for: method) ?? (method == .head ? node.route(for: .get) : nil)
        }
        if let route {
            if values.isEmpty { return .found(route, []) }
            return .found(route, values.reversed().map { PathTree.text(path.extracting($0)) })
        }
        var methods: Set<HTTPMethod> = []
        _ = walk(0, path, cursor, &values) { node in
            methods.formUnion(node.routes.lazy.map(\.method))
            return nil
        }
        return methods.isEmpty ? .notFound : .methodNotAllowed(methods)
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
}
