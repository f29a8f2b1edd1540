internal import Mustache

/// A sentence about what was just done, carried over from the request before.
struct Flash: Equatable, Sendable {
    enum Kind: String, Sendable {
        case success
        case notice
        case failure
    }

    let kind: Kind
    let message: String

    var value: MustacheValue {
        ["kind": .string(kind.rawValue), "is_failure": .boolean(kind == .failure), "message": .string(message)]
    }
}
