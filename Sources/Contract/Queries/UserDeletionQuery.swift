public import HTTPEngine

/// How a user is deleted.
public struct UserDeletionQuery: RequestQuery {
    /// Whether nothing is kept. Otherwise the row stays for the audit, and its names are free again.
    public var isHard: Bool

    public init(isHard: Bool = false) { self.isHard = isHard }

    public init(reading query: inout QueryReader) { isHard = query.boolean("hard") ?? false }

    public var form: URLEncodedForm { isHard ? ["hard": "true"] : [:] }

    public static let parameters = [
        Parameter("hard", .boolean, "Whether nothing is kept; false when left out.")
    ]
}
