/// What a document may cost, and what its strings may hold.
public struct JSONLimits: Equatable, Sendable {
    /// How many objects and arrays may stand in each other.
    public let depth: Int
    /// How many values the document may hold, those in objects and arrays included. It bounds memory: a value of one
    /// byte becomes one of some thirty.
    public let values: Int
    /// How many bytes of UTF-8 a string or a name may have; nil: as many as the document.
    public let stringLength: Int?
    /// Whether a string may hold U+0000, which is legal in JSON but not in a text column of Postgres.
    public let allowsNUL: Bool

    /// The depth is at most 256, because reading takes stack for every level.
    public init(depth: Int = 32, values: Int = 10_000, stringLength: Int? = nil, allowsNUL: Bool = true) {
        precondition((1...256).contains(depth), "a depth from 1 to 256 is possible")
        self.depth = depth
        self.values = values
        self.stringLength = stringLength
        self.allowsNUL = allowsNUL
    }
}
