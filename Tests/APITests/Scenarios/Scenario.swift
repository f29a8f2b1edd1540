import Contract
import Database
import HTTPEngine
import TestKit
import Testing

@testable import API

/// One request, what is answered, and everything that happens because of it: what is not named does not happen.
struct Scenario: Sendable {
    let title: String
    let operation: Operation
    var request = Request()
    let status: Int
    /// Of an error answer.
    let code: ErrorCode?
    /// The fields that an error answer names, in the order of the alphabet.
    var fields: [String] = []
    /// Every change of a row, in the words of `Snapshot.changes`.
    var effects: [String] = []
    /// Done before, and not looked at.
    var prepare: (@Sendable (Stage, Cast) async throws -> Void)?
    /// What else is to be seen in the answer, or afterwards.
    var check: (@Sendable (TestResponse, Stage, Cast) async throws -> Void)?

    struct Request: Sendable {
        var caller = Caller.nobody
        /// Which of the paths of the operation.
        var path = 0
        /// Put in place of `{id}`.
        var target: @Sendable (Cast) -> String = { _ in "" }
        var query: @Sendable (Cast) -> String = { _ in "" }
        var fields: @Sendable (Cast) -> HTTPFields = { _ in [:] }
        var content: (@Sendable (Cast) -> Content)?
    }

    /// Who asks, by what is in Authorization.
    enum Caller: Sendable {
        case nobody
        /// With the access token of their first session.
        case user(Cast.Role)
        case bearer(@Sendable (Cast) -> String)
    }
}

/// A list of scenarios is the argument of a test: its line tells their titles.
extension Scenario: CustomDebugStringConvertible {
    var debugDescription: String { title }
}

extension Scenario {
    /// A request that is carried out.
    init(
        _ title: String,
        _ operation: Operation,
        by caller: Caller = .nobody,
        path: Int = 0,
        of target: Cast.Role? = nil,
        query: @escaping @Sendable (Cast) -> String = { _ in "" },
        sends content: (@Sendable (Cast) -> Content)? = nil,
        gets status: HTTPStatus,
        _ effects: [String] = []
    ) {
        self.init(title, operation, caller, path, target, query, content, status, nil)
        self.effects = effects
    }

    /// A request that is refused.
    init(
        _ title: String,
        _ operation: Operation,
        by caller: Caller = .nobody,
        path: Int = 0,
        of target: Cast.Role? = nil,
        query: @escaping @Sendable (Cast) -> String = { _ in "" },
        sends content: (@Sendable (Cast) -> Content)? = nil,
        fails code: ErrorCode,
        status: HTTPStatus? = nil,
        at fields: [String] = [],
        _ effects: [String] = []
    ) {
        self.init(title, operation, caller, path, target, query, content, status ?? code.status, code)
        self.fields = fields
        self.effects = effects
    }

    private init(
        _ title: String,
        _ operation: Operation,
        _ caller: Caller,
        _ path: Int,
        _ target: Cast.Role?,
        _ query: @escaping @Sendable (Cast) -> String,
        _ content: (@Sendable (Cast) -> Content)?,
        _ status: HTTPStatus,
        _ code: ErrorCode?
    ) {
        self.title = title
        self.operation = operation
        self.status = status.code
        self.code = code
        request = Request(caller: caller, path: path, query: query, content: content)
        if let target { request.target = { $0[target].id.description } }
    }

    func target(_ target: @escaping @Sendable (Cast) -> String) -> Scenario {
        var copy = self
        copy.request.target = target
        return copy
    }

    func fields(_ fields: @escaping @Sendable (Cast) -> HTTPFields) -> Scenario {
        var copy = self
        copy.request.fields = fields
        return copy
    }

    func after(_ prepare: @escaping @Sendable (Stage, Cast) async throws -> Void) -> Scenario {
        var copy = self
        copy.prepare = prepare
        return copy
    }

    func then(_ check: @escaping @Sendable (TestResponse, Stage, Cast) async throws -> Void) -> Scenario {
        var copy = self
        copy.check = check
        return copy
    }
}
