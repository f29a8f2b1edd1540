/// The parts of a path that stand where its route has parameters: decoded, in the order of the path.
public struct PathParameters: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    init(names: [String], values: [String]) {
        precondition(names.count == values.count, "a route was matched with the wrong number of parameters")
        if names.isEmpty { return }
        entries = zip(names, values).map { Entry(name: $0, value: $1) }
    }

    /// Nil for a name that the route does not have. A handful of entries: looking through them beats hashing.
    public subscript(name: String) -> String? { entries.first { $0.name == name }?.value }
}
